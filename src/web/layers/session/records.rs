//! The session records: our store as a session store for tower-sessions. A record's name is the hash of its session id.

use std::fmt;

use async_trait::async_trait;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error as SessionError, Result};

use crate::store::{Error, Key, RecordKind, Store};

/// The session records of a [`Store`].
#[derive(Clone)]
pub struct Sessions(Store);

impl Sessions {
    /// Sessions kept in `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    fn time_to_live(&self, record: &Record) -> time::Duration {
        record.expiry_date - self.0.now()
    }
}

fn key(id: &Id) -> Key {
    Key::random_id(RecordKind::Session, &id.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "map_err passes it by value")]
fn backend_error(error: Error) -> SessionError {
    SessionError::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    /// Always under a new id. After a flush tower-sessions would reuse the old one, and an attacker who planted it in
    /// the browser would be signed in as the person (session fixation).
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            record.id = Id::default();
            let lasts = self.time_to_live(record);
            if self.0.insert(key(&record.id), &record.data, lasts).await.map_err(backend_error)? {
                return Ok(());
            }
        }
    }

    /// Nothing: a session does not change after [`Self::create`]. tower-sessions saves each new one again once the
    /// handler has answered; if the store died in between, that would turn a finished sign-in into a bare 500.
    async fn save(&self, _: &Record) -> Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let data: Option<_> = self.0.get(key(id)).await.map_err(backend_error)?;
        // The store ends it, by the person's own end.
        Ok(data.map(|data| Record { id: *id, data, expiry_date: self.0.now() }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.remove(key(id)).await.map_err(backend_error)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}
