//! A code that would be the person's first protection is shown to the tenant alone.

use serde::{Deserialize, Serialize};
use time::serde::timestamp;
use time::{Duration, OffsetDateTime};

use super::Account;
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{self, Key, RecordKind};

/// Such a code at the tenant. No other session's is shown meanwhile: the tenant may take one unseen for some time after it
/// was shown, and the turn of a process that is dead or cut off from the store lapses before.
pub(super) struct FirstCode {
    key: Key,
    mark: Mark,
    /// The mark of an earlier one of this session, which may still be there.
    earlier: Option<Mark>,
}

#[derive(Serialize, Deserialize)]
struct Mark {
    /// It tells one code from the next.
    token: String,
    /// The CSRF token of the session whose code it is.
    session: Secret,
    /// Until when the tenant may take it.
    #[serde(with = "timestamp::milliseconds")]
    until: OffsetDateTime,
}

impl FirstCode {
    /// Fails with [`Error::Busy`] while another session's code may be taken.
    pub(super) async fn begin(account: &Account, unseen_for: Duration) -> Result<Self, Error> {
        let (portal, session) = (&account.portal, account.person.csrf_token.clone());
        let (key, earlier) = (key(account), earlier_of_this_session(account).await?);
        let mark = Mark { token: portal.random.id(), session, until: portal.clock.now() + unseen_for };
        portal.store.put(key, &mark, unseen_for).await?;
        Ok(Self { key, mark, earlier })
    }

    /// Fails with [`Error::Busy`] while another session's may be taken.
    pub(super) async fn must_not_be_of_another_session(account: &Account) -> Result<(), Error> {
        earlier_of_this_session(account).await.map(drop)
    }

    /// Ends it once the tenant has answered.
    pub(super) async fn end(self, account: &Account) {
        if let Err(error) = self.restore_earlier(account).await {
            tracing::warn!(%error, "end of a code not stored");
        }
    }

    /// A later code of this session has a mark of its own by now.
    async fn restore_earlier(&self, account: &Account) -> Result<(), store::Error> {
        let (store, now) = (&account.portal.store, account.portal.clock.now());
        let last: Option<Mark> = store.get(self.key).await?;
        if last.is_none_or(|last| last.token != self.mark.token) {
            return Ok(());
        }
        match self.earlier.as_ref().filter(|earlier| now < earlier.until) {
            Some(earlier) => store.put(self.key, earlier, earlier.until - now).await,
            None => store.remove(self.key).await,
        }
    }
}

/// Fails with [`Error::Busy`] if it is another session's.
async fn earlier_of_this_session(account: &Account) -> Result<Option<Mark>, Error> {
    let mark: Option<Mark> = account.portal.store.get(key(account)).await?;
    let is_own = |mark: &Mark| mark.session.expose() == account.person.csrf_token.expose();
    if mark.as_ref().is_none_or(is_own) { Ok(mark) } else { Err(Error::Busy) }
}

fn key(account: &Account) -> Key {
    account.key(RecordKind::Lock, &["first code"])
}
