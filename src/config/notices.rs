//! SMTP_URL, MAIL_FROM, WEBHOOK_URL and WEBHOOK_SECRET: where notices of changes are sent. No error repeats a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use secrecy::SecretSlice;
use url::Url;

use super::addresses::{has_plain_host, is_loopback_host, web_url};
use super::{ConfigError, Settings};
use crate::secret::Secret;

/// Begins a key in the form of the Standard Webhooks specification.
const KEY_PREFIX: &str = "whsec_";

/// The mail server and the sender.
#[derive(Clone, Debug)]
pub struct Mail {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: SmtpTls,
    /// User and password.
    pub(crate) credentials: Option<(String, Secret)>,
    pub(crate) from: Mailbox,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SmtpTls {
    /// From its beginning (RFC 8314 §3.3).
    Implicit,
    /// After STARTTLS, without which nothing is sent (RFC 3207).
    StartTls,
    /// Not at all, because nothing leaves the machine.
    Loopback,
}

/// The receiver of webhooks.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub(crate) url: Url,
    pub(crate) key: SecretSlice<u8>,
}

pub(super) fn mail(settings: &Settings) -> Result<Option<Mail>, ConfigError> {
    match (settings.smtp_url()?, settings.mail_from.as_deref()) {
        (None, None) => Ok(None),
        (Some(url), Some(from)) => server(&url, sender(from)?).map(Some),
        (Some(_), None) => Err(missing("MAIL_FROM", "SMTP_URL")),
        (None, Some(_)) => Err(missing("SMTP_URL", "MAIL_FROM")),
    }
}

fn missing(setting: &'static str, beside: &str) -> ConfigError {
    ConfigError::new(setting, format!("is missing beside {beside}. Set both or neither."))
}

fn sender(from: &str) -> Result<Mailbox, ConfigError> {
    from.parse().map_err(|_| {
        let problem = format!("«{from}» is no address. Write one, such as Example <security@example.com>.");
        ConfigError::new("MAIL_FROM", problem)
    })
}

fn server(url: &Secret, from: Mailbox) -> Result<Mail, ConfigError> {
    let problem = |problem: &str| ConfigError::new("SMTP_URL", problem);
    let url = Url::parse(url.expose()).map_err(|_| {
        problem("is not a URL. Write smtp://USER:PASSWORD@HOST:587, with characters such as @ and / percent-encoded.")
    })?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| problem("names no server."))?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(problem("has more than a server in it. Leave out path, query and fragment."));
    }
    let (tls, port) = match url.scheme() {
        "smtps" => (SmtpTls::Implicit, 465),
        "smtp" if is_loopback_host(host) => (SmtpTls::Loopback, 587),
        "smtp" => (SmtpTls::StartTls, 587),
        _ => return Err(problem("has another scheme. Use smtp://HOST:587 or smtps://HOST:465.")),
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let credentials = match (url.username(), url.password()) {
        ("", None) => None,
        (user, Some(password)) if !user.is_empty() => Some((decoded(user), Secret::from(decoded(password)))),
        _ => return Err(problem("names a user without a password, or the reverse. Write USER:PASSWORD@.")),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok(Mail { host, port: url.port().unwrap_or(port), tls, credentials, from })
}

pub(super) fn webhook(settings: &Settings) -> Result<Option<Webhook>, ConfigError> {
    match (settings.webhook_url.as_deref(), settings.webhook_secret()?) {
        (None, None) => Ok(None),
        (Some(url), Some(key)) => Ok(Some(Webhook { url: webhook_url(url)?, key: signing_key(&key)? })),
        (Some(_), None) => Err(missing("WEBHOOK_SECRET", "WEBHOOK_URL")),
        (None, Some(_)) => Err(missing("WEBHOOK_URL", "WEBHOOK_SECRET")),
    }
}

/// The reason does not repeat the text, which may hold a secret of the receiver's.
fn webhook_url(text: &str) -> Result<Url, ConfigError> {
    let problem = "is not a URL. Write it in full, with https://.";
    let is_url = Url::parse(text).is_ok_and(|url| has_plain_host(&url));
    if is_url { web_url("WEBHOOK_URL", text) } else { Err(ConfigError::new("WEBHOOK_URL", problem)) }
}

/// 24 to 64 bytes (Standard Webhooks, Symmetric signatures).
fn signing_key(key: &Secret) -> Result<SecretSlice<u8>, ConfigError> {
    let bytes = key.expose().strip_prefix(KEY_PREFIX).and_then(|text| STANDARD.decode(text).ok());
    bytes.filter(|bytes| (24..=64).contains(&bytes.len())).map(SecretSlice::from).ok_or_else(|| {
        let problem = "is not whsec_ and 24 to 64 bytes in base64. Make one with \
                       `echo \"whsec_$(openssl rand -base64 32)\"`.";
        ConfigError::new("WEBHOOK_SECRET", problem)
    })
}
