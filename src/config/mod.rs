//! Configuration: settings are read from the environment or flags, and checked. An error names the setting and the
//! remedy.

mod addresses;
mod audit;
mod brand;
mod contrast;
mod countries;
mod credentials;
mod entrance;
mod keys;
mod notices;
mod proof;
mod push_app;
mod settings;
mod sources;
mod store;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretSlice;
use url::{Origin, Url};

use self::addresses::{base_url, link, link_or_contact, networks, origins, tenant_url};
pub(crate) use self::audit::{AuditLog, AuditPerson};
pub(crate) use self::brand::{BrandFile, BrandFont};
use self::keys::sealing_keys;
pub(crate) use self::notices::{Mail, SmtpTls, Webhook};
pub(crate) use self::proof::ProofPolicy;
pub(crate) use self::push_app::PushApp;
pub use self::settings::Settings;
pub use self::sources::{Sources, refuse_misspelt};
use self::store::store;
use crate::factor::Factor;
use crate::i18n::OwnWords;
use crate::secret::Secret;
use crate::store::StoreUrl;
use crate::tenant::{self, Credentials, Entrance, Management, Organization};

/// Why the portal refuses to start: the setting, what is wrong with it, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{setting}: {problem}")]
pub struct ConfigError {
    /// The setting's name in the environment.
    pub setting: &'static str,
    /// The problem and the remedy, for the operator.
    pub problem: String,
}

impl ConfigError {
    fn new(setting: &'static str, problem: impl Into<String>) -> Self {
        // Values stand in quotation marks.
        let problem = problem.into();
        let parts = problem.split_inclusive(['«', '»']);
        let shown =
            parts.map(|part| if part.ends_with('»') { without_user_info(part) } else { part.to_owned() });
        Self { setting, problem: shown.collect() }
    }
}

/// The text without the user and the password that stand before a host in it (RFC 3986 §3.2.1), in any setting's value.
fn without_user_info(text: &str) -> String {
    let is_end = |c: char| c.is_whitespace() || "«»,<>()\"'".contains(c);
    let hidden = |word: &str| {
        let (before, host) = word.rsplit_once('@')?;
        match before.split_once("://") {
            Some((scheme, _)) => Some(format!("{scheme}://[redacted]@{host}")),
            // An e-mail address has no colon, apart from its scheme's.
            None if before.trim_start_matches("mailto:").contains(':') => Some(format!("[redacted]@{host}")),
            None => None,
        }
    };
    text.split_inclusive(is_end).map(|word| hidden(word).unwrap_or_else(|| word.to_owned())).collect()
}

/// Whether the counters that slow people down apply (LIMITS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// They do.
    Default,
    /// They do not; for load tests only.
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

