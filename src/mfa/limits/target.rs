//! Numbers and addresses that messages go to: one form of each, and the pause between two messages.

use time::{Duration, OffsetDateTime};
use url::Host;

use super::Account;
use crate::config::Limits;
use crate::error::{Error, Limited};
use crate::store::{Key, RecordKind};

/// The form under which a target is counted. Numbers are E.164 already. Addresses are lower-cased, with their host as
/// DNS has it (RFC 5890), so that spellings of one address share a counter.
#[must_use]
pub fn canonical(target: &str) -> String {
    match target.rsplit_once('@') {
        Some((user, host)) => {
            let host = Host::parse(host).map_or_else(|_| host.to_lowercase(), |host| host.to_string());
            format!("{}@{host}", user.to_lowercase())
        }
        None => target.to_owned(),
    }
}

/// The pause after a message of a person to a target. It belongs to both of them, so it outlives a cancelled set-up.
pub(in crate::mfa) struct Pause(Option<Key>);

impl Pause {
    /// Begins the pause before the message is sent, or fails while an earlier one lasts.
    pub(in crate::mfa) async fn begin(
        account: &Account,
        target: Option<&str>,
        lasts: Duration,
    ) -> Result<Self, Error> {
        let Some(target) = target.filter(|_| account.portal.config.limits == Limits::Default) else {
            return Ok(Self(None));
        };
        let (store, ends) = (&account.portal.store, account.portal.clock.now() + lasts);
        let key = account.key(RecordKind::CoolDown, &["target", &canonical(target)]);
        if store.insert(key, &ends, lasts).await? {
            return Ok(Self(Some(key)));
        }
        let ends: OffsetDateTime = store.get(key).await?.unwrap_or(ends);
        Err(Error::TooMany(Limited::Pause, ends))
    }

    /// Ends the pause, because certainly nothing was sent.
    pub(in crate::mfa) async fn end(self, account: &Account) -> Result<(), Error> {
        match self.0 {
            Some(key) => Ok(account.portal.store.remove(key).await?),
            None => Ok(()),
        }
    }
}
