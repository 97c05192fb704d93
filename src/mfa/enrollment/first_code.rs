//! A code that would be the person's first protection is shown to the tenant alone.

use time::Duration;

use super::Account;
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};

/// Such a code at the tenant. No other session's is shown meanwhile: the tenant may take one unseen for some time after it
/// was shown, and the turn of a process that is dead or cut off from the store lapses before.
pub(super) struct FirstCode {
    mark: Key,
    token: String,
    /// Whether no earlier one of this session may still be there.
    is_alone: bool,
}

/// The session whose code it is, by its CSRF token, and the token of the code itself.
type Mark = (Secret, String);

impl FirstCode {
    /// Fails with [`Error::Busy`] while another session's code may be taken.
    pub(super) async fn begin(account: &Account, unseen_for: Duration) -> Result<Self, Error> {
        let (store, session) = (&account.portal.store, &account.person.csrf_token);
        let (mark, token) = (account.key(RecordKind::Lock, &["first code"]), account.portal.random.id());
        let own: Mark = (session.clone(), token.clone());
        let is_alone = store.insert(mark, &own, unseen_for).await?;
        if !is_alone {
            let earlier: Option<Mark> = store.get(mark).await?;
            if earlier.is_some_and(|(other, _)| other.expose() != session.expose()) {
                return Err(Error::Busy);
            }
            store.put(mark, &own, unseen_for).await?;
        }
        Ok(Self { mark, token, is_alone })
    }

    /// Ends it once the tenant has answered. A later code of this session has a mark of its own.
    pub(super) async fn end(self, account: &Account) {
        if !self.is_alone {
            return;
        }
        let store = &account.portal.store;
        let ended = async {
            let last: Option<Mark> = store.get(self.mark).await?;
            if last.is_some_and(|(_, token)| token == self.token) {
                store.remove(self.mark).await
            } else {
                Ok(())
            }
        };
        if let Err(error) = ended.await {
            tracing::warn!(%error, "end of a code not stored");
        }
    }
}
