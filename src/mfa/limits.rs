//! Limits of our own, tighter than the tenant's, so that people read our words instead of its refusal. The counters are in the
//! store, so replicas share them, and nothing is sent while the store is away.

use time::Duration;

use super::Account;
use crate::config;
use crate::error::{Error, Limited};
use crate::portal::Portal;
use crate::store::RecordKind;
use crate::tenant::Associate;

struct Limit {
    what: Limited,
    most: u64,
    within: Duration,
}

/// Auth0 sends a person ten texts or calls, then one an hour (Auth0, Rate Limit Configurations, MFA).
const TEXTS: [Limit; 2] = [
    Limit { what: Limited::Sent, most: 8, within: Duration::minutes(10) },
    Limit { what: Limited::Sent, most: 20, within: Duration::DAY },
];
/// A number or address that a family shares gets a little more than one person; a stranger's is still not flooded.
const TARGETS: [Limit; 2] = [
    Limit { what: Limited::Sent, most: 12, within: Duration::minutes(10) },
    Limit { what: Limited::Sent, most: 30, within: Duration::DAY },
];
/// Auth0 sends a person twenty e-mails, then one a minute.
const EMAILS: [Limit; 1] = [Limit { what: Limited::Sent, most: 10, within: Duration::HOUR }];
/// Each start leaves an authenticator behind until it is confirmed or cleared; the tenant keeps 51.
const STARTS: [Limit; 1] = [Limit { what: Limited::Starts, most: 20, within: Duration::HOUR }];
/// Auth0 locks a person's codes after ten wrong ones, at sign-in too, so one enrollment allows fewer.
const WRONG_CODES: [Limit; 1] = [Limit { what: Limited::WrongCodes, most: 5, within: Duration::HOUR }];
/// A sign-in counts twice, at its beginning and its end, so a thousand people behind one office address come through. The
/// smallest Auth0 plan takes 300 calls a minute; this limit keeps a flood below that.
const SIGN_INS: [Limit; 1] = [Limit { what: Limited::SignIns, most: 2_000, within: Duration::minutes(10) }];

/// Counts a step of a sign-in from this network.
pub(crate) async fn count_sign_in(portal: &Portal, network: &str) -> Result<(), Error> {
    count(portal, &SIGN_INS, &["sign-ins", network]).await
}

/// Counts the start of an enrollment, and the message that it sends, before either happens.
pub(super) async fn count_start(account: &Account, what: &Associate) -> Result<(), Error> {
    let (portal, sub) = (&account.portal, account.sub());
    count(portal, &STARTS, &["starts", sub]).await?;
    let Some(target) = what.target() else { return Ok(()) };
    let (limits, name) =
        if matches!(what, Associate::Email(_)) { (&EMAILS[..], "mails") } else { (&TEXTS[..], "texts") };
    count(portal, limits, &[name, "person", sub]).await?;
    // Spellings of one address share a counter.
    count(portal, &TARGETS, &[name, "target", &target.to_lowercase()]).await
}

/// Counts a code before the tenant sees it, so that concurrent codes are counted one by one.
pub(super) async fn count_code(portal: &Portal, enrollment: &str) -> Result<(), Error> {
    count(portal, &WRONG_CODES, &["tries", enrollment]).await
}

async fn count(portal: &Portal, limits: &[Limit], whose: &[&str]) -> Result<(), Error> {
    if portal.config.limits == config::Limits::Off {
        return Ok(());
    }
    for limit in limits {
        let within = limit.within.whole_seconds().to_string();
        let key = portal.store.key_of(RecordKind::Counter, &[whose, &[&within]].concat());
        let counted = portal.store.increment(key, limit.within).await?;
        if counted.count > limit.most {
            return Err(Error::TooMany(limit.what, counted.resets_at));
        }
    }
    Ok(())
}
