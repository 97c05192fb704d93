//! Settings: read from the environment or flags, checked, and refused with a sentence that names the remedy.

mod addresses;
mod brand;
mod keys;
mod settings;
mod store;

use std::net::SocketAddr;

use ipnet::IpNet;
use secrecy::SecretSlice;
use url::{Origin, Url};

use self::addresses::{base_url, networks, origins, tenant_url, web_url};
pub use self::brand::BrandFile;
use self::keys::sealing_keys;
pub use self::settings::Settings;
use self::store::store_url;
use crate::factor::Factor;
use crate::secret::Secret;
use crate::store::StoreUrl;
use crate::tenant::{self, Management};

/// Why the portal refuses to start: the setting, what is wrong with it, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{setting}: {problem}")]
pub struct ConfigError {
    /// The setting's name in the environment.
    pub setting: &'static str,
    /// What is wrong and what to do, for the operator.
    pub problem: String,
}

impl ConfigError {
    fn new(setting: &'static str, problem: impl Into<String>) -> Self {
        Self { setting, problem: problem.into() }
    }
}

/// A page's size limits and counters apply, or are off for load tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// As documented.
    Default,
    /// None. For load tests only.
    Off,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything the portal needs to know, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where people sign in and the API is called: `https://AUTH0_DOMAIN/`.
    pub tenant_url: Url,
    /// The tenant's canonical domain, under which its APIs have their identifiers.
    pub canonical_url: Url,
    /// The MFA API's identifier, `https://TENANT/mfa/`, always of the canonical domain.
    pub audience: String,
    /// The application's id at the tenant.
    pub client_id: String,
    /// The application's secret at the tenant.
    pub client_secret: Secret,
    /// What a new recovery code is asked for with, if it can be.
    pub management: Option<Management>,
    /// Master keys of the store, first one seals. They are never printed.
    pub sealing_keys: Vec<SecretSlice<u8>>,
    /// The public address, no trailing slash in its path.
    pub base_url: Url,
    /// Where pages are served.
    pub listen: SocketAddr,
    /// Where `/healthz`, `/readyz` and `/metrics` are served.
    pub admin_listen: SocketAddr,
    /// Where sessions are kept.
    pub store: StoreUrl,
    /// The origins whose pages may show ours in a frame.
    pub embed_origins: Vec<Origin>,
    /// What people may add, in this order.
    pub factors: Vec<Factor>,
    /// Where phone numbers may be from, as ISO 3166 codes; `None` for everywhere.
    pub phone_countries: Option<Vec<String>>,
    /// The country that is preselected.
    pub default_country: Option<String>,
    /// The name at the head of each page.
    pub brand_name: Option<String>,
    /// The picture in the name's place.
    pub brand_logo: Option<BrandFile>,
    /// The company's own rules, after ours.
    pub brand_css: Option<BrandFile>,
    /// The company's account portal.
    pub portal_url: Option<Url>,
    /// Where people get help.
    pub support_url: Option<Url>,
    /// The only sites that `return_to` may lead to.
    pub return_origins: Vec<Origin>,
    /// Whose word on where a request comes from is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether limits apply.
    pub limits: Limits,
    /// How the log is written.
    pub log_format: LogFormat,
}

impl Config {
    /// Whether the public address is https, so that cookies are `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }

    /// Whether other sites' pages may show ours in a frame.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        !self.embed_origins.is_empty()
    }

    /// Those origins as browsers write them, separated by spaces.
    #[must_use]
    pub fn embedders(&self) -> String {
        self.embed_origins.iter().map(Origin::ascii_serialization).collect::<Vec<_>>().join(" ")
    }

    /// Whether cookies are kept apart by the site at the top, so that a browser takes them inside another site's page.
    /// Browsers accept such cookies over https only.
    #[must_use]
    pub fn partitions_cookies(&self) -> bool {
        self.is_embedded() && self.is_https()
    }

    /// The path under which every page lies, without a trailing slash: empty at the root.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.base_url.path().trim_end_matches('/')
    }

    /// The absolute address of one of our paths.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}{path}", self.base_url.origin().ascii_serialization(), self.base_path())
    }

    /// The part of these settings that the tenant client needs.
    #[must_use]
    pub fn tenant(&self) -> tenant::Options {
        tenant::Options {
            url: self.tenant_url.clone(),
            canonical_url: self.canonical_url.clone(),
            audience: self.audience.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            redirect_uri: self.absolute("/callback"),
            management: self.management.clone(),
        }
    }

    /// The tenant's issuer identifier, with its trailing slash, compared byte for byte.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.tenant_url.as_str()
    }
}