/// The checked settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where people sign in and the API is called: `https://AUTH0_DOMAIN/`.
    pub tenant_url: Url,
    /// The tenant's canonical domain, which the identifiers of its APIs begin with.
    pub canonical_url: Url,
    /// The MFA API's identifier, `https://TENANT/mfa/`, always under the canonical domain.
    pub audience: String,
    /// The application's client id.
    pub client_id: String,
    /// The application's client secret or private key.
    pub credentials: Credentials,
    /// Credentials for the Management API, if people can get a new recovery code.
    pub management: Option<Management>,
    /// The organization of every sign-in, unless a link names another one.
    pub organization: Option<Organization>,
    /// The organizations that links may name.
    pub organizations: Vec<Organization>,
    /// The connections that links may name.
    pub connections: Vec<String>,
    /// Master keys of the store: the first one seals, all open.
    pub sealing_keys: Vec<SecretSlice<u8>>,
    /// The public URL. May have a path.
    pub base_url: Url,
    /// The end of the names of our cookies, which tells portals on one host apart.
    pub(crate) cookie_suffix: String,
    /// Serves the pages.
    pub listen: SocketAddr,
    /// Serves `/healthz`, `/readyz` and `/metrics`.
    pub admin_listen: SocketAddr,
    /// Where records are kept.
    pub store: StoreUrl,
    /// Origins whose pages may show ours in a frame.
    pub embed_origins: Vec<Origin>,
    /// The app for push notifications.
    pub push_app: Arc<PushApp>,
    /// The factors that people may add, in this order.
    pub factors: Vec<Factor>,
    /// Allowed countries of phone numbers, as ISO 3166-1 alpha-2 codes; `None` allows all.
    pub phone_countries: Option<Vec<String>>,
    /// The preselected country, as such a code.
    pub default_country: Option<String>,
    /// The company's name, at the head of each page.
    pub brand_name: Option<String>,
    /// The company's logo, in place of the name.
    pub brand_logo: Option<BrandFile>,
    /// The same for dark grounds.
    pub brand_logo_dark: Option<BrandFile>,
    /// The company's stylesheet, loaded after ours.
    pub brand_css: Option<BrandFile>,
    /// The company's typeface.
    pub brand_font: Option<BrandFont>,
    /// The company's words in place of ours, and its push app's name in them.
    pub words: OwnWords,
    /// The company's account portal.
    pub portal_url: Option<Url>,
    /// The company's help: a page, an e-mail address or a telephone number.
    pub support_url: Option<Url>,
    /// The company's privacy policy.
    pub privacy_url: Option<Url>,
    /// The company's terms of use.
    pub terms_url: Option<Url>,
    /// The company's legal notice.
    pub imprint_url: Option<Url>,
    /// Origins that `return_to` may lead to.
    pub return_origins: Vec<Origin>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The proof of identity that a change needs.
    pub proof: ProofPolicy,
    /// Whether the counters apply.
    pub limits: Limits,
    /// Texts and calls of the whole portal in an hour, above which only confirmed numbers get any.
    pub message_ceiling: u64,
    /// Days for which names, dates and changes are remembered; 0 is never.
    pub remember_days: u16,
    /// How long the pages are served after the order to stop.
    pub stop_delay: Duration,
    /// The mail server and the sender of notices of changes.
    pub mail: Option<Mail>,
    /// Where changes are told as webhooks.
    pub webhook: Option<Webhook>,
    /// The collector of traces.
    pub traces: Option<Url>,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Where security events are written.
    pub audit_log: AuditLog,
    /// How they name a person.
    pub audit_person: AuditPerson,
}

impl Config {
    /// Whether no client's address is known: with https a proxy terminates TLS, and nothing names it.
    #[must_use]
    pub fn hides_clients(&self) -> bool {
        self.is_https() && self.trusted_proxies.is_empty()
    }

    /// Whether a network is trusted to forward addresses that is larger than any private one (RFC 1918 §3, RFC 4193
    /// §3.1), so that visitors choose their own.
    pub(crate) fn trusts_strangers(&self) -> bool {
        let is_public = |network: &IpNet| network.prefix_len() < if network.addr().is_ipv4() { 8 } else { 7 };
        self.trusted_proxies.iter().any(is_public)
    }

    /// Whether the public URL is https, so that cookies are `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }

