//! URLs, origins and networks in settings. URLs are https, or http on a loopback address.

use std::net::IpAddr;

use aws_lc_rs::digest::{SHA256, digest};
use ipnet::{IpNet, Ipv4Net};
use url::{Host, Origin, Url};

use super::{ConfigError, entries};

const HTTPS_ONLY: &str = "is not https. Plain http is accepted for 127.0.0.1 and localhost only.";

/// A hash of the path, if there is one.
pub(super) fn cookie_suffix(base_url: &Url) -> String {
    match base_url.path().trim_end_matches('/') {
        "" => String::new(),
        path => {
            let digest = digest(&SHA256, path.as_bytes());
            digest.as_ref()[..4].iter().fold("-".to_owned(), |all, byte| all + &format!("{byte:02x}"))
        }
    }
}

/// A bare host means https.
pub(super) fn tenant_url(setting: &'static str, domain: &str) -> Result<Url, ConfigError> {
    let problem = |problem: &str| ConfigError::new(setting, format!("«{domain}» {problem}"));
    let with_scheme = if domain.contains("://") { domain.to_owned() } else { format!("https://{domain}") };
    let url = Url::parse(&with_scheme)
        .map_err(|_| problem("is not a domain. Use the tenant's, such as example.eu.auth0.com."))?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || has_user(&url) {
        return Err(problem("has more than a domain in it. Leave out path, query and user."));
    }
    if is_secure(&url) { Ok(url) } else { Err(problem(HTTPS_ONLY)) }
}

/// A URL's host may hold commas, which separate addresses, and characters that would end a directive of the
/// Content-Security-Policy.
pub(super) fn has_plain_host(url: &Url) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    url.host_str().is_some_and(|host| host.chars().all(is_plain))
}

/// User or password in the URL (RFC 3986 §3.2.1).
fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Plain http is safe on a loopback address only, because nothing leaves the machine.
fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// A host as it stands in a URL of any scheme.
pub(super) fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Origins in the exact form that browsers send (RFC 6454 §6.2), separated by commas.
pub(super) fn origins(setting: &'static str, list: Option<&str>) -> Result<Vec<Origin>, ConfigError> {
    entries(list.unwrap_or_default()).map(|entry| origin(setting, entry)).collect()
}

fn origin(setting: &'static str, text: &str) -> Result<Origin, ConfigError> {
    let problem = |problem: &str| ConfigError::new(setting, format!("«{text}» {problem}"));
    if text.contains('*') {
        return Err(problem("is a pattern. Name each origin in full, such as https://portal.example.com."));
    }
    let url = Url::parse(text).ok().filter(has_plain_host).ok_or_else(|| {
        problem("is not an origin. Name scheme and host, such as https://portal.example.com.")
    })?;
    if !is_secure(&url) {
        return Err(problem(HTTPS_ONLY));
    }
    let exact = url.origin().ascii_serialization();
    if text.eq_ignore_ascii_case(&exact) {
        Ok(url.origin())
    } else {
        Err(problem(&format!("is more than an origin, or written differently. Write it as {exact}.")))
    }
}

pub(super) fn base_url(text: &str) -> Result<Url, ConfigError> {
    let url = web_url("APP_BASE_URL", text)?;
    // The router reads colons, stars and braces as patterns.
    if !url.path().chars().all(|c| c.is_ascii_alphanumeric() || "/-._~%".contains(c)) {
        let problem = "has a path of more than letters, digits and - . _ ~ in it.";
        return Err(ConfigError::new("APP_BASE_URL", problem));
    }
    // A link that begins with two slashes leads to another host (RFC 3986 §4.2).
    if url.path().contains("//") {
        return Err(ConfigError::new("APP_BASE_URL", "has two slashes in a row in its path. Leave one."));
    }
    if url.query().is_some() || url.fragment().is_some() || has_user(&url) {
        return Err(ConfigError::new(
            "APP_BASE_URL",
            "has a query, fragment or user. Leave only scheme, host and path.",
        ));
    }
    Ok(url)
}

/// A link to the company's own site, which every visitor reads.
pub(super) fn link(setting: &'static str, text: Option<&str>) -> Result<Option<Url>, ConfigError> {
    let Some(text) = text else { return Ok(None) };
    let url = web_url(setting, text)?;
    if has_user(&url) {
        return Err(ConfigError::new(setting, "has a user or password, which its readers would see."));
    }
    Ok(Some(url))
}

/// The same, or an e-mail address (RFC 6068) or a telephone number (RFC 3966).
pub(super) fn link_or_contact(setting: &'static str, text: Option<&str>) -> Result<Option<Url>, ConfigError> {
    let is_contact = |url: &Url| match url.scheme() {
        "mailto" => url.path().contains('@'),
        "tel" => url.path().contains(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    match text.and_then(|text| Url::parse(text).ok()).filter(is_contact) {
        Some(contact) => Ok(Some(contact)),
        None => link(setting, text),
    }
}

pub(super) fn web_url(setting: &'static str, text: &str) -> Result<Url, ConfigError> {
    let no_url =
        || ConfigError::new(setting, format!("«{text}» is not a URL. Write it in full, with https://."));
    let url = Url::parse(text).map_err(|_| no_url())?;
    match is_secure(&url) {
        false => Err(ConfigError::new(setting, HTTPS_ONLY)),
        true if !has_plain_host(&url) => Err(no_url()),
        true => Ok(url),
    }
}

/// Networks (RFC 4632), or single addresses, separated by commas.
pub(super) fn networks(list: Option<&str>) -> Result<Vec<IpNet>, ConfigError> {
    let network = |text: &str| {
        let single = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse::<IpNet>().or_else(|_| single()).map(canonical).map_err(|_| {
            let problem =
                format!("«{text}» is not a network. Write networks such as 10.0.0.0/8, or single addresses.");
            ConfigError::new("TRUSTED_PROXIES", problem)
        })
    };
    entries(list.unwrap_or_default()).map(network).collect()
}

/// A network of IPv4-mapped addresses as IPv4 (RFC 4291 §2.5.5.2), because addresses are compared in that form.
fn canonical(network: IpNet) -> IpNet {
    const MAPPED: u8 = 96;
    match (network.addr().to_canonical(), network.prefix_len().checked_sub(MAPPED)) {
        (IpAddr::V4(address), Some(length)) if network.addr().is_ipv6() => {
            Ipv4Net::new_assert(address, length).into()
        }
        _ => network,
    }
}
