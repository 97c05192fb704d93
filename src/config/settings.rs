//! The settings as operators write them: each is an environment variable and a flag of the same name.
//!
//! Unless clap knows it, a help text ends with the default: README's table of settings is held to these.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, Parser};

use super::ConfigError;
use crate::i18n::PUSH_APP;
use crate::secret::Secret;

/// Settings before they are checked. Secrets may come from files, so that they stay out of the environment.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// A TOML file with settings of these names, which count below flags and environment [default: none]
    #[arg(long, env = "CONFIG_FILE")]
    pub config_file: Option<PathBuf>,
    /// The domain where people sign in; may be a custom domain
    #[arg(long, env = "AUTH0_DOMAIN")]
    pub auth0_domain: String,
    /// The tenant's canonical domain, if AUTH0_DOMAIN is a custom domain [default: AUTH0_DOMAIN]
    #[arg(long, env = "AUTH0_TENANT_DOMAIN")]
    pub auth0_tenant_domain: Option<String>,
    /// The application's client id (a regular web application with the MFA grant)
    #[arg(long, env = "AUTH0_CLIENT_ID")]
    pub auth0_client_id: String,
    /// The application's client secret, unless AUTH0_CLIENT_KEY_FILE is set (required)
    #[arg(long, env = "AUTH0_CLIENT_SECRET", hide_env_values = true)]
    pub auth0_client_secret: Option<Secret>,
    /// A file that holds AUTH0_CLIENT_SECRET
    #[arg(long, env = "AUTH0_CLIENT_SECRET_FILE")]
    pub auth0_client_secret_file: Option<PathBuf>,
    /// A file with a private key (PEM) in place of the client secret, and of the management application's [default: off]
    #[arg(long, env = "AUTH0_CLIENT_KEY_FILE")]
    pub auth0_client_key_file: Option<PathBuf>,
    /// The organization of every sign-in: its id, org_…, or its name [default: none]
    #[arg(long, env = "AUTH0_ORGANIZATION")]
    pub auth0_organization: Option<String>,
    /// Organizations that links may name in organization=, comma-separated [default: AUTH0_ORGANIZATION]
    #[arg(long, env = "ORGANIZATIONS")]
    pub organizations: Option<String>,
    /// Connections that links may name in connection=, comma-separated [default: none]
    #[arg(long, env = "CONNECTIONS")]
    pub connections: Option<String>,
    /// Sealing keys, comma-separated: the first one seals, all open; 32 bytes or more each, hex or base64 (required)
    #[arg(long, env = "AUTH0_SECRET", hide_env_values = true)]
    pub auth0_secret: Option<Secret>,
    /// A file that holds AUTH0_SECRET
    #[arg(long, env = "AUTH0_SECRET_FILE")]
    pub auth0_secret_file: Option<PathBuf>,
    /// The management application's client id (update:users), so that people can get a new recovery code [default: off]
    #[arg(long, env = "AUTH0_MANAGEMENT_CLIENT_ID")]
    pub auth0_management_client_id: Option<String>,
    /// The management application's client secret [default: off]
    #[arg(long, env = "AUTH0_MANAGEMENT_CLIENT_SECRET", hide_env_values = true)]
    pub auth0_management_client_secret: Option<Secret>,
    /// A file that holds AUTH0_MANAGEMENT_CLIENT_SECRET
    #[arg(long, env = "AUTH0_MANAGEMENT_CLIENT_SECRET_FILE")]
    pub auth0_management_client_secret_file: Option<PathBuf>,
    /// The public URL; may have a path
    #[arg(long, env = "APP_BASE_URL")]
    pub app_base_url: String,
    /// Address and port of the pages
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Address and port of /healthz, /readyz and /metrics
    #[arg(long, env = "ADMIN_LISTEN", default_value = "127.0.0.1:3001")]
    pub admin_listen: SocketAddr,
    /// memory:, sqlite:PATH, redis://USER:PASSWORD@HOST:PORT/DATABASE, redis+cluster://USER:PASSWORD@HOST:PORT,HOST:PORT
    /// or redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/PRIMARY/DATABASE (rediss with TLS) [default:
    /// sqlite:mfa-portal.db]
    #[arg(long, env = "SESSION_STORE", hide_env_values = true)]
    pub session_store: Option<Secret>,
    /// A file that holds SESSION_STORE
    #[arg(long, env = "SESSION_STORE_FILE")]
    pub session_store_file: Option<PathBuf>,
    /// The certificate by which Redis knows the portal, in PEM; with rediss [default: none]
    #[arg(long, env = "REDIS_CERT_FILE")]
    pub redis_cert_file: Option<PathBuf>,
    /// The key of that certificate, in PEM [default: none]
    #[arg(long, env = "REDIS_KEY_FILE")]
    pub redis_key_file: Option<PathBuf>,
    /// Origins whose pages may show ours in a frame, comma-separated [default: none]
    #[arg(long, env = "EMBED_ORIGINS")]
    pub embed_origins: Option<String>,
    /// Factors that people may add, in this order
    #[arg(long, env = "FACTORS", default_value = "totp,sms,voice,email,push")]
    pub factors: String,
    /// The name of the app for push notifications, if the company has one of its own
    #[arg(long, env = "PUSH_APP_NAME", default_value = PUSH_APP)]
    pub push_app_name: String,
    /// That app in Apple's App Store
    #[arg(
        long,
        env = "PUSH_APP_STORE",
        default_value = "https://apps.apple.com/app/auth0-guardian/id1093447833"
    )]
    pub push_app_store: String,
    /// That app on Google Play
    #[arg(
        long,
        env = "PUSH_PLAY_STORE",
        default_value = "https://play.google.com/store/apps/details?id=com.auth0.guardian"
    )]
    pub push_play_store: String,
    /// Allowed countries of phone numbers, as ISO codes [default: everywhere]
    #[arg(long, env = "PHONE_COUNTRIES")]
    pub phone_countries: Option<String>,
    /// The preselected country, as an ISO code [default: from the browser's language]
    #[arg(long, env = "DEFAULT_COUNTRY")]
    pub default_country: Option<String>,
    /// The company's name, at the head of each page [default: none]
    #[arg(long, env = "BRAND_NAME")]
    pub brand_name: Option<String>,
    /// The company's logo, in place of the name: an SVG or PNG file [default: none]
    #[arg(long, env = "BRAND_LOGO")]
    pub brand_logo: Option<PathBuf>,
    /// The logo on dark grounds: an SVG or PNG file [default: BRAND_LOGO on a light ground]
    #[arg(long, env = "BRAND_LOGO_DARK")]
    pub brand_logo_dark: Option<PathBuf>,
    /// The company's stylesheet, loaded after ours: a CSS file [default: none]
    #[arg(long, env = "BRAND_CSS")]
    pub brand_css: Option<PathBuf>,
    /// The company's typeface: a WOFF2 file [default: the system's fonts]
    #[arg(long, env = "BRAND_FONT")]
    pub brand_font: Option<PathBuf>,
    /// The company's words in place of ours: a folder of Fluent files such as en.ftl [default: none]
    #[arg(long, env = "WORDS")]
    pub words: Option<PathBuf>,
    /// The company's account portal [default: none]
    #[arg(long, env = "PORTAL_URL")]
    pub portal_url: Option<String>,
    /// The company's help: a page, or mailto: or tel: [default: none]
    #[arg(long, env = "SUPPORT_URL")]
    pub support_url: Option<String>,
    /// The company's privacy policy, linked in the footer [default: none]
    #[arg(long, env = "PRIVACY_URL")]
    pub privacy_url: Option<String>,
    /// The company's terms of use, linked in the footer [default: none]
    #[arg(long, env = "TERMS_URL")]
    pub terms_url: Option<String>,
    /// The company's legal notice, linked in the footer [default: none]
    #[arg(long, env = "IMPRINT_URL")]
    pub imprint_url: Option<String>,
    /// Origins that return_to may lead to, comma-separated [default: none]
    #[arg(long, env = "RETURN_ORIGINS")]
    pub return_origins: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, as networks: 10.0.0.0/8,2001:db8::/32 [default: none]
    #[arg(long, env = "TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// The proof that a change needs: factor, recent (also a sign-in within ten minutes), or any (a password's is
    /// enough)
    #[arg(long, env = "PROOF", default_value = "factor", value_parser = ["factor", "recent", "any"])]
    pub proof: String,
    /// Whether the counters that slow people down apply; off is for load tests
    #[arg(long, env = "LIMITS", default_value = "default", value_parser = ["default", "off"])]
    pub limits: String,
    /// Texts and calls of the whole portal in an hour; the log warns at half of it, and above it only numbers that
    /// their person has confirmed before get any
    #[arg(long, env = "MESSAGE_CEILING", default_value = "1000", value_parser = clap::value_parser!(u64).range(1..))]
    pub message_ceiling: u64,
    /// Days for which names, dates and the last changes of a person are kept; 0 keeps none
    #[arg(long, env = "REMEMBER_DAYS", default_value = "400", value_parser = clap::value_parser!(u16).range(0..=3650))]
    pub remember_days: u16,
    /// Seconds of serving after the order to stop, in which /readyz says no
    #[arg(long, env = "STOP_DELAY", default_value = "0", value_parser = clap::value_parser!(u16).range(0..=600))]
    pub stop_delay: u16,
    /// The mail server for notices of changes: smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps:// [default: none]
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<Secret>,
    /// A file that holds SMTP_URL
    #[arg(long, env = "SMTP_URL_FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// The sender of notices, such as Example <security@example.com> [default: none]
    #[arg(long, env = "MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Where changes are told as signed webhooks [default: none]
    #[arg(long, env = "WEBHOOK_URL", hide_env_values = true)]
    pub webhook_url: Option<String>,
    /// The key that signs them: whsec_ and 24 to 64 bytes in base64 [default: none]
    #[arg(long, env = "WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<Secret>,
    /// A file that holds WEBHOOK_SECRET
    #[arg(long, env = "WEBHOOK_SECRET_FILE")]
    pub webhook_secret_file: Option<PathBuf>,
    /// The collector of traces (OTLP over HTTP), such as http://127.0.0.1:4318 [default: off]
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide_env_values = true)]
    pub otel_exporter_otlp_endpoint: Option<String>,
    /// Format of the log
    #[arg(long, env = "LOG_FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,
    /// Where security events are written, one JSON line each: stderr, stdout, a file's path, or off
    #[arg(long, env = "AUDIT_LOG", default_value = "stderr")]
    pub audit_log: String,
    /// How they name a person: hmac (a keyed hash of the user id), or sub (the user id itself)
    #[arg(long, env = "AUDIT_PERSON", default_value = "hmac", value_parser = ["hmac", "sub"])]
    pub audit_person: String,
}

