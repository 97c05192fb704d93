//! The store: sealed records that expire, in one of three engines.
//!
//! Sessions, pending enrollments, notices and counters all use these few primitives. An engine sees neither what a
//! record holds, which is sealed ([`KeyRing`]), nor whose it is, because look-up keys are hashed ([`Key`]).

pub(crate) mod ahead;
mod counted;
mod engine;
mod key;
mod memory;
mod owned_token;
mod redis;
mod seal;
mod sqlite;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::join_all;
use secrecy::SecretSlice;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::error::ComponentRange;
use time::{Duration, OffsetDateTime};

use self::ahead::Found;
pub(crate) use self::counted::register_metrics;
use self::engine::Engine;
pub(crate) use self::key::MAX_SECRETS;
use self::key::Name;
pub use self::key::{Key, RecordKind};
pub use self::redis::RedisAddress;
pub use self::seal::KeyRing;
pub(crate) use self::seal::ReferenceKey;
use crate::clock::Clock;
use crate::hold;
use crate::random::Random;
use crate::secret::Secret;

/// Where records are kept (SESSION_STORE).
#[derive(Clone, Debug)]
pub enum StoreUrl {
    /// `memory:`
    Memory,
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// `redis://…` and its kin. Printed without the password.
    Redis(Box<RedisAddress>),
}

/// The store cannot be reached, read or written. The cause is for the operator's log only.
#[derive(Debug, thiserror::Error)]
#[error("the session store is not available: {0}")]
pub struct Error(Box<dyn std::error::Error + Send + Sync>);

impl Error {
    pub(crate) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(cause: rusqlite::Error) -> Self {
        Self::unavailable(cause)
    }
}

impl From<ComponentRange> for Error {
    fn from(cause: ComponentRange) -> Self {
        Self::unavailable(cause)
    }
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        Self::unavailable(cause)
    }
}

/// Whether a write depends on a live record.
#[derive(Clone, Copy)]
enum WriteMode {
    Always,
    IfAbsent,
    IfPresent,
}

impl WriteMode {
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
    expires_at: OffsetDateTime,
}

impl Row {
    fn live_value(self, now: OffsetDateTime) -> Option<Vec<u8>> {
        (self.expires_at > now).then_some(self.value)
    }
}

/// An increment that can be given back.
#[derive(Debug)]
pub struct Loan {
    /// The counter after it.
    pub count: Count,
    /// Each of the counter's names with the end of its own window.
    windows: Vec<(Name, OffsetDateTime)>,
}

/// A counter after an increment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The increments in this window, this one included.
    pub count: u64,
    /// When the window ends and the counter starts over.
    pub resets_at: OffsetDateTime,
}