impl TryFrom<Settings> for Config {
    type Error = ConfigError;

    fn try_from(settings: Settings) -> Result<Self, ConfigError> {
        let tenant_url = tenant_url("AUTH0_DOMAIN", &settings.auth0_domain)?;
        let canonical = match &settings.auth0_tenant_domain {
            Some(domain) => self::addresses::tenant_url("AUTH0_TENANT_DOMAIN", domain)?,
            None => tenant_url.clone(),
        };
        let base_url = base_url(&settings.app_base_url)?;
        if settings.listen == settings.admin_listen && settings.listen.port() != 0 {
            return Err(ConfigError::new(
                "ADMIN_LISTEN",
                "is the same as LISTEN. Give it a port of its own.",
            ));
        }
        Ok(Self {
            audience: format!("{canonical}mfa/"),
            canonical_url: canonical,
            management: management(&settings)?,
            tenant_url,
            client_secret: required("AUTH0_CLIENT_SECRET", settings.client_secret()?)?,
            sealing_keys: sealing_keys(&required("AUTH0_SECRET", settings.secret()?)?)?,
            store: store_url(settings.store()?.as_ref())?,
            client_id: settings.auth0_client_id,
            base_url,
            listen: settings.listen,
            admin_listen: settings.admin_listen,
            embed_origins: origins("EMBED_ORIGINS", settings.embed_origins.as_deref().unwrap_or_default())?,
            factors: factors(&settings.factors)?,
            phone_countries: settings.phone_countries.as_deref().map(countries).transpose()?,
            default_country: settings
                .default_country
                .map(|code| country("DEFAULT_COUNTRY", &code))
                .transpose()?,
            brand_name: settings.brand_name,
            brand_logo: settings.brand_logo.as_deref().map(brand::logo).transpose()?,
            brand_css: settings.brand_css.as_deref().map(brand::stylesheet).transpose()?,
            portal_url: settings.portal_url.as_deref().map(|url| web_url("PORTAL_URL", url)).transpose()?,
            support_url: settings
                .support_url
                .as_deref()
                .map(|url| web_url("SUPPORT_URL", url))
                .transpose()?,
            return_origins: origins(
                "RETURN_ORIGINS",
                settings.return_origins.as_deref().unwrap_or_default(),
            )?,
            trusted_proxies: networks(settings.trusted_proxies.as_deref().unwrap_or_default())?,
            limits: if settings.limits == "off" { Limits::Off } else { Limits::Default },
            log_format: if settings.log_format == "json" { LogFormat::Json } else { LogFormat::Text },
        })
    }
}

fn required(setting: &'static str, value: Option<Secret>) -> Result<Secret, ConfigError> {
    value.filter(|secret| !secret.expose().is_empty()).ok_or_else(|| {
        ConfigError::new(setting, format!("is missing. Set it, or {setting}_FILE to a file that holds it."))
    })
}

/// Both or neither: half of the credentials is a mistake, not a choice.
fn management(settings: &Settings) -> Result<Option<Management>, ConfigError> {
    let client_secret = settings.management_client_secret()?;
    match (settings.auth0_management_client_id.clone(), client_secret) {
        (Some(client_id), Some(client_secret)) => Ok(Some(Management { client_id, client_secret })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(ConfigError::new(
            "AUTH0_MANAGEMENT_CLIENT_SECRET",
            "is missing beside AUTH0_MANAGEMENT_CLIENT_ID. Set both or neither.",
        )),
        (None, Some(_)) => Err(ConfigError::new(
            "AUTH0_MANAGEMENT_CLIENT_ID",
            "is missing beside AUTH0_MANAGEMENT_CLIENT_SECRET. Set both or neither.",
        )),
    }
}

fn factors(list: &str) -> Result<Vec<Factor>, ConfigError> {
    let one = |name: &str| {
        Factor::named(name).ok_or_else(|| {
            let problem = format!("«{name}» is unknown. Choose from totp, sms, voice, email, push.");
            ConfigError::new("FACTORS", problem)
        })
    };
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(one).collect()
}

fn countries(list: &str) -> Result<Vec<String>, ConfigError> {
    list.split(',').map(|code| country("PHONE_COUNTRIES", code)).collect()
}

fn country(setting: &'static str, code: &str) -> Result<String, ConfigError> {
    let code = code.trim().to_ascii_uppercase();
    let known = rlibphonenumber::Region::from_code(&code)
        .is_ok_and(|region| rlibphonenumber::PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some());
    if known {
        Ok(code)
    } else {
        Err(ConfigError::new(setting, format!("«{code}» is no country. Use ISO codes such as GB,DE.")))
    }
}
