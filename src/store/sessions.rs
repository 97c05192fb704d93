//! tower-sessions on our store: a session's record lies under the hash of its id and lives until its token ends.

use std::fmt;

use async_trait::async_trait;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error as SessionError, Result};

use super::{Error, Key, Kind, Store};

/// The session records of a [`Store`].
#[derive(Clone)]
pub struct Sessions(Store);

impl Sessions {
    /// Sessions kept in `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    fn lives(&self, record: &Record) -> time::Duration {
        record.expiry_date - self.0.clock.now()
    }
}

fn key(id: &Id) -> Key {
    Key::random_id(Kind::Session, &id.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "map_err gives it away")]
fn away(error: Error) -> SessionError {
    SessionError::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    /// Always under a new id. After a flush tower-sessions offers the old one, and whoever planted that in the browser
    /// would be signed in with the person (session fixation).
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            record.id = Id::default();
            if self.0.insert(key(&record.id), record, self.lives(record)).await.map_err(away)? {
                return Ok(());
            }
        }
    }

    /// Only over a live record: a session that was ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> Result<()> {
        self.0.replace(key(&record.id), record, self.lives(record)).await.map(drop).map_err(away)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        self.0.get(key(id)).await.map_err(away)
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.remove(key(id)).await.map_err(away)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}
