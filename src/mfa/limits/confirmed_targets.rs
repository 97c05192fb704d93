//! The numbers and addresses that a person has confirmed here, by authenticator. The tenant's list masks them, so without
//! this record a number would be counted once for each authenticator that has it. They are hashed, so the record tells of
//! none.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::Account;
use super::target::counted_name;
use crate::error::Error;
use crate::mfa::lock;
use crate::portal::Portal;
use crate::store::{Key, RecordKind};
use crate::tenant::{Associate, AuthenticatorId};

/// Longer than people keep from changing a phone that they use every year.
const REMEMBERED_FOR: Duration = Duration::days(400);
/// As many as the tenant keeps of one person.
const MOST: usize = 51;

/// A confirmed number or address.
#[derive(Serialize, Deserialize)]
struct Confirmed {
    /// The name under which it is counted.
    name: String,
    /// The suffix of its authenticators' ids, as far as they are known. Both channels of a number share it.
    suffix: Option<String>,
}

/// Remembers the number or address that the person has just confirmed.
pub(super) async fn remember(
    account: &Account,
    what: &Associate,
    authenticators: &[AuthenticatorId],
) -> Result<(), Error> {
    let Some(name) = what.target().map(counted_name) else { return Ok(()) };
    let suffix = authenticators.iter().find_map(AuthenticatorId::suffix).map(ToOwned::to_owned);
    let (store, key) = (&account.portal.store, key(&account.portal, account.sub()));
    let remember = async {
        let mut all: Vec<Confirmed> = store.get(key).await?.unwrap_or_default();
        all.retain(|it| it.name != name || it.suffix.is_some() && it.suffix != suffix);
        all.insert(0, Confirmed { name, suffix });
        all.truncate(MOST);
        Ok(store.put(key, &all, REMEMBERED_FOR).await?)
    };
    let turn = account.key(RecordKind::Lock, &["confirmed targets"]);
    lock::with_brief_lock(store, turn, Box::pin(remember)).await
}

/// Whether the person has confirmed this number.
pub(super) async fn has(account: &Account, number: &str) -> Result<bool, Error> {
    let name = counted_name(number);
    Ok(all(account).await?.iter().any(|it| it.name == name))
}

/// The name under which this authenticator's number or address is counted, if it was confirmed here.
pub(in crate::mfa) async fn counted_name_of(
    account: &Account,
    authenticator: &AuthenticatorId,
) -> Result<Option<String>, Error> {
    let Some(suffix) = authenticator.suffix() else { return Ok(None) };
    let found = all(account).await?.into_iter().find(|it| it.suffix.as_deref() == Some(suffix));
    Ok(found.map(|it| it.name))
}

/// Forgets those of the person with this `sub`.
pub(in crate::mfa) async fn forget(portal: &Portal, sub: &str) -> Result<(), Error> {
    Ok(portal.store.remove(key(portal, sub)).await?)
}

async fn all(account: &Account) -> Result<Vec<Confirmed>, Error> {
    Ok(account.portal.store.get(key(&account.portal, account.sub())).await?.unwrap_or_default())
}

fn key(portal: &Portal, sub: &str) -> Key {
    portal.store.key_of_person(RecordKind::ConfirmedTargets, sub, &[])
}
