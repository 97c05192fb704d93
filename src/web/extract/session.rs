//! The session of a signed-in person. Its only key in tower-sessions is private to this file.

use tower_sessions::session::Id;
use tower_sessions::{Expiry, Session};

use crate::clock::Clock;
use crate::error::Error;
use crate::mfa::{Person, live_sessions};
use crate::portal::Portal;
use crate::store::{self, Key, RecordKind};

const PERSON: &str = "person";

/// Begins a session under a new id and ends the browser's earlier one.
pub(crate) async fn begin(portal: &Portal, session: &Session, person: Person) -> Result<(), Error> {
    if session.id().is_some() {
        end(session).await?;
    }
    session.set_expiry(Some(Expiry::AtDateTime(person.ends())));
    session.insert(PERSON, &person).await?;
    // Saved here, so that a store that is away gives a page; tower-sessions would save after the answer.
    session.save().await?;
    match session.id() {
        Some(id) => live_sessions::add(portal, &person, record_key(&id)).await,
        None => Ok(()),
    }
}

/// The key of the record of the session with this id.
pub(crate) fn record_key(id: &Id) -> Key {
    Key::random_id(RecordKind::Session, &id.to_string())
}

/// The person whose session it is, until the session's end.
pub(crate) async fn current(session: &Session, clock: &Clock) -> Result<Option<Person>, Error> {
    let person: Option<Person> = session.get(PERSON).await?;
    Ok(person.filter(|person| person.left(clock).is_positive()))
}

/// Ends the session.
pub(crate) async fn end(session: &Session) -> Result<(), Error> {
    Ok(session.flush().await?)
}

impl From<tower_sessions::session::Error> for Error {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Store(store::Error::unavailable(error.to_string()))
    }
}
