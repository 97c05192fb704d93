//! A breaker for the texts and calls of the whole portal, which cost the operator money. It alarms at half of the
//! ceiling; above it, only numbers go on that the person has confirmed before. Apps, push and removals do not pass it.

use time::Duration;

use super::{Account, confirmed_numbers};
use crate::config::Limits;
use crate::error::{Error, Limited};
use crate::metrics::PLAIN;
use crate::store::{Count, Key, RecordKind};

const WINDOW: Duration = Duration::HOUR;

/// Counts a text or call. `new` is its number, if it goes to one that is not on the person's list.
pub(super) async fn pass(account: &Account, new: Option<&str>) -> Result<(), Error> {
    let portal = &account.portal;
    if portal.config.limits == Limits::Off {
        return Ok(());
    }
    PLAIN.messages.increment(1);
    let ceiling = portal.config.message_ceiling;
    let counter = portal.store.increment(key(account), WINDOW).await?;
    // Each of these counts comes once in a window, on whichever replica.
    if counter.count == ceiling.div_ceil(2) {
        PLAIN.message_warnings.increment(1);
        tracing::warn!(
            messages = counter.count,
            ceiling,
            "messages and calls reached half of MESSAGE_CEILING"
        );
    }
    if counter.count <= ceiling {
        return Ok(());
    }
    if counter.count == ceiling + 1 {
        PLAIN.message_refusals.increment(1);
        tracing::error!(ceiling, "messages and calls reached MESSAGE_CEILING, refusing unconfirmed numbers");
    }
    match new {
        Some(number) => refuse_unless_confirmed(account, number, counter).await,
        None => Ok(()),
    }
}

/// Refuses what [`pass`] would, once the ceiling was passed, before other limits count it.
pub(super) async fn look(account: &Account, number: &str) -> Result<(), Error> {
    let portal = &account.portal;
    if portal.config.limits == Limits::Off {
        return Ok(());
    }
    let counter = portal.store.count(key(account)).await?;
    if counter.count <= portal.config.message_ceiling {
        return Ok(());
    }
    refuse_unless_confirmed(account, number, counter).await
}

async fn refuse_unless_confirmed(account: &Account, number: &str, counter: Count) -> Result<(), Error> {
    if confirmed_numbers::has(account, number).await? {
        return Ok(());
    }
    PLAIN.messages_refused.increment(1);
    Err(Error::TooMany(Limited::NewNumbers, counter.resets_at))
}

fn key(account: &Account) -> Key {
    account.portal.store.key_of(RecordKind::Counter, &["breaker"])
}
