//! The one store: sealed records that expire, in one of three engines.
//!
//! Sessions, pending enrollments, notices and counters all sit on these few primitives. What is guessable in a
//! look-up key is hashed with a key ([`Key`]), what is in a record is sealed ([`KeyRing`]); an engine sees neither.

mod engine;
mod key;
mod memory;
mod redis;
mod seal;
mod sessions;
mod sqlite;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use ::redis::ConnectionInfo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::{Duration, OffsetDateTime};

use self::engine::Engine;
use self::key::Name;
pub use self::key::{Key, Kind, MOST_SECRETS};
pub use self::seal::KeyRing;
pub use self::sessions::Sessions;
use crate::clock::Clock;
use crate::random::Random;

/// Where records are kept (SESSION_STORE).
#[derive(Clone, Debug)]
pub enum Place {
    /// `memory:`
    Memory,
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// `redis://…` and its kin. Printed without the password.
    Redis(Box<ConnectionInfo>),
}

/// The store cannot be reached or written; the cause is for the operator's log.
#[derive(Debug, thiserror::Error)]
#[error("the session store is not available: {0}")]
pub struct Error(Box<dyn std::error::Error + Send + Sync>);

impl Error {
    fn away(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(cause: rusqlite::Error) -> Self {
        Self::away(cause)
    }
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        Self::away(cause)
    }
}

/// Whether a write asks first if a live record is there.
#[derive(Clone, Copy)]
enum Mode {
    Always,
    IfAbsent,
    IfPresent,
}

impl Mode {
    fn allows(self, present: bool) -> bool {
        match self {
            Self::Always => true,
            Self::IfAbsent => !present,
            Self::IfPresent => present,
        }
    }
}

#[derive(Clone)]
struct Row {
    value: Vec<u8>,
    ends: OffsetDateTime,
}

impl Row {
    fn live(self, now: OffsetDateTime) -> Option<Vec<u8>> {
        (self.ends > now).then_some(self.value)
    }
}

/// What a counter shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How often it was counted, this time included.
    pub count: u64,
    /// When it starts over.
    pub ends: OffsetDateTime,
}

fn count_of(value: &[u8]) -> u64 {
    value.try_into().map_or(0, u64::from_be_bytes)
}

/// How the engines outside this process write a time.
fn millis(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

fn time_of(millis: i64) -> Result<OffsetDateTime, Error> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).map_err(Error::away)
}

/// The store. Clones share one engine.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    keys: Arc<KeyRing>,
    clock: Clock,
    random: Random,
}

impl Store {
    /// Opens the store at `place`.
    pub fn open(place: &Place, keys: Arc<KeyRing>, clock: Clock, random: Random) -> Result<Self, Error> {
        Ok(Self { engine: Arc::new(Engine::open(place, clock.clone())?), keys, clock, random })
    }

    /// The look-up key of something about a person, who could be guessed.
    #[must_use]
    pub fn key_of(&self, kind: Kind, parts: &[&str]) -> Key {
        Key::guessable(self.keys.lookups(), kind, parts)
    }

    /// The record, if it is there, has not lapsed and can be opened.
    pub async fn get<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, Error> {
        for name in key.names() {
            let sealed = self.engine.read(name, self.clock.now()).await?;
            if let Some(record) = sealed.and_then(|sealed| self.open_record(name, &sealed)) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Writes the record, whatever was there.
    pub async fn put<T: Serialize>(&self, key: Key, value: &T, lives: Duration) -> Result<(), Error> {
        self.write(key.first(), value, lives, Mode::Always).await?;
        self.take_sealed(key.others()).await.map(drop)
    }

    /// Writes the record where none is; says whether it did.
    pub async fn insert<T: Serialize>(&self, key: Key, value: &T, lives: Duration) -> Result<bool, Error> {
        // Under every name, so that it stands in the way of every replica.
        let names = key.ordered();
        for (at, name) in names.iter().enumerate() {
            if !self.write(*name, value, lives, Mode::IfAbsent).await? {
                self.take_sealed(names[..at].iter().copied()).await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the record where one is; says whether it did. What was removed does not come back.
    pub async fn replace<T: Serialize>(&self, key: Key, value: &T, lives: Duration) -> Result<bool, Error> {
        for name in key.names() {
            if self.write(name, value, lives, Mode::IfPresent).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Removes the record and returns it: of several callers one gets it.
    pub async fn take<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, Error> {
        let taken = self.take_sealed(key.names()).await?;
        Ok(taken.iter().find_map(|(name, sealed)| self.open_record(*name, sealed)))
    }

    /// Removes the record.
    pub async fn remove(&self, key: Key) -> Result<(), Error> {
        self.take_sealed(key.names()).await.map(drop)
    }

    /// Adds one to a counter that starts over once `lives` has passed since its first count; returns the count.
    pub async fn increment(&self, key: Key, lives: Duration) -> Result<Count, Error> {
        let now = self.clock.now();
        let mut most = Count { count: 0, ends: now + lives };
        // Under every name: each replica then reads the whole count under one that it has.
        for name in key.names() {
            let counted = self.engine.increment(name, now + lives, now).await?;
            if counted.count > most.count {
                most = counted;
            }
        }
        Ok(most)
    }

    /// Whether the store can be read now. Costs it no write.
    pub async fn answers(&self) -> Result<(), Error> {
        self.get::<()>(Key::random_id(Kind::UsedState, "")).await.map(drop)
    }

    /// Whether the store can be read and written now.
    pub async fn ready(&self) -> Result<(), Error> {
        let key = Key::random_id(Kind::Count, "ready");
        self.increment(key, Duration::MINUTE).await.map(drop)
    }

    async fn write<T: Serialize>(
        &self,
        name: Name,
        value: &T,
        lives: Duration,
        mode: Mode,
    ) -> Result<bool, Error> {
        let plain = serde_json::to_vec(value).map_err(Error::away)?;
        let value = self
            .keys
            .seal(&self.random, name.as_bytes(), plain)
            .ok_or_else(|| Error::away("no sealing key"))?;
        let now = self.clock.now();
        self.engine.write(name, Row { value, ends: now + lives }, mode, now).await
    }

    async fn take_sealed(&self, names: impl Iterator<Item = Name>) -> Result<Vec<(Name, Vec<u8>)>, Error> {
        let mut taken = Vec::new();
        for name in names {
            taken.extend(self.engine.take(name, self.clock.now()).await?.map(|sealed| (name, sealed)));
        }
        Ok(taken)
    }

    /// A record that cannot be opened or read counts as absent: the person signs in again.
    fn open_record<T: DeserializeOwned>(&self, name: Name, sealed: &[u8]) -> Option<T> {
        let record =
            self.keys.open(name.as_bytes(), sealed).and_then(|plain| serde_json::from_slice(&plain).ok());
        if record.is_none() {
            tracing::warn!("a stored record cannot be opened; was AUTH0_SECRET changed?");
        }
        record
    }
}

impl From<tower_sessions::session::Error> for Error {
    fn from(cause: tower_sessions::session::Error) -> Self {
        Self::away(cause.to_string())
    }
}
