//! Limits of our own, ahead of the tenant's, so that people read our words and not its refusal. They are counted in the
//! store: replicas share them, and while the store is away nothing is sent.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use time::Duration;

use crate::app::{App, Portal};
use crate::client_ip::ClientIp;
use crate::config;
use crate::error::Error;
use crate::store::Kind;
use crate::tenant::Associate;

/// At most so many within so long.
struct Limit {
    what: Limited,
    most: u64,
    within: Duration,
}

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limited {
    /// Set-ups begun by one person.
    Starts,
    /// Messages and calls to one person, or to one number or address.
    Sent,
    /// Wrong codes in one set-up.
    WrongCodes,
    /// Sign-ins from one address.
    SignIns,
}

/// Auth0 sends a person ten texts or calls, then one an hour (Rate limit configurations, MFA).
const TEXTS: [Limit; 2] = [
    Limit { what: Limited::Sent, most: 8, within: Duration::minutes(10) },
    Limit { what: Limited::Sent, most: 20, within: Duration::DAY },
];
/// A number or address that several people share, such as a family's, gets a little more; a stranger's is not flooded.
const TARGETS: [Limit; 2] = [
    Limit { what: Limited::Sent, most: 12, within: Duration::minutes(10) },
    Limit { what: Limited::Sent, most: 30, within: Duration::DAY },
];
/// Auth0 sends a person twenty e-mails, then one a minute.
const EMAILS: [Limit; 1] = [Limit { what: Limited::Sent, most: 10, within: Duration::HOUR }];
/// Each start leaves an authenticator behind until it is confirmed or cleared; the tenant keeps 51.
const STARTS: [Limit; 1] = [Limit { what: Limited::Starts, most: 20, within: Duration::HOUR }];
/// Auth0 locks a person's codes after ten wrong ones, at sign-in too; a set-up must not bring them there.
const WRONG_CODES: [Limit; 1] = [Limit { what: Limited::WrongCodes, most: 5, within: Duration::HOUR }];
/// An office of a thousand people behind one address comes through, each with a beginning and an end. Still the tenant, of
/// which the smallest plan takes 300 calls a minute, is not flooded through us.
const SIGN_INS: [Limit; 1] = [Limit { what: Limited::SignIns, most: 2_000, within: Duration::minutes(10) }];

/// No more sign-ins begin and end from one address than allowed: in a handler's arguments this is the check.
pub struct SignInAllowed;

impl FromRequestParts<App> for SignInAllowed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        if let Some(client) = parts.extensions.get::<ClientIp>() {
            count(app, &SIGN_INS, &["sign-ins", &client.network()]).await?;
        }
        Ok(Self)
    }
}

/// Counts a start, and what it sends, before it is done.
pub async fn count_start(portal: &Portal, sub: &str, what: &Associate) -> Result<(), Error> {
    count(portal, &STARTS, &["starts", sub]).await?;
    let Some(target) = what.target() else { return Ok(()) };
    let (limits, name) =
        if matches!(what, Associate::Email(_)) { (&EMAILS[..], "mails") } else { (&TEXTS[..], "texts") };
    count(portal, limits, &[name, "person", sub]).await?;
    // The same number or address in other spellings is one.
    count(portal, &TARGETS, &[name, "target", &target.to_lowercase()]).await
}

/// Counts a try at a code before it is made, so that many at once are still counted one by one.
pub async fn count_try(portal: &Portal, enrollment: &str) -> Result<(), Error> {
    count(portal, &WRONG_CODES, &["tries", enrollment]).await
}

async fn count(portal: &Portal, limits: &[Limit], whose: &[&str]) -> Result<(), Error> {
    if portal.config.limits == config::Limits::Off {
        return Ok(());
    }
    for limit in limits {
        let within = limit.within.whole_seconds().to_string();
        let key = portal.store.key_of(Kind::Count, &[whose, &[&within]].concat());
        let counted = portal.store.increment(key, limit.within).await?;
        if counted.count > limit.most {
            return Err(Error::TooMany(limit.what, counted.ends));
        }
    }
    Ok(())
}
