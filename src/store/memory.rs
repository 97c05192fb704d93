//! The `memory:` engine, for one process and for demos. Nothing survives a restart.

use std::time::{Duration, Instant};

use moka::Expiry;
use moka::ops::compute::{CompResult, Op};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use time::OffsetDateTime;

use super::key::Cause;
use super::{Count, Name, Row, WriteMode};
use crate::clock::Clock;

/// Records that people cause. When full, the least recently used are dropped. About 300 MB of sessions.
const CAPACITY: u64 = 200_000;
/// Records that any visitor can cause, with room of their own, so that a flood drops no session. About 5 MB.
const CAPACITY_FOR_ANYBODY: u64 = 20_000;

pub(super) struct Memory {
    of_people: Cache<Name, Row>,
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
        let records = |capacity, clock| {
            let records = Cache::builder().max_capacity(capacity).expire_after(RowExpiry(clock));
            // LRU, because the default policy may refuse a new record in favour of an old popular one.
            records.eviction_policy(EvictionPolicy::lru()).build()
        };
        let of_people = records(CAPACITY, clock.clone());
        Self { of_people, of_anybody: records(CAPACITY_FOR_ANYBODY, clock) }
    }

    fn records(&self, name: &Name) -> &Cache<Name, Row> {
        match name.cause {
            Cause::Person => &self.of_people,
            Cause::Anybody => &self.of_anybody,
        }
    }

    pub(super) fn read(&self, name: &Name, now: OffsetDateTime) -> Option<Vec<u8>> {
        self.records(name).get(name).and_then(|row| row.live_value(now))
    }

    pub(super) fn write(&self, name: &Name, row: Row, mode: WriteMode, now: OffsetDateTime) -> bool {
        let result = self.records(name).entry(*name).and_compute_with(|entry| {
            let present = entry.is_some_and(|entry| entry.into_value().live_value(now).is_some());
            if mode.allows(present) { Op::Put(row) } else { Op::Nop }
        });
        matches!(result, CompResult::Inserted(_) | CompResult::ReplacedWith(_))
    }

    pub(super) fn take(&self, name: &Name, now: OffsetDateTime) -> Option<Vec<u8>> {
        self.records(name).remove(name).and_then(|row| row.live_value(now))
    }

    pub(super) fn count(&self, name: &Name, now: OffsetDateTime) -> Option<Count> {
        let row = self.records(name).get(name).filter(|row| row.expires_at > now)?;
        Some(Count { count: super::count_of(&row.value), resets_at: row.expires_at })
    }

    pub(super) fn increment(&self, name: &Name, resets_at: OffsetDateTime, now: OffsetDateTime) -> Count {
        let entry = self.records(name).entry(*name).and_upsert_with(|entry| {
            let row = entry.map(moka::Entry::into_value).filter(|row| row.expires_at > now);
            let count = row.as_ref().map_or(0, |row| super::count_of(&row.value)) + 1;
            Row {
                value: count.to_be_bytes().to_vec(),
                expires_at: row.map_or(resets_at, |row| row.expires_at),
            }
        });
        let row = entry.into_value();
        Count { count: super::count_of(&row.value), resets_at: row.expires_at }
    }
}
