//! One of the three engines. Each keeps rows under names and knows nothing else.

use time::OffsetDateTime;

use super::{Count, Error, Mode, Name, Place, Row, memory, redis, sqlite};
use crate::clock::Clock;

pub(super) enum Engine {
    Memory(memory::Memory),
    Sqlite(sqlite::Sqlite),
    Redis(Box<redis::Redis>),
}

impl Engine {
    pub(super) fn open(place: &Place, clock: Clock) -> Result<Self, Error> {
        Ok(match place {
            Place::Memory => Self::Memory(memory::Memory::new(clock)),
            Place::Sqlite(path) => Self::Sqlite(sqlite::Sqlite::open(path)?),
            Place::Redis(server) => Self::Redis(Box::new(redis::Redis::open(server)?)),
        })
    }

    pub(super) async fn read(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Memory(memory) => Ok(memory.read(&name, now)),
            Self::Sqlite(sqlite) => sqlite.read(name, now).await,
            Self::Redis(redis) => redis.read(&name, now).await,
        }
    }

    pub(super) async fn write(
        &self,
        name: Name,
        row: Row,
        mode: Mode,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        match self {
            Self::Memory(memory) => Ok(memory.write(&name, row, mode, now)),
            Self::Sqlite(sqlite) => sqlite.write(name, row, mode, now).await,
            Self::Redis(redis) => redis.write(&name, row, mode, now).await,
        }
    }

    pub(super) async fn take(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Memory(memory) => Ok(memory.take(&name, now)),
            Self::Sqlite(sqlite) => sqlite.take(name, now).await,
            Self::Redis(redis) => redis.take(&name, now).await,
        }
    }

    pub(super) async fn increment(
        &self,
        name: Name,
        ends: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        match self {
            Self::Memory(memory) => Ok(memory.increment(&name, ends, now)),
            Self::Sqlite(sqlite) => sqlite.increment(name, ends, now).await,
            Self::Redis(redis) => redis.increment(&name, ends, now).await,
        }
    }
}