    /// Whether other sites' pages may show ours in a frame.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        !self.embed_origins.is_empty()
    }

    /// `embed_origins`, separated by spaces as in a Content-Security-Policy.
    #[must_use]
    pub fn embedders(&self) -> String {
        self.embed_origins.iter().map(Origin::ascii_serialization).collect::<Vec<_>>().join(" ")
    }

    /// Whether cookies are `Partitioned`, so that browsers accept them in another site's frame. They do over https
    /// only.
    #[must_use]
    pub fn partitions_cookies(&self) -> bool {
        self.is_embedded() && self.is_https()
    }

    /// The path of the public URL without a trailing slash; empty at the root.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.base_url.path().trim_end_matches('/')
    }

    /// The absolute URL of one of our paths.
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
            credentials: self.credentials.clone(),
            redirect_uri: self.absolute("/callback"),
            management: self.management.clone(),
        }
    }

    /// The way into the tenant of a sign-in that nothing else says more about.
    pub(crate) fn entrance(&self) -> Entrance {
        Entrance { organization: self.organization.clone(), connection: None }
    }

    /// Whether a link may name this organization.
    pub(crate) fn offers(&self, organization: &Organization) -> bool {
        self.organizations.iter().chain(&self.organization).any(|it| it == organization)
    }

    /// The tenant's issuer identifier, with its trailing slash; compared byte for byte.
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
            Some(domain) => addresses::tenant_url("AUTH0_TENANT_DOMAIN", domain)?,
            None => tenant_url.clone(),
        };
        let base_url = base_url(&settings.app_base_url)?;
        if settings.listen == settings.admin_listen && settings.listen.port() != 0 {
            return Err(ConfigError::new(
                "ADMIN_LISTEN",
                "is the same as LISTEN. Give it a port of its own.",
            ));
        }
        let (phone_countries, default_country) = countries::of(&settings)?;
        Ok(Self {
            audience: format!("{canonical}mfa/"),
            canonical_url: canonical,
            management: credentials::of_management(&settings)?,
            brand_logo_dark: brand::dark_logo(&settings)?,
            mail: notices::mail(&settings)?,
            webhook: notices::webhook(&settings)?,
            organization: entrance::organization(settings.auth0_organization.as_deref())?,
            organizations: entrance::organizations("ORGANIZATIONS", settings.organizations.as_deref())?,
            connections: entrance::connections(settings.connections.as_deref())?,
            words: words::words(&settings)?,
            push_app: PushApp::of(&settings)?.into(),
            cookie_suffix: addresses::cookie_suffix(&base_url),
            tenant_url,
            credentials: credentials::of_application(&settings)?,
            sealing_keys: sealing_keys(&required("AUTH0_SECRET", settings.secret()?)?)?,
            store: store(&settings)?,
            client_id: settings.auth0_client_id,
            base_url,
            listen: settings.listen,
            admin_listen: settings.admin_listen,
            embed_origins: origins("EMBED_ORIGINS", settings.embed_origins.as_deref())?,
            factors: factors(&settings.factors)?,
            phone_countries,
            default_country,
            brand_name: settings.brand_name,
            brand_logo: settings.brand_logo.as_deref().map(brand::logo).transpose()?,
            brand_css: settings.brand_css.as_deref().map(brand::stylesheet).transpose()?,
            brand_font: settings.brand_font.as_deref().map(brand::font).transpose()?,
            portal_url: link("PORTAL_URL", settings.portal_url.as_deref())?,
            support_url: link_or_contact("SUPPORT_URL", settings.support_url.as_deref())?,
            privacy_url: link("PRIVACY_URL", settings.privacy_url.as_deref())?,
            terms_url: link("TERMS_URL", settings.terms_url.as_deref())?,
            imprint_url: link("IMPRINT_URL", settings.imprint_url.as_deref())?,
            return_origins: origins("RETURN_ORIGINS", settings.return_origins.as_deref())?,
            trusted_proxies: networks(settings.trusted_proxies.as_deref())?,
            proof: ProofPolicy::named(&settings.proof),
            limits: if settings.limits == "off" { Limits::Off } else { Limits::Default },
            message_ceiling: settings.message_ceiling,
            remember_days: settings.remember_days,
            stop_delay: Duration::from_secs(settings.stop_delay.into()),
            traces: settings.otel_exporter_otlp_endpoint.as_deref().map(collector).transpose()?,
            log_format: if settings.log_format == "json" { LogFormat::Json } else { LogFormat::Text },
            audit_log: AuditLog::named(&settings.audit_log),
            audit_person: AuditPerson::named(&settings.audit_person),
        })
    }
}

fn collector(text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let words = "is not an http or https URL such as http://127.0.0.1:4318.";
    url.ok_or_else(|| ConfigError::new("OTEL_EXPORTER_OTLP_ENDPOINT", words))
}

fn required(setting: &'static str, value: Option<Secret>) -> Result<Secret, ConfigError> {
    value.filter(|secret| !secret.expose().is_empty()).ok_or_else(|| {
        ConfigError::new(setting, format!("is missing. Set it, or {setting}_FILE to a file that holds it."))
    })
}

/// The entries of a comma-separated list, without the spaces around them and without empty ones.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

fn factors(list: &str) -> Result<Vec<Factor>, ConfigError> {
    let factor = |name: &str| {
        Factor::named(name).ok_or_else(|| {
            let known: Vec<&str> = Factor::addable().map(Factor::slug).collect();
            let problem = format!("«{name}» is unknown. Choose from {}.", known.join(", "));
            ConfigError::new("FACTORS", problem)
        })
    };
    entries(list).map(factor).collect()
}
