//! The engine that SESSION_STORE chooses. An engine stores opaque rows under names.

use time::OffsetDateTime;
use tokio::time::Instant;

use super::{Count, Error, Name, Row, StoreUrl, WriteMode, counted, memory, redis, sqlite};
use crate::clock::Clock;

pub(super) enum Engine {
    Memory(Box<memory::Memory>),
    Sqlite(sqlite::Sqlite),
    Redis(Box<redis::Redis>),
}

impl Engine {
    pub(super) fn open(url: &StoreUrl, clock: Clock) -> Result<Self, Error> {
        Ok(match url {
            StoreUrl::Memory => Self::Memory(Box::new(memory::Memory::new(clock))),
            StoreUrl::Sqlite(path) => Self::Sqlite(sqlite::Sqlite::open(path)?),
            StoreUrl::Redis(server) => Self::Redis(Box::new(redis::Redis::open(server)?)),
        })
    }

    pub(super) async fn read(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let began = Instant::now();
        let done = match self {
            Self::Memory(memory) => Ok(memory.read(&name, now)),
            Self::Sqlite(sqlite) => sqlite.read(name, now).await,
            Self::Redis(redis) => redis.read(&name, now).await,
        };
        self.counted("read", began, done)
    }

    /// The values under these names, in their order.
    pub(super) async fn read_all(
        &self,
        names: &[Name],
        now: OffsetDateTime,
    ) -> Result<Vec<Option<Vec<u8>>>, Error> {
        let began = Instant::now();
        let done = match self {
            Self::Memory(memory) => Ok(names.iter().map(|name| memory.read(name, now)).collect()),
            Self::Sqlite(sqlite) => sqlite.read_all(names, now).await,
            Self::Redis(redis) => redis.read_all(names, now).await,
        };
        self.counted("read", began, done)
    }

    /// Whether all records that are named after a person have one place.
    pub(super) fn keeps_people_together(&self) -> bool {
        matches!(self, Self::Redis(redis) if redis.is_cluster())
    }

    pub(super) async fn write(
        &self,
        name: Name,
        row: Row,
        mode: WriteMode,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let began = Instant::now();
        let done = match self {
            Self::Memory(memory) => memory.write(&name, row, mode, now),
            Self::Sqlite(sqlite) => sqlite.write(name, row, mode, now).await,
            Self::Redis(redis) => redis.write(&name, row, mode, now).await,
        };
        self.counted("write", began, done)
    }

    pub(super) async fn take(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let began = Instant::now();
        let done = match self {
            Self::Memory(memory) => Ok(memory.take(&name, now)),
            Self::Sqlite(sqlite) => sqlite.take(name, now).await,
            Self::Redis(redis) => redis.take(&name, now).await,
        };
        self.counted("take", began, done)
    }

    pub(super) async fn count(&self, name: Name, now: OffsetDateTime) -> Result<Option<Count>, Error> {
        let began = Instant::now();
        let done = match self {
            Self::Memory(memory) => Ok(memory.count(&name, now)),
            Self::Sqlite(sqlite) => sqlite.count(name, now).await,
            Self::Redis(redis) => redis.count(&name, now).await,
        };
        self.counted("count", began, done)
    }

    pub(super) async fn increment(
        &self,
        name: Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        let began = Instant::now();
        let done = match self {
            Self::Memory(memory) => memory.increment(&name, resets_at, now),
            Self::Sqlite(sqlite) => sqlite.increment(name, resets_at, now).await,
            Self::Redis(redis) => redis.increment(&name, resets_at, now).await,
        };
        self.counted("increment", began, done)
    }

    pub(super) async fn give_back(
        &self,
        name: Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let began = Instant::now();
        let done = match self {
            Self::Memory(memory) => memory.give_back(&name, resets_at, now),
            Self::Sqlite(sqlite) => sqlite.give_back(name, resets_at, now).await,
            Self::Redis(redis) => redis.give_back(&name, resets_at, now).await,
        };
        self.counted("increment", began, done)
    }

    /// The account that Redis gives of itself; `None` for another engine.
    pub(super) async fn redis_condition(&self) -> Option<Result<Option<redis::Condition>, Error>> {
        match self {
            Self::Redis(redis) => Some(redis.condition().await),
            Self::Memory(_) | Self::Sqlite(_) => None,
        }
    }

    /// Whether records can be read while they move to another server.
    pub(super) async fn follows_moves(&self) -> Result<bool, Error> {
        match self {
            Self::Redis(redis) => redis.follows_moves().await,
            Self::Memory(_) | Self::Sqlite(_) => Ok(true),
        }
    }

    // No future around each step, whose state would stand twice in each of its callers.
    fn counted<T>(&self, step: &'static str, began: Instant, done: Result<T, Error>) -> Result<T, Error> {
        counted::note(self.number(), step, began.elapsed(), done.is_ok());
        done
    }

    fn number(&self) -> usize {
        match self {
            Self::Memory(_) => 0,
            Self::Sqlite(_) => 1,
            Self::Redis(_) => 2,
        }
    }
}
