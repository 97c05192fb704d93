//! Addresses in settings: https, and plain http for this machine alone.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Origin, Url};

use super::ConfigError;

/// A bare host means https; plain http is for loopback only.
pub(super) fn tenant_url(setting: &'static str, domain: &str) -> Result<Url, ConfigError> {
    let problem = |problem: &str| ConfigError::new(setting, format!("«{domain}» {problem}"));
    let with_scheme = if domain.contains("://") { domain.to_owned() } else { format!("https://{domain}") };
    let url = Url::parse(&with_scheme)
        .map_err(|_| problem("is not a domain. Use the tenant's, such as example.eu.auth0.com."))?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(problem("has more than a domain in it. Leave out path, query and user."));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(problem("is not https. Plain http is accepted for 127.0.0.1 and localhost only.")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Exact origins (RFC 6454 §6.2), separated by commas, as browsers write them.
pub(super) fn origins(setting: &'static str, list: &str) -> Result<Vec<Origin>, ConfigError> {
    let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(|entry| origin(setting, entry)).collect()
}

fn origin(setting: &'static str, text: &str) -> Result<Origin, ConfigError> {
    let problem = |problem: &str| ConfigError::new(setting, format!("«{text}» {problem}"));
    if text.contains('*') {
        return Err(problem("is a pattern. Name each origin in full, such as https://portal.example.com."));
    }
    // A host may hold characters that mean something else in a header.
    let plain = |host: &str| host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c));
    let url = Url::parse(text)
        .ok()
        .filter(|url| url.host_str().is_some_and(plain))
        .ok_or_else(|| problem("is no origin. Name scheme and host, such as https://portal.example.com."))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err(problem("is not https. Plain http is accepted for 127.0.0.1 and localhost only."));
    }
    let exact = url.origin().ascii_serialization();
    if text.eq_ignore_ascii_case(&exact) {
        Ok(url.origin())
    } else {
        Err(problem(&format!("is not exactly an origin. Write it as {exact}.")))
    }
}

pub(super) fn base_url(text: &str) -> Result<Url, ConfigError> {
    let url = web_url("APP_BASE_URL", text)?;
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(ConfigError::new(
            "APP_BASE_URL",
            "has a query, fragment or user. Leave only scheme, host and path.",
        ));
    }
    Ok(url)
}

pub(super) fn web_url(setting: &'static str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|_| {
        ConfigError::new(setting, format!("«{text}» is no address. Write it in full, with https://."))
    })?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        return Ok(url);
    }
    Err(ConfigError::new(setting, "is not https. Plain http is accepted for 127.0.0.1 and localhost only."))
}

/// Networks (RFC 4632), or single addresses, separated by commas.
pub(super) fn networks(list: &str) -> Result<Vec<IpNet>, ConfigError> {
    let one = |text: &str| {
        let single = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse::<IpNet>().or_else(|_| single()).map_err(|_| {
            let problem = format!("«{text}» is no network. Write networks such as 10.0.0.0/8, or addresses.");
            ConfigError::new("TRUSTED_PROXIES", problem)
        })
    };
    list.split(',').map(str::trim).filter(|text| !text.is_empty()).map(one).collect()
}
