//! The session of a signed-in person. Its only key in tower-sessions is private to this file.

use tower_sessions::session::Id;
use tower_sessions::{Expiry, Session, session};

use crate::error::Error;
use crate::mfa::{Person, limits, live_sessions};
use crate::portal::Portal;
use crate::store::{self, Key};

const PERSON: &str = "p";

/// On an answer: the id of the session that this browser goes on with, which has begun in another one.
#[derive(Clone)]
pub(crate) struct GoesOn(pub(crate) Id);

/// Begins a session under a new id and ends the browser's earlier one.
pub(crate) async fn begin(portal: &Portal, session: &Session, person: Person) -> Result<(), Error> {
    if session.id().is_some() {
        end(portal, session).await?;
    }
    let person = live_sessions::without_ended_proof(portal, person).await?;
    let place = live_sessions::begin(portal, &person).await?;
    session.set_expiry(Some(Expiry::AtDateTime(person.ends())));
    session.insert(PERSON, person.at(place)).await?;
    // Saved here, so that a store that is away gives a page; tower-sessions would save after the answer.
    Ok(session.save().await?)
}

/// The person whose session it is, until the session's end.
pub(crate) async fn current(portal: &Portal, session: &Session) -> Result<Option<Person>, Error> {
    current_reading(portal, session, |_| Vec::new()).await
}

/// The same, and the records that its page will ask for, in the same trip as the person's live sessions.
pub(super) async fn current_reading(
    portal: &Portal,
    session: &Session,
    records: impl FnOnce(&Person) -> Vec<Key>,
) -> Result<Option<Person>, Error> {
    let id = session.id();
    let found = live(portal, session, records).await?;
    if let Some(Id(id)) = id.filter(|_| found.is_none()) {
        limits::note_dead(portal, id.to_le_bytes());
    }
    Ok(found)
}

async fn live(
    portal: &Portal,
    session: &Session,
    records: impl FnOnce(&Person) -> Vec<Key>,
) -> Result<Option<Person>, Error> {
    let Some(person) = stored(session).await?.filter(|person| person.left(&portal.clock).is_positive())
    else {
        return Ok(None);
    };
    let mut ahead = records(&person);
    ahead.extend(live_sessions::records_of(portal, &person));
    portal.store.read_ahead(&ahead).await?;
    Ok(live_sessions::is_live(portal, &person).await?.then_some(person))
}

/// The person as the session has them. One that another release wrote may not be readable, so it counts as none and they
/// sign in again.
async fn stored(session: &Session) -> Result<Option<Person>, Error> {
    match session.get(PERSON).await {
        Err(session::Error::SerdeJson(_)) => {
            tracing::warn!("session of another release not readable, the person signs in again");
            Ok(None)
        }
        read => Ok(read?),
    }
}

/// Ends the session.
pub(crate) async fn end(portal: &Portal, session: &Session) -> Result<(), Error> {
    if let Some(person) = stored(session).await? {
        live_sessions::end(portal, &person).await?;
    }
    Ok(session.flush().await?)
}

impl From<session::Error> for Error {
    fn from(error: session::Error) -> Self {
        Self::Store(store::Error::unavailable(error.to_string()))
    }
}
