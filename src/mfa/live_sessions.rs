//! The live sessions of a person: at most ten that proved a factor and ten that did not. A removal or a new recovery
//! code ends all but the one that made it, and an addition that protects those that know the password alone.
//!
//! A session lives as long as it holds a place in the store. Taking a place is one write, so concurrent sign-ins need no
//! lock and cannot exceed ten; a session ends when another takes its place, or empties it. Sessions that proved a factor
//! have places of their own, so that sign-ins with the password alone end none of them.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::timestamp;

use super::{Account, Person, enrollment};
use crate::error::Error;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{self, Key, RecordKind};

/// The places of sessions that proved a factor; a new one ends the oldest.
const PROVED: Range<u8> = 0..10;
/// The places of sessions that did not.
const UNPROVED: Range<u8> = 10..20;

/// The session that holds a place.
#[derive(Serialize, Deserialize)]
struct Holder {
    /// It tells one session from the next.
    csrf_token: Secret,
    #[serde(with = "timestamp")]
    ends: OffsetDateTime,
    /// Whether it has added what protects the person.
    #[serde(default)]
    has_protected: bool,
}

impl Holder {
    fn of(person: &Person) -> Self {
        Self { csrf_token: person.csrf_token.clone(), ends: person.ends(), has_protected: false }
    }
}

/// Takes a place for a session that is about to begin; gives its number.
pub(crate) async fn begin(portal: &Portal, person: &Person) -> Result<u8, Error> {
    let (sub, lasts) = (&person.identity.sub, person.left(&portal.clock));
    let holder = Holder::of(person);
    let places = if person.has_proved_factor(&portal.clock) { PROVED } else { UNPROVED };
    for place in places.clone() {
        if portal.store.insert(key(portal, sub, place), &holder, lasts).await? {
            return Ok(place);
        }
    }
    let mut oldest = (places.start, holder.ends);
    for place in places {
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

/// The record of the session's place.
pub(crate) fn place_of(portal: &Portal, person: &Person) -> Key {
    key(portal, &person.identity.sub, person.place)
}

/// Whether the session still holds its place.
pub(crate) async fn is_live(portal: &Portal, person: &Person) -> Result<bool, Error> {
    let held: Option<Holder> = portal.store.get(place_of(portal, person)).await?;
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

/// Ends the person's other sessions, and what a phone could still do for one of them.
pub(super) async fn end_others(account: &Account) -> Result<(), Error> {
    for place in PROVED.chain(UNPROVED).filter(|place| *place != account.person.place) {
        account.portal.store.remove(key(&account.portal, account.sub(), place)).await?;
    }
    enrollment::end_pushes_of_others(account).await;
    Ok(())
}

/// Ends the person's other sessions that know the password alone, because an addition protects the person; where this
/// is one of them, all others.
pub(super) async fn end_others_after_protection(account: &Account) -> Result<(), Error> {
    let (portal, person) = (&account.portal, &account.person);
    if !person.has_proved_factor(&portal.clock) {
        let holder = Holder { has_protected: true, ..Holder::of(person) };
        portal.store.replace(place_of(portal, person), &holder, person.left(&portal.clock)).await?;
        return end_others(account).await;
    }
    end_unproved(portal, account.sub()).await?;
    enrollment::end_pushes_of_others(account).await;
    Ok(())
}

/// Ends the sessions of the person with this `sub` that know the password alone and have added no protection.
pub(super) async fn end_unproved(portal: &Portal, sub: &str) -> Result<(), store::Error> {
    for place in UNPROVED {
        let key = key(portal, sub, place);
        let held: Option<Holder> = portal.store.get(key).await?;
        if held.is_some_and(|held| !held.has_protected) {
            portal.store.remove(key).await?;
        }
    }
    Ok(())
}

/// Ends all sessions of the person with this `sub`.
pub(super) async fn end_all(portal: &Portal, sub: &str) -> Result<(), Error> {
    for place in PROVED.chain(UNPROVED) {
        portal.store.remove(key(portal, sub, place)).await?;
    }
    Ok(())
}

fn key(portal: &Portal, sub: &str, place: u8) -> Key {
    portal.store.key_of_person(RecordKind::LiveSession, sub, &[&place.to_string()])
}
