//! The settings as they are written: one environment variable each, and a flag of the same name.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser};

use super::ConfigError;
use crate::secret::Secret;

/// Settings before they are checked. Secrets may come from files, so that they stay out of the environment.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Domain people sign in on, custom domain allowed
    #[arg(long, env = "AUTH0_DOMAIN")]
    pub auth0_domain: String,
    /// Canonical tenant domain, where AUTH0_DOMAIN is a custom one [default: AUTH0_DOMAIN]
    #[arg(long, env = "AUTH0_TENANT_DOMAIN")]
    pub auth0_tenant_domain: Option<String>,
    /// The application (regular web app with the MFA grant)
    #[arg(long, env = "AUTH0_CLIENT_ID")]
    pub auth0_client_id: String,
    /// Its secret
    #[arg(long, env = "AUTH0_CLIENT_SECRET", hide_env_values = true)]
    pub auth0_client_secret: Option<Secret>,
    /// A file that holds AUTH0_CLIENT_SECRET
    #[arg(long, env = "AUTH0_CLIENT_SECRET_FILE")]
    pub auth0_client_secret_file: Option<PathBuf>,
    /// Sealing keys, comma-separated: the first one seals, all open; 32 bytes or more each, hex or base64
    #[arg(long, env = "AUTH0_SECRET", hide_env_values = true)]
    pub auth0_secret: Option<Secret>,
    /// A file that holds AUTH0_SECRET
    #[arg(long, env = "AUTH0_SECRET_FILE")]
    pub auth0_secret_file: Option<PathBuf>,
    /// An application that may call the Management API with update:users: lets people get a new recovery code
    #[arg(long, env = "AUTH0_MANAGEMENT_CLIENT_ID")]
    pub auth0_management_client_id: Option<String>,
    /// Its secret
    #[arg(long, env = "AUTH0_MANAGEMENT_CLIENT_SECRET", hide_env_values = true)]
    pub auth0_management_client_secret: Option<Secret>,
    /// A file that holds AUTH0_MANAGEMENT_CLIENT_SECRET
    #[arg(long, env = "AUTH0_MANAGEMENT_CLIENT_SECRET_FILE")]
    pub auth0_management_client_secret_file: Option<PathBuf>,
    /// Public address, may have a path
    #[arg(long, env = "APP_BASE_URL")]
    pub app_base_url: String,
    /// Where pages are served
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Where /healthz, /readyz and /metrics are served
    #[arg(long, env = "ADMIN_LISTEN", default_value = "127.0.0.1:3001")]
    pub admin_listen: SocketAddr,
    /// memory:, sqlite:PATH, or redis://USER:PASSWORD@HOST:PORT/DATABASE (rediss:// with TLS) [default: sqlite:mfa-portal.db]
    #[arg(long, env = "SESSION_STORE", hide_env_values = true)]
    pub session_store: Option<Secret>,
    /// A file that holds SESSION_STORE
    #[arg(long, env = "SESSION_STORE_FILE")]
    pub session_store_file: Option<PathBuf>,
    /// Exact origins whose pages may show ours in a frame, comma-separated [default: none]
    #[arg(long, env = "EMBED_ORIGINS")]
    pub embed_origins: Option<String>,
    /// What people may add, in order
    #[arg(long, env = "FACTORS", default_value = "totp,sms,voice,email,push")]
    pub factors: String,
    /// Where phone numbers may be from, as ISO codes [default: everywhere]
    #[arg(long, env = "PHONE_COUNTRIES")]
    pub phone_countries: Option<String>,
    /// The country that is preselected [default: from the browser's language]
    #[arg(long, env = "DEFAULT_COUNTRY")]
    pub default_country: Option<String>,
    /// The name at the head of each page
    #[arg(long, env = "BRAND_NAME")]
    pub brand_name: Option<String>,
    /// The picture in the name's place: an SVG or PNG file
    #[arg(long, env = "BRAND_LOGO")]
    pub brand_logo: Option<PathBuf>,
    /// The company's own stylesheet: a file, loaded after ours
    #[arg(long, env = "BRAND_CSS")]
    pub brand_css: Option<PathBuf>,
    /// The company's account portal
    #[arg(long, env = "PORTAL_URL")]
    pub portal_url: Option<String>,
    /// Where people get help
    #[arg(long, env = "SUPPORT_URL")]
    pub support_url: Option<String>,
    /// Where return_to may lead: origins, comma-separated [default: nowhere]
    #[arg(long, env = "RETURN_ORIGINS")]
    pub return_origins: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, as networks: 10.0.0.0/8,2001:db8::/32 [default: none]
    #[arg(long, env = "TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// Whether limits apply; off is for load tests
    #[arg(long, env = "LIMITS", default_value = "default", value_parser = ["default", "off"])]
    pub limits: String,
    /// How the log is written
    #[arg(long, env = "LOG_FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,
}

