//! The `memory:` engine, for one process and for demos. Nothing survives a restart.

mod people;

use std::time::{Duration, Instant};

use moka::Expiry;
use moka::ops::compute::{CompResult, Op};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use time::OffsetDateTime;

use self::people::People;
use super::key::Cause;
use super::{Count, Error, Name, Row, WriteMode};
use crate::clock::Clock;

/// Records that any visitor can cause, with room of their own, so that a flood drops no session. About 5 MB. When full,
/// the least recently used are dropped.
const CAPACITY_FOR_ANYBODY: u64 = 20_000;

pub(super) struct Memory {
    of_people: People,
    of_anybody: Cache<Name, Row>,
}

/// Frees expired records soon, and not only when the cache is full.
struct RowExpiry(Clock);

impl RowExpiry {
    fn time_to_live(&self, row: &Row) -> Duration {
        (row.expires_at - self.0.now()).try_into().unwrap_or_default()
    }
}

impl Expiry<Name, Row> for RowExpiry {
    fn expire_after_create(&self, _: &Name, row: &Row, _: Instant) -> Option<Duration> {
        Some(self.time_to_live(row))
    }

    fn expire_after_update(&self, _: &Name, row: &Row, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(self.time_to_live(row))
    }
}

impl Memory {
    pub(super) fn new(clock: Clock) -> Self {
        let records = Cache::builder().max_capacity(CAPACITY_FOR_ANYBODY).expire_after(RowExpiry(clock));
        // LRU, because the default policy may refuse a new record in favour of an old popular one.
        let of_anybody = records.eviction_policy(EvictionPolicy::lru()).build();
        Self { of_people: People::default(), of_anybody }
    }

    pub(super) fn read(&self, name: &Name, now: OffsetDateTime) -> Option<Vec<u8>> {
        match name.cause {
            Cause::Person => self.of_people.live(name, now, |row| row.value.clone()),
            Cause::Anybody => self.of_anybody.get(name).and_then(|row| row.live_value(now)),
        }
    }

    /// Fails when there is no room for a person's record.
    pub(super) fn write(
        &self,
        name: &Name,
        row: Row,
        mode: WriteMode,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        if name.cause == Cause::Person {
            let change = |live: Option<&Row>| mode.allows(live.is_some()).then_some(row);
            return Ok(self.of_people.change(name, now, change)?.is_some());
        }
        let result = self.of_anybody.entry(*name).and_compute_with(|entry| {
            let present = entry.is_some_and(|entry| entry.into_value().live_value(now).is_some());
            if mode.allows(present) { Op::Put(row) } else { Op::Nop }
        });
        Ok(matches!(result, CompResult::Inserted(_) | CompResult::ReplacedWith(_)))
    }

    pub(super) fn take(&self, name: &Name, now: OffsetDateTime) -> Option<Vec<u8>> {
        match name.cause {
            Cause::Person => self.of_people.take(name, now).map(|row| row.value),
            Cause::Anybody => self.of_anybody.remove(name).and_then(|row| row.live_value(now)),
        }
    }

    pub(super) fn count(&self, name: &Name, now: OffsetDateTime) -> Option<Count> {
        match name.cause {
            Cause::Person => self.of_people.live(name, now, counted),
            Cause::Anybody => {
                self.of_anybody.get(name).filter(|row| row.expires_at > now).map(|row| counted(&row))
            }
        }
    }

    /// Fails when there is no room for a person's counter.
    pub(super) fn increment(
        &self,
        name: &Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        let increment = |live: Option<&Row>| {
            let before = live.map_or(Count { count: 0, resets_at }, counted);
            Row { value: (before.count + 1).to_be_bytes().to_vec(), expires_at: before.resets_at }
        };
        let row = match name.cause {
            Cause::Person => self.of_people.change(name, now, |live| Some(increment(live)))?,
            Cause::Anybody => {
                let entry = self.of_anybody.entry(*name).and_upsert_with(|entry| {
                    let row = entry.map(moka::Entry::into_value).filter(|row| row.expires_at > now);
                    increment(row.as_ref())
                });
                Some(entry.into_value())
            }
        };
        Ok(row.map_or(Count { count: 0, resets_at }, |row| counted(&row)))
    }

    /// Takes one off the counter, unless its window is another one.
    pub(super) fn give_back(
        &self,
        name: &Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let without_one = |row: &Row| {
            let count = super::count_of(&row.value);
            let is_same = row.expires_at == resets_at && resets_at > now && count > 0;
            is_same.then(|| Row { value: (count - 1).to_be_bytes().to_vec(), expires_at: row.expires_at })
        };
        match name.cause {
            Cause::Person => {
                self.of_people.change(name, now, |live| live.and_then(without_one))?;
            }
            Cause::Anybody => {
                self.of_anybody.entry(*name).and_compute_with(|entry| {
                    let row = entry.and_then(|entry| without_one(&entry.into_value()));
                    row.map_or(Op::Nop, Op::Put)
                });
            }
        }
        Ok(())
    }
}

fn counted(row: &Row) -> Count {
    Count { count: super::count_of(&row.value), resets_at: row.expires_at }
}
