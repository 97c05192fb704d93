//! Wrong codes of a person, on every page together. A code takes a slot before the tenant sees it, so concurrent codes
//! are counted one by one; a right code gives back its own slot and no other.

use time::OffsetDateTime;

use super::{Account, Counted};
use crate::config::Limits;
use crate::error::Error;
use crate::store::{Key, RecordKind};
use crate::tenant::{self, Reason};

/// A slot that a code holds. Kept, it counts as a wrong code until it expires.
pub(in crate::mfa) struct CodeSlot(Option<Key>);

impl CodeSlot {
    /// Takes a free slot, or fails with [`Error::TooMany`] and the time at which one becomes free.
    pub(in crate::mfa) async fn take(account: &Account) -> Result<Self, Error> {
        let (store, now) = (&account.portal.store, account.portal.clock.now());
        if account.portal.config.limits == Limits::Off {
            return Ok(Self(None));
        }
        let mut free_at: Option<OffsetDateTime> = None;
        for limit in Counted::WrongCodes.limits() {
            for number in 0..limit.most {
                let key =
                    account.key(RecordKind::Counter, &[Counted::WrongCodes.name(), &number.to_string()]);
                let ends = now + limit.within;
                if store.insert(key, &ends, limit.within).await? {
                    return Ok(Self(Some(key)));
                }
                let taken_until = store.get(key).await?.unwrap_or(ends);
                free_at = Some(free_at.map_or(taken_until, |at| at.min(taken_until)));
            }
        }
        Err(Error::TooMany(Counted::WrongCodes.refused_as(), free_at.unwrap_or(now)))
    }

    /// Gives the slot back, because the tenant has accepted the code.
    pub(in crate::mfa) async fn give_back(self, account: &Account) -> Result<(), Error> {
        match self.0 {
            Some(key) => Ok(account.portal.store.remove(key).await?),
            None => Ok(()),
        }
    }

    /// The same once the tenant has answered, when no failure of the store may keep its answer from being noted.
    pub(in crate::mfa) async fn spare(self, account: &Account) {
        if let Err(error) = self.give_back(account).await {
            tracing::warn!(?error, "place of a code not given back");
        }
    }

    /// Gives the slot back unless the tenant may have counted the code as a wrong one.
    pub(in crate::mfa) async fn after(self, account: &Account, error: &tenant::Error) {
        let judged = matches!(
            error.reason(),
            Some(Reason::WrongCode | Reason::CodeExpired | Reason::TooManyWrong | Reason::Other)
        );
        if !judged && !error.maybe_done() {
            self.spare(account).await;
        }
    }
}
