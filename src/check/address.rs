//! Our own addresses: where sign-out comes back to, and where people find the portal.

use url::Url;

use super::{Cause, Outcome, Trial, Trouble, answered};
use crate::tenant::{Kind, Look};
use crate::web::request::cookies;

/// Whether sign-outs may come back to us. The list is the same for `/v2/logout` and for `/oidc/logout`.
pub(super) async fn sign_out(trial: &Trial) -> Outcome {
    let address = trial.config.absolute("/signed-out");
    let answer = trial.tenant.try_sign_out(&address).await;
    let look = answered(&answer)?;
    if look.location.as_ref().is_some_and(|location| location.as_str() == address) {
        return Ok(format!("{address} is allowed"));
    }
    let (_, description) = look.refusal();
    if format!("{description} {}", look.text()).to_lowercase().contains("allowed logout urls") {
        return Err(Cause::LogoutNotAllowed(address).into());
    }
    Err(Trouble::Unknown(format!("the tenant answered with status {}", look.status)))
}

/// Whether this portal, so configured, is what people find under its public address.
pub(super) async fn public(trial: &Trial) -> Outcome {
    let config = &trial.config;
    let address = config.absolute("");
    let Ok(sign_in) = Url::parse(&config.absolute("/sign-in")) else {
        return Err(Trouble::Unknown("APP_BASE_URL is not an address".to_owned()));
    };
    let look = match trial.tenant.look_at(sign_in).await {
        Ok(look) => look,
        Err(error) => return Err(unreached(&address, &error.kind)),
    };
    match look.status {
        302 | 303 => leads_to_the_tenant(trial, &look)?,
        404 => return Err(Cause::PublicPath { path: config.base_path().to_owned(), address }.into()),
        502..=504 => return Err(Trouble::Unknown(format!("{address} answers with status {}", look.status))),
        status => return Err(Cause::PublicOther { address, status }.into()),
    }
    Ok(if config.is_https() { address } else { format!("{address}, for this machine only: no https") })
}

/// A certificate that nobody trusts stops people too; that nothing answers may be only where we stand.
fn unreached(address: &str, kind: &Kind) -> Trouble {
    match kind {
        Kind::Unreachable { cause, .. } if cause.contains("certificate") => {
            Cause::PublicTls { address: address.to_owned(), why: super::short(cause) }.into()
        }
        _ => Trouble::Unknown(format!("nothing answers at {address}; start the portal, then check again")),
    }
}

/// The sign-in found there is this one: our application, our callback, our cookie as we set it.
fn leads_to_the_tenant(trial: &Trial, look: &Look) -> Result<(), Trouble> {
    let config = &trial.config;
    let address = config.absolute("");
    let there = look.location.as_ref().filter(|there| there.origin() == config.tenant_url.origin());
    let Some(there) = there else {
        return Err(Cause::PublicOther { address, status: look.status }.into());
    };
    let says = |name, value: &str| there.query_pairs().any(|(key, found)| key == name && found == value);
    if !says("redirect_uri", &config.absolute("/callback")) || !says("client_id", &config.client_id) {
        return Err(Cause::OtherPortal { address }.into());
    }
    let ours = cookies::sign_in_prefix(config);
    let kept = |cookie: &String| cookie.starts_with(&ours) && cookie.contains("Secure") == config.is_https();
    if look.cookies.iter().any(kept) { Ok(()) } else { Err(Cause::CookieChanged { address }.into()) }
}
