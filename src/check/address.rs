//! Our own URLs: the one that sign-out returns to, and the public one.

use url::Url;

use super::{Cause, CheckResult, ProbeContext, Trouble, answered};
use crate::config::Config;
use crate::tenant::{Failure, ProbeResponse};
use crate::web::request::cookies;

/// Whether our URL is an Allowed Logout URL. `/v2/logout` and `/oidc/logout` share the list.
pub(super) async fn sign_out(context: &ProbeContext) -> CheckResult {
    let address = context.config.absolute("/signed-out");
    let answer = context.tenant.probe_sign_out(&address).await;
    let response = answered(&answer)?;
    if response.location.as_ref().is_some_and(|location| location.as_str() == address) {
        return Ok(format!("{address} is allowed"));
    }
    if response.searchable_text().contains("allowed logout urls") {
        return Err(Cause::LogoutNotAllowed(address).into());
    }
    Err(Trouble::Unknown(format!("the tenant answered with status {}", response.status)))
}

/// Whether the public URL leads to a portal with these settings.
pub(super) async fn public(context: &ProbeContext) -> CheckResult {
    let config = &context.config;
    let address = config.absolute("");
    let Ok(sign_in) = Url::parse(&config.absolute("/sign-in")) else {
        return Err(Trouble::Unknown("APP_BASE_URL is not a URL".to_owned()));
    };
    let response = match context.tenant.probe_url(sign_in).await {
        Ok(response) => response,
        Err(error) => return Err(unreached(&address, &error.kind)),
    };
    match response.status {
        302 | 303 => leads_to_the_tenant(context, &response)?,
        404 if !config.base_path().is_empty() => {
            return Err(Cause::PublicPath { path: config.base_path().to_owned(), address }.into());
        }
        502..=504 => {
            return Err(Trouble::Unknown(format!("{address} answers with status {}", response.status)));
        }
        status => return Err(Cause::PublicOther { address, status }.into()),
    }
    Ok(if config.is_https() { address } else { format!("{address}, for this machine only: no https") })
}

/// Whether clients' addresses are known. No failure, because the portal works without them.
pub(super) fn proxies(config: &Config) -> CheckResult {
    if config.hides_clients() {
        let why = "TRUSTED_PROXIES is not set, so the portal cannot tell its visitors' networks apart: one of them can slow \
                   everybody's sign-in down. Set it to the networks of your proxies";
        return Err(Trouble::Unknown(why.to_owned()));
    }
    if config.trusts_strangers() {
        let why = "TRUSTED_PROXIES has a network of strangers, so visitors choose the address that they are counted by. Set it to \
                   the networks of your proxies";
        return Err(Trouble::Unknown(why.to_owned()));
    }
    Ok(format!("{} trusted networks", config.trusted_proxies.len()))
}

/// A bad certificate stops browsers too. Anything else may only concern the network between here and the proxy.
fn unreached(address: &str, kind: &Failure) -> Trouble {
    match kind {
        Failure::Unreachable { cause, .. } if cause.contains("certificate") => {
            Cause::PublicTls { address: address.to_owned(), why: super::short(cause) }.into()
        }
        _ => Trouble::Unknown(format!("nothing answers at {address}; start the portal, then check again")),
    }
}

/// The redirect found there must name our application and our callback, and bring our cookie unchanged.
fn leads_to_the_tenant(context: &ProbeContext, response: &ProbeResponse) -> Result<(), Trouble> {
    let config = &context.config;
    let address = config.absolute("");
    let location =
        response.location.as_ref().filter(|location| location.origin() == config.tenant_url.origin());
    let Some(location) = location else {
        return Err(Cause::PublicOther { address, status: response.status }.into());
    };
    let has = |name, value: &str| location.query_pairs().any(|(key, found)| key == name && found == value);
    if !has("redirect_uri", &config.absolute("/callback")) || !has("client_id", &config.client_id) {
        return Err(Cause::OtherPortal(address).into());
    }
    let ours = cookies::sign_in_prefix(config);
    let is_intact =
        |cookie: &String| cookie.starts_with(&ours) && cookie.contains("Secure") == config.is_https();
    if !response.cookies.iter().any(is_intact) {
        return Err(Cause::CookieChanged(address).into());
    }
    if !response.has_policy {
        return Err(Cause::PolicyGone(address).into());
    }
    if config.is_embedded() && response.refuses_frames {
        return Err(Cause::FramesRefused(address).into());
    }
    Ok(())
}
