//! The numbers that a person has confirmed here, and the authenticators that have them. The tenant's list masks a number, so
//! without this it would be counted once for each authenticator. No record holds a number.

use time::Duration;

use super::Account;
use super::target::counted_name;
use crate::error::Error;
use crate::store::{Key, RecordKind};
use crate::tenant::{Associate, AuthenticatorId};

/// Longer than people keep from changing a phone that they use every year.
const REMEMBERED_FOR: Duration = Duration::days(400);

/// Remembers a number that the person has just confirmed. Addresses are left out: the list tells the password alone nothing
/// of them, and a pause would.
pub(super) async fn remember(
    account: &Account,
    what: &Associate,
    authenticators: &[AuthenticatorId],
) -> Result<(), Error> {
    let (Associate::Sms(number) | Associate::Voice(number)) = what else { return Ok(()) };
    let store = &account.portal.store;
    store.put(of_person(account, number), &(), REMEMBERED_FOR).await?;
    // Both channels of a number share the suffix.
    if let Some(suffix) = authenticators.iter().find_map(AuthenticatorId::suffix) {
        store.put(of_authenticator(account, suffix), &counted_name(number), REMEMBERED_FOR).await?;
    }
    Ok(())
}

/// Whether the person has confirmed this number.
pub(super) async fn has(account: &Account, number: &str) -> Result<bool, Error> {
    Ok(account.portal.store.get::<()>(of_person(account, number)).await?.is_some())
}

/// The name under which this authenticator's number is counted, if it was confirmed here.
pub(in crate::mfa) async fn counted_name_of(
    account: &Account,
    authenticator: &AuthenticatorId,
) -> Result<Option<String>, Error> {
    let Some(suffix) = authenticator.suffix() else { return Ok(None) };
    Ok(account.portal.store.get(of_authenticator(account, suffix)).await?)
}

fn of_person(account: &Account, number: &str) -> Key {
    account.key(RecordKind::ConfirmedNumber, &[number])
}

fn of_authenticator(account: &Account, suffix: &str) -> Key {
    account.key(RecordKind::NumberOf, &[suffix])
}