impl Settings {
    /// Settings from flags, such as `("listen", "127.0.0.1:3000")`, and from the environment.
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

    pub(super) fn store(&self) -> Result<Option<Secret>, ConfigError> {
        either("SESSION_STORE", self.session_store.as_ref(), self.session_store_file.as_ref())
    }

    pub(super) fn secret(&self) -> Result<Option<Secret>, ConfigError> {
        either("AUTH0_SECRET", self.auth0_secret.as_ref(), self.auth0_secret_file.as_ref())
    }

    pub(super) fn smtp_url(&self) -> Result<Option<Secret>, ConfigError> {
        either("SMTP_URL", self.smtp_url.as_ref(), self.smtp_url_file.as_ref())
    }

    pub(super) fn webhook_secret(&self) -> Result<Option<Secret>, ConfigError> {
        either("WEBHOOK_SECRET", self.webhook_secret.as_ref(), self.webhook_secret_file.as_ref())
    }

    /// The secrets that were given as flags, by setting. Other users of the machine see flags in its list of processes.
    #[must_use]
    pub fn secret_flags(given: &ArgMatches) -> Vec<String> {
        let arguments = Self::augment_args(Command::new("mfa-portal"));
        let is_shown = |argument: &&Arg| {
            let id = argument.get_id().as_str();
            let secret = given.try_get_one::<Secret>(id).ok().flatten();
            given.value_source(id) == Some(ValueSource::CommandLine)
                // The address of a server is one only with a password in it.
                && secret.is_some_and(|it| !["session_store", "smtp_url"].contains(&id) || it.expose().contains('@'))
        };
        let shown = arguments.get_arguments().filter(is_shown);
        shown.filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned())).collect()
    }
}

/// The value of a setting, or of the file that holds it.
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
                // The path may be the secret itself, given by mistake.
                ConfigError::new(setting, format!("{setting}_FILE names no readable file: {error}."))
            })
        }
        (None, None) => Ok(None),
    }
}
