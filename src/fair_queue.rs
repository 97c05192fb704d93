//! A queue in lanes: those who wait in one lane take turns, and so do the lanes, so that a crowd in one holds up no
//! other. Known lanes go before all others, which let each other through by rank.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as SyncMutex, MutexGuard as SyncMutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard, Notify};
use tokio::time::timeout;

/// The most who wait in one lane.
const MAX_IN_LANE: usize = 64;
/// The number waiting in all from which only empty lanes take another.
const CROWDED: usize = 256;
/// The most who wait in all. Each holds a connection that others may need.
const MAX_IN_ALL: usize = 512;
/// Places for the known when all others are taken.
const RESERVED: usize = 64;

type Lanes<'a> = SyncMutexGuard<'a, HashMap<String, Arc<Lane>>>;

/// The queue. Each process has its own.
#[derive(Default)]
pub(crate) struct FairQueue {
    lanes: SyncMutex<HashMap<String, Arc<Lane>>>,
    all: Lane,
    /// Those who look for a gap between the known, by rank.
    ranks: [Line; 3],
    /// Wakes those who are first when there may be room.
    room: Notify,
}

/// The rank of those who wait behind the known. A rank asks for a turn only while nobody of an earlier one waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Strangers,
    /// The neighbours of those who have done harm.
    Neighbours,
    /// Those who have done harm.
    Harmful,
}

/// Those of one rank who wait.
#[derive(Default)]
struct Line {
    /// Held by the one that looks for a gap.
    first: Mutex<()>,
    waiting: AtomicUsize,
}

/// The head of a rank, which looks for a gap. Dropping it hands the place on.
pub(crate) struct Head<'a> {
    _first: MutexGuard<'a, ()>,
    _waits: Waits<'a>,
}

struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn begin(counter: &'a AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(counter)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Lane {
    /// Held by the first in line; tokio's mutex hands it on in the order of arrival. It holds what the last one says of room
    /// for the next.
    first: Mutex<bool>,
    waiting: AtomicUsize,
    /// Its places, waiting or not. Counted while the lanes are locked, so that the last one removes it.
    places: AtomicUsize,
}

/// A place in a lane. Dropping it leaves the queue.
pub(crate) struct Place {
    queue: Arc<FairQueue>,
    lane: Arc<Lane>,
    name: String,
    /// Whether it has begun what it waited for.
    runs: AtomicBool,
}

impl FairQueue {
    /// Wakes those who wait for room, because there may be some.
    pub(crate) fn tell_room(&self) {
        self.room.notify_waiters();
    }

    /// Joins a lane in which nobody else is; `None` if somebody is, or if too many wait.
    pub(crate) fn join_alone(self: &Arc<Self>, name: &str) -> Option<Place> {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.contains_key(name) { None } else { self.join_among(lanes, name, MAX_IN_ALL + RESERVED) }
    }

    /// Joins a lane; `None` if too many wait.
    pub(crate) fn join(self: &Arc<Self>, name: &str) -> Option<Place> {
        self.join_among(self.lanes.lock().unwrap_or_else(PoisonError::into_inner), name, MAX_IN_ALL)
    }

    /// Whether only empty lanes take another.
    pub(crate) fn is_crowded(&self) -> bool {
        self.all.waiting.load(Ordering::Relaxed) >= CROWDED
    }

    fn join_among(self: &Arc<Self>, mut lanes: Lanes<'_>, name: &str, most: usize) -> Option<Place> {
        let in_all = self.all.waiting.load(Ordering::Relaxed);
        let in_lane = lanes.get(name).map_or(0, |lane| lane.waiting.load(Ordering::Relaxed));
        if in_lane >= MAX_IN_LANE || in_all >= most || (in_all >= CROWDED && in_lane > 0) {
            return None;
        }
        let lane = lanes.entry(name.to_owned()).or_default().clone();
        for counted in [&lane, &self.all] {
            counted.waiting.fetch_add(1, Ordering::Relaxed);
        }
        lane.places.fetch_add(1, Ordering::Relaxed);
        Some(Place { queue: self.clone(), lane, name: name.to_owned(), runs: AtomicBool::new(false) })
    }
}

impl Place {
    /// Waits to be the first of the lane, which lasts as long as the guard. The guard tells the next whether there is room.
    pub(crate) async fn first_in_lane(&self) -> MutexGuard<'_, bool> {
        self.lane.first.lock().await
    }

    /// Waits to be the first of all. Only the first of a lane may ask, so that lanes take turns.
    pub(crate) async fn first_in_all(&self) -> MutexGuard<'_, bool> {
        self.queue.all.first.lock().await
    }

    /// Waits to be the first of this rank.
    pub(crate) async fn first_of(&self, rank: Rank) -> Head<'_> {
        let line = &self.queue.ranks[rank as usize];
        let waits = Waits::begin(&line.waiting);
        Head { _first: line.first.lock().await, _waits: waits }
    }

    /// Waits until there may be room, or for so long: other processes tell nothing.
    pub(crate) async fn may_have_room(&self, at_most: Duration) {
        let _ = timeout(at_most, self.queue.room.notified()).await;
    }

    /// Whether somebody of any rank waits.
    pub(crate) fn is_anybody_waiting(&self) -> bool {
        self.queue.ranks.iter().any(|line| line.waiting.load(Ordering::Relaxed) > 0)
    }

    /// Whether somebody of a rank before this one waits.
    pub(crate) fn is_behind_others(&self, rank: Rank) -> bool {
        self.queue.ranks[..rank as usize].iter().any(|line| line.waiting.load(Ordering::Relaxed) > 0)
    }

    /// Begins, and waits no more.
    pub(crate) fn begin(&self) {
        self.runs.store(true, Ordering::Relaxed);
        self.end_wait();
    }

    fn end_wait(&self) {
        for lane in [&self.lane, &self.queue.all] {
            lane.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lanes = self.queue.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.runs.load(Ordering::Relaxed) {
            self.end_wait();
        }
        if self.lane.places.fetch_sub(1, Ordering::Relaxed) == 1 {
            lanes.remove(&self.name);
        }
    }
}
