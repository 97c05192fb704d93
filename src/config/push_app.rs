//! The app that people approve push requests with: Auth0's own, or the company's with Guardian's SDK in it.

use url::Url;

use super::{ConfigError, Settings};

/// The push app, as pages name it and link to it.
#[derive(Clone, Debug)]
pub struct PushApp {
    /// Its name in the stores.
    pub name: String,
    /// Its page in Apple's App Store.
    pub app_store: Url,
    /// Its page on Google Play.
    pub play_store: Url,
}

impl PushApp {
    pub(super) fn of(settings: &Settings) -> Result<Self, ConfigError> {
        let name = settings.push_app_name.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            let problem = "is not a name. Write it as the stores show it, in one line.";
            return Err(ConfigError::new("PUSH_APP_NAME", problem));
        }
        Ok(Self {
            name: name.to_owned(),
            app_store: store("PUSH_APP_STORE", &settings.push_app_store)?,
            play_store: store("PUSH_PLAY_STORE", &settings.push_play_store)?,
        })
    }
}

/// A link without TLS could be changed on its way to offer another app, so there is none, loopback included.
fn store(setting: &'static str, text: &str) -> Result<Url, ConfigError> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "https" => Ok(url),
        _ => Err(ConfigError::new(
            setting,
            format!("«{text}» is not an https URL. Write the app's page in full, with https://."),
        )),
    }
}
