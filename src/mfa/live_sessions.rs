//! The live sessions of a person: at most ten, and a removal or a new recovery code ends all but the one that made it.
//!
//! A session lives as long as it holds one of ten places in the store. Taking a place is one write, so concurrent
//! sign-ins need no lock and cannot exceed ten; whoever takes or empties a place ends the session that held it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Account, Person};
use crate::error::Error;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};

/// The most live sessions of one person; a new one ends the oldest.
const AT_MOST: u8 = 10;

/// The session that holds a place.
#[derive(Serialize, Deserialize)]
struct Holder {
    /// It tells one session from the next.
    csrf_token: Secret,
    ends: OffsetDateTime,
}

/// Takes a place for a session that is about to begin; gives its number.
pub(crate) async fn begin(portal: &Portal, person: &Person) -> Result<u8, Error> {
    let (sub, lasts) = (&person.identity.sub, person.left(&portal.clock));
    let holder = Holder { csrf_token: person.csrf_token.clone(), ends: person.ends() };
    for place in 0..AT_MOST {
        if portal.store.insert(key(portal, sub, place), &holder, lasts).await? {
            return Ok(place);
        }
    }
    let mut oldest = (0, holder.ends);
    for place in 0..AT_MOST {
        let held: Option<Holder> = portal.store.get(key(portal, sub, place)).await?;
        if let Some(held) = held.filter(|held| held.ends < oldest.1) {
            oldest = (place, held.ends);
        }
    }
    portal.store.put(key(portal, sub, oldest.0), &holder, lasts).await?;
    Ok(oldest.0)
}

/// Gives the place of a session that has ended back.
pub(crate) async fn end(portal: &Portal, person: &Person) -> Result<(), Error> {
    if is_live(portal, person).await? {
        portal.store.remove(key(portal, &person.identity.sub, person.place)).await?;
    }
    Ok(())
}

/// Whether the session still holds its place.
pub(crate) async fn is_live(portal: &Portal, person: &Person) -> Result<bool, Error> {
    let held: Option<Holder> = portal.store.get(key(portal, &person.identity.sub, person.place)).await?;
    Ok(held.is_some_and(|held| held.csrf_token.expose() == person.csrf_token.expose()))
}

/// Refuses an act whose session was ended while it waited for its turn.
pub(super) async fn must_be_live(account: &Account) -> Result<(), Error> {
    if is_live(&account.portal, &account.person).await? { Ok(()) } else { Err(Error::SessionEnded) }
}

/// Ends the person's other sessions after an act that did something, or may have done it.
pub(super) async fn end_others_after<T>(account: &Account, done: Result<T, Error>) -> Result<T, Error> {
    if done.as_ref().err().is_none_or(Error::maybe_done) {
        end_others(account).await?;
    }
    done
}

/// Ends the person's other sessions.
pub(super) async fn end_others(account: &Account) -> Result<(), Error> {
    for place in (0..AT_MOST).filter(|place| *place != account.person.place) {
        account.portal.store.remove(key(&account.portal, account.sub(), place)).await?;
    }
    Ok(())
}

fn key(portal: &Portal, sub: &str, place: u8) -> Key {
    portal.store.key_of(RecordKind::LiveSession, &[sub, &place.to_string()])
}