impl Settings {
    /// Settings from flag names and values, with the same defaults as on the command line.
    pub fn from_flags<'a>(flags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, clap::Error> {
        #[derive(Parser)]
        struct Flags {
            #[command(flatten)]
            settings: Settings,
        }
        let flags = flags.into_iter().map(|(name, value)| format!("--{name}={value}"));
        Flags::try_parse_from(std::iter::once("mfa-portal".to_owned()).chain(flags))
            .map(|flags| flags.settings)
    }

    pub(super) fn client_secret(&self) -> Result<Option<Secret>, ConfigError> {
        either(
            "AUTH0_CLIENT_SECRET",
            self.auth0_client_secret.as_ref(),
            self.auth0_client_secret_file.as_ref(),
        )
    }

    pub(super) fn management_client_secret(&self) -> Result<Option<Secret>, ConfigError> {
        let (value, file) = (&self.auth0_management_client_secret, &self.auth0_management_client_secret_file);
        either("AUTH0_MANAGEMENT_CLIENT_SECRET", value.as_ref(), file.as_ref())
    }

    /// It may hold the password of Redis.
    pub(super) fn store(&self) -> Result<Option<Secret>, ConfigError> {
        either("SESSION_STORE", self.session_store.as_ref(), self.session_store_file.as_ref())
    }

    pub(super) fn secret(&self) -> Result<Option<Secret>, ConfigError> {
        either("AUTH0_SECRET", self.auth0_secret.as_ref(), self.auth0_secret_file.as_ref())
    }

    /// Names of settings that begin with AUTH0_ and mean nothing here: most often a typing mistake.
    pub fn refuse_unknown(names: impl Iterator<Item = OsString>) -> Result<(), ConfigError> {
        const KNOWN: [&str; 10] = [
            "AUTH0_DOMAIN",
            "AUTH0_TENANT_DOMAIN",
            "AUTH0_CLIENT_ID",
            "AUTH0_CLIENT_SECRET",
            "AUTH0_CLIENT_SECRET_FILE",
            "AUTH0_MANAGEMENT_CLIENT_ID",
            "AUTH0_MANAGEMENT_CLIENT_SECRET",
            "AUTH0_MANAGEMENT_CLIENT_SECRET_FILE",
            "AUTH0_SECRET",
            "AUTH0_SECRET_FILE",
        ];
        let unknown = |name: &String| name.starts_with("AUTH0_") && !KNOWN.contains(&name.as_str());
        match names.filter_map(|name| name.into_string().ok()).find(unknown) {
            Some(name) => {
                let problem = format!("{name} is not a setting. The known ones are {}.", KNOWN.join(", "));
                Err(ConfigError::new("AUTH0_…", problem))
            }
            None => Ok(()),
        }
    }
}

fn either(
    setting: &'static str,
    value: Option<&Secret>,
    file: Option<&PathBuf>,
) -> Result<Option<Secret>, ConfigError> {
    match (value, file) {
        (Some(_), Some(_)) => {
            Err(ConfigError::new(setting, format!("is set, and {setting}_FILE too. Keep one of them.")))
        }
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(path)) => {
            fs::read_to_string(path).map(|text| Some(Secret::from(text.trim_end()))).map_err(|error| {
                ConfigError::new(setting, format!("{} cannot be read: {error}.", path.display()))
            })
        }
        (None, None) => Ok(None),
    }
}
