//! Records that people cause. None of them is ever dropped before its time, because it may be a session or a recovery
//! code: when there is no room for another one, its writer is told.

use std::array;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use crate::store::{Error, Name, Row};

/// The most records: two for each session, and those of what its person does. With sessions alone they take about 300 MB.
const MOST: usize = 400_000;
/// Parts with a lock of their own. Names are hashes, so all parts grow alike.
const PARTS: usize = 64;
/// Expired records are freed this often, where anything is written.
const SWEEP_EVERY: u64 = 10_000;

/// The records, in parts.
pub(super) struct People {
    parts: [Mutex<Part>; PARTS],
    began: Instant,
}

#[derive(Default)]
struct Part {
    rows: HashMap<Name, Held>,
    swept_at: u64,
}

/// A record, with the end of its time by the uptime too, in milliseconds: no clock that is set back prolongs it.
struct Held {
    row: Row,
    lasts_until: u64,
}

/// The time by the clock and by the uptime.
#[derive(Clone, Copy)]
struct Now(OffsetDateTime, u64);

impl Default for People {
    fn default() -> Self {
        Self { parts: array::from_fn(|_| Mutex::default()), began: Instant::now() }
    }
}

impl People {
    /// The part that `read` takes from the record, if there is a live one.
    pub(super) fn live<T>(
        &self,
        name: &Name,
        now: OffsetDateTime,
        read: impl FnOnce(&Row) -> T,
    ) -> Option<T> {
        self.part(name).live(name, self.now(now)).map(read)
    }

    /// Writes what `change` makes of the live record or of none, and returns it. Fails when there is no room for a new one.
    pub(super) fn change(
        &self,
        name: &Name,
        now: OffsetDateTime,
        change: impl FnOnce(Option<&Row>) -> Option<Row>,
    ) -> Result<Option<Row>, Error> {
        let (mut part, now) = (self.part(name), self.now(now));
        part.make_room(now);
        let Some(row) = change(part.live(name, now)) else { return Ok(None) };
        if part.rows.len() >= MOST / PARTS && !part.rows.contains_key(name) {
            return Err(Error::unavailable(format!(
                "memory: holds {MOST} records, and no more fit; sqlite: and Redis have room for more"
            )));
        }
        let lasts_until = now.1 + millis(row.expires_at - now.0);
        part.rows.insert(*name, Held { row: row.clone(), lasts_until });
        Ok(Some(row))
    }

    /// Removes the record and returns it, if it is a live one.
    pub(super) fn take(&self, name: &Name, now: OffsetDateTime) -> Option<Row> {
        let now = self.now(now);
        self.part(name).rows.remove(name).filter(|held| held.is_live(now)).map(|held| held.row)
    }

    fn now(&self, clock: OffsetDateTime) -> Now {
        Now(clock, u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    fn part(&self, name: &Name) -> MutexGuard<'_, Part> {
        let number = usize::from(name.as_bytes()[0]) % PARTS;
        self.parts[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part {
    fn live(&self, name: &Name, now: Now) -> Option<&Row> {
        self.rows.get(name).filter(|held| held.is_live(now)).map(|held| &held.row)
    }

    /// Frees expired records now and then, and whenever the part is full.
    fn make_room(&mut self, now: Now) {
        if now.1 - self.swept_at >= SWEEP_EVERY || self.rows.len() >= MOST / PARTS {
            self.rows.retain(|_, held| held.is_live(now));
            self.swept_at = now.1;
        }
    }
}

impl Held {
    fn is_live(&self, Now(clock, uptime): Now) -> bool {
        self.row.expires_at > clock && self.lasts_until > uptime
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.whole_milliseconds()).unwrap_or_default()
}