fn count_of(value: &[u8]) -> u64 {
    value.try_into().map_or(0, u64::from_be_bytes)
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
    /// Opens the store at `url`. Fails when a SQLite file cannot be opened; Redis is connected to when it is needed.
    pub fn open(url: &StoreUrl, keys: Arc<KeyRing>, clock: Clock, random: Random) -> Result<Self, Error> {
        Ok(Self { engine: Arc::new(Engine::open(url, clock.clone())?), keys, clock, random })
    }

    /// The same store for records that this random text seals in place of AUTH0_SECRET.
    pub(crate) fn sealed_by(&self, secret: &Secret) -> Self {
        let master = SecretSlice::from(secret.expose().as_bytes().to_vec());
        Self { keys: Arc::new(KeyRing::new(&[master])), ..self.clone() }
    }

    /// The time by the store's clock, which decides when records expire.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The look-up key of something guessable, such as a phone number.
    #[must_use]
    pub fn key_of(&self, kind: RecordKind, parts: &[&str]) -> Key {
        Key::guessable(self.keys.lookups(), kind, parts)
    }

    /// The look-up key of one of a person's records; `parts` tell records of one kind apart.
    #[must_use]
    pub fn key_of_person(&self, kind: RecordKind, sub: &str, parts: &[&str]) -> Key {
        Key::of_person(self.keys.lookups(), kind, sub, parts, self.engine.keeps_people_together())
    }

    /// Reads these records in one trip, for the readings of a page that only looks ([`ahead`]).
    pub(crate) async fn read_ahead(&self, keys: &[Key]) -> Result<(), Error> {
        if ahead::is_allowed() {
            let names: Vec<Name> = keys.iter().flat_map(Key::names).collect();
            let found = self.engine.read_all(&names, self.clock.now()).await?;
            ahead::keep(names.into_iter().zip(found));
        }
        Ok(())
    }

    /// The record, unless it is missing, has expired or cannot be opened.
    pub async fn get<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, Error> {
        Ok(self.find(key).await?.map(|(record, _)| record))
    }

    /// The same with whether the first entry of AUTH0_SECRET made its name, and so sealed it.
    pub(crate) async fn find<T: DeserializeOwned>(&self, key: Key) -> Result<Option<(T, bool)>, Error> {
        for name in key.names() {
            let sealed = match ahead::found(&name) {
                Some(Found(found)) => found,
                None => self.engine.read(name, self.clock.now()).await?,
            };
            if let Some(record) = sealed.and_then(|sealed| self.open_record(name, &sealed)) {
                return Ok(Some((record, name == key.first())));
            }
        }
        Ok(None)
    }

    /// Writes the record, over an existing one too.
    pub async fn put<T: Serialize>(&self, key: Key, value: &T, ttl: Duration) -> Result<(), Error> {
        self.write(key.first(), value, ttl, WriteMode::Always).await?;
        self.take_sealed(key.others()).await.map(drop)
    }

    /// Writes the record unless a live one exists; returns whether it was written.
    pub async fn insert<T: Serialize>(&self, key: Key, value: &T, ttl: Duration) -> Result<bool, Error> {
        // Under every name, so that every replica finds it.
        let names = key.sorted_names();
        for (at, name) in names.iter().enumerate() {
            if !self.write(*name, value, ttl, WriteMode::IfAbsent).await? {
                self.take_sealed(names[..at].iter().copied()).await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the record only over a live one, so that a removed record stays removed; returns whether it was written.
    pub async fn replace<T: Serialize>(&self, key: Key, value: &T, ttl: Duration) -> Result<bool, Error> {
        let mut written = false;
        // Under every name that it has, so that no replica finds the former one.
        for name in key.names() {
            written |= self.write(name, value, ttl, WriteMode::IfPresent).await?;
        }
        Ok(written)
    }

    /// Removes the record and returns it. Only one of several concurrent callers gets it.
    pub async fn take<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, Error> {
        let taken = self.take_sealed(key.names()).await?;
        Ok(taken.iter().find_map(|(name, sealed)| self.open_record(*name, sealed)))
    }

    /// Removes the record.
    pub async fn remove(&self, key: Key) -> Result<(), Error> {
        self.take_sealed(key.names()).await.map(drop)
    }

    /// Adds one to a counter, whose window of `ttl` begins with its first increment.
    pub async fn increment(&self, key: Key, ttl: Duration) -> Result<Count, Error> {
        Ok(self.lend(key, ttl).await?.count)
    }

    /// The same, to be given back.
    pub async fn lend(&self, key: Key, ttl: Duration) -> Result<Loan, Error> {
        let now = self.clock.now();
        let mut loan = Loan { count: Count { count: 0, resets_at: now + ttl }, windows: Vec::new() };
        // Under every name, so that each replica finds the whole count under one of its own.
        let counted = join_all(key.names().map(|name| self.engine.increment(name, now + ttl, now))).await;
        let mut failed = None;
        for (name, counted) in key.names().zip(counted) {
            match counted {
                Ok(counted) => {
                    loan.windows.push((name, counted.resets_at));
                    if counted.count > loan.count.count {
                        loan.count = counted;
                    }
                }
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            None => Ok(loan),
            Some(error) => {
                // As far as the store takes it.
                let _ = self.give_back(&loan).await;
                Err(error)
            }
        }
    }

    /// Takes it off again, within the window in which it was counted. A later window stays as it is.
    pub async fn give_back(&self, loan: &Loan) -> Result<(), Error> {
        let now = self.clock.now();
        let given_back = loan.windows.iter().map(|(name, ends)| self.engine.give_back(*name, *ends, now));
        join_all(given_back).await.into_iter().collect()
    }

    /// The counter as it stands, without counting.
    pub async fn count(&self, key: Key) -> Result<Count, Error> {
        let now = self.clock.now();
        let mut highest = Count { count: 0, resets_at: now };
        for name in key.names() {
            let counted = self.engine.count(name, now).await?.unwrap_or(highest);
            if counted.count > highest.count {
                highest = counted;
            }
        }
        Ok(highest)
    }

    /// Fails when the store cannot be read. Writes nothing.
    pub async fn check_readable(&self) -> Result<(), Error> {
        self.get::<()>(Key::random_id(RecordKind::UsedState, "")).await.map(drop)
    }

    /// Fails when the store cannot be read or cannot be written.
    pub async fn check_writable(&self) -> Result<(), Error> {
        // One of sixteen, because a node of a Redis Cluster holds only a part of them.
        let [byte] = self.random.bytes::<1>();
        let key = Key::random_id(RecordKind::Counter, &format!("ready {}", byte % 16));
        self.increment(key, Duration::MINUTE).await.map(drop)
    }

    /// The account that Redis gives of itself, within `None` when it does not tell the portal's user; `None` for another engine.
    pub(crate) async fn redis_condition(&self) -> Option<Result<Option<redis::Condition>, Error>> {
        self.engine.redis_condition().await
    }

    /// Whether records can be read while they move to another server; without it, it is seen only when they do.
    pub(crate) async fn follows_moves(&self) -> Result<bool, Error> {
        self.engine.follows_moves().await
    }

    async fn write<T: Serialize>(
        &self,
        name: Name,
        value: &T,
        ttl: Duration,
        mode: WriteMode,
    ) -> Result<bool, Error> {
        hold::stop_if_lost_lately().await;
        let plain = serde_json::to_vec(value).map_err(Error::unavailable)?;
        let value = self
            .keys
            .seal(&self.random, name.as_bytes(), plain)
            .ok_or_else(|| Error::unavailable("no sealing key"))?;
        let now = self.clock.now();
        ahead::forget();
        self.engine.write(name, Row { value, expires_at: now + ttl }, mode, now).await
    }

    async fn take_sealed(&self, names: impl Iterator<Item = Name>) -> Result<Vec<(Name, Vec<u8>)>, Error> {
        hold::stop_if_lost_lately().await;
        let mut taken = Vec::new();
        for name in names.filter(|name| !ahead::is_absent(name)) {
            ahead::forget();
            taken.extend(self.engine.take(name, self.clock.now()).await?.map(|sealed| (name, sealed)));
        }
        Ok(taken)
    }

    /// `None` for a record that cannot be opened or parsed, so that the person signs in again.
    fn open_record<T: DeserializeOwned>(&self, name: Name, sealed: &[u8]) -> Option<T> {
        let record =
            self.keys.open(name.as_bytes(), sealed).and_then(|plain| serde_json::from_slice(&plain).ok());
        if record.is_none() {
            tracing::warn!("stored record cannot be opened, was AUTH0_SECRET replaced?");
        }
        record
    }
}
