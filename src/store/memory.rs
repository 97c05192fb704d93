//! The `memory:` engine: for one process and for demos. Nothing survives a restart.

use std::time::{Duration, Instant};

use moka::Expiry;
use moka::ops::compute::{CompResult, Op};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use time::OffsetDateTime;

use super::{Count, Mode, Name, Row};
use crate::clock::Clock;

/// How many records are kept; the least recently used go first. About 300 MB of sessions.
const CAPACITY: u64 = 200_000;

pub(super) struct Memory(Cache<Name, Row>);

/// Lapsed records give their memory back in time, and not only when there are too many.
struct Lapse(Clock);

impl Lapse {
    fn left(&self, row: &Row) -> Duration {
        (row.ends - self.0.now()).try_into().unwrap_or_default()
    }
}

impl Expiry<Name, Row> for Lapse {
    fn expire_after_create(&self, _: &Name, row: &Row, _: Instant) -> Option<Duration> {
        Some(self.left(row))
    }

    fn expire_after_update(&self, _: &Name, row: &Row, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(self.left(row))
    }
}

impl Memory {
    pub(super) fn new(clock: Clock) -> Self {
        let records = Cache::builder().max_capacity(CAPACITY).expire_after(Lapse(clock));
        // Least recently used, because the default policy may refuse a new record for an old popular one.
        Self(records.eviction_policy(EvictionPolicy::lru()).build())
    }

    pub(super) fn read(&self, name: &Name, now: OffsetDateTime) -> Option<Vec<u8>> {
        self.0.get(name).and_then(|row| row.live(now))
    }

    pub(super) fn write(&self, name: &Name, row: Row, mode: Mode, now: OffsetDateTime) -> bool {
        let result = self.0.entry(*name).and_compute_with(|entry| {
            let present = entry.is_some_and(|entry| entry.into_value().live(now).is_some());
            if mode.allows(present) { Op::Put(row) } else { Op::Nop }
        });
        matches!(result, CompResult::Inserted(_) | CompResult::ReplacedWith(_))
    }

    pub(super) fn take(&self, name: &Name, now: OffsetDateTime) -> Option<Vec<u8>> {
        self.0.remove(name).and_then(|row| row.live(now))
    }

    pub(super) fn increment(&self, name: &Name, ends: OffsetDateTime, now: OffsetDateTime) -> Count {
        let entry = self.0.entry(*name).and_upsert_with(|entry| {
            let row = entry.map(moka::Entry::into_value).filter(|row| row.ends > now);
            let count = row.as_ref().map_or(0, |row| super::count_of(&row.value)) + 1;
            Row { value: count.to_be_bytes().to_vec(), ends: row.map_or(ends, |row| row.ends) }
        });
        let row = entry.into_value();
        Count { count: super::count_of(&row.value), ends: row.ends }
    }
}
