//! The live sessions of a person: at most ten, and a removal or a new recovery code ends all but the one that made it.
//! Each has a place of its own in the store, so that concurrent sign-ins need no lock.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Account, Person};
use crate::error::Error;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};

/// The most live sessions of one person; a new one ends the oldest.
const AT_MOST: u8 = 10;

#[derive(Serialize, Deserialize)]
struct LiveSession {
    record: Key,
    /// It tells one session from the next.
    csrf_token: Secret,
    ends: OffsetDateTime,
}

/// Lists a session that has just begun under the store's `record`.
pub(crate) async fn add(portal: &Portal, person: &Person, record: Key) -> Result<(), Error> {
    let (sub, lasts) = (&person.identity.sub, person.left(&portal.clock));
    let session = LiveSession { record, csrf_token: person.csrf_token.clone(), ends: person.ends() };
    // Another sign-in may take the place that was made free.
    for _ in 0..AT_MOST {
        for place in 0..AT_MOST {
            if portal.store.insert(key(portal, sub, place), &session, lasts).await? {
                return Ok(());
            }
        }
        free_a_place(portal, sub).await?;
    }
    Err(Error::Busy)
}

/// Ends the person's other sessions after an act that did something, or may have done it.
pub(super) async fn end_others_after<T>(account: &Account, done: Result<T, Error>) -> Result<T, Error> {
    if done.as_ref().err().is_none_or(Error::maybe_done) {
        end_others(account).await?;
    }
    done
}

async fn end_others(account: &Account) -> Result<(), Error> {
    let (portal, person) = (&account.portal, &account.person);
    for (place, session) in listed(portal, account.sub()).await? {
        if session.csrf_token.expose() != person.csrf_token.expose() {
            end(portal, account.sub(), place, &session).await?;
        }
    }
    Ok(())
}

/// Frees the place of a session that a sign-out or a later sign-in has ended, or else ends the oldest.
async fn free_a_place(portal: &Portal, sub: &str) -> Result<(), Error> {
    let mut oldest: Option<(u8, LiveSession)> = None;
    for (place, session) in listed(portal, sub).await? {
        if portal.store.get::<IgnoredAny>(session.record).await?.is_none() {
            return end(portal, sub, place, &session).await;
        }
        if oldest.as_ref().is_none_or(|(_, oldest)| session.ends < oldest.ends) {
            oldest = Some((place, session));
        }
    }
    match oldest {
        Some((place, session)) => end(portal, sub, place, &session).await,
        None => Ok(()),
    }
}

async fn listed(portal: &Portal, sub: &str) -> Result<Vec<(u8, LiveSession)>, Error> {
    let mut listed = Vec::new();
    for place in 0..AT_MOST {
        let session: Option<LiveSession> = portal.store.get(key(portal, sub, place)).await?;
        listed.extend(session.map(|session| (place, session)));
    }
    Ok(listed)
}

async fn end(portal: &Portal, sub: &str, place: u8, session: &LiveSession) -> Result<(), Error> {
    portal.store.remove(session.record).await?;
    Ok(portal.store.remove(key(portal, sub, place)).await?)
}

fn key(portal: &Portal, sub: &str, place: u8) -> Key {
    portal.store.key_of(RecordKind::LiveSession, &[sub, &place.to_string()])
}
