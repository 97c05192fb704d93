//! The clock, a parameter of everything that needs the time, so that tests move time instead of sleeping.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use time::error::ComponentRange;
use time::{Duration, OffsetDateTime};

/// How far the clocks of two machines may differ, such as the tenant's and ours or those of two replicas.
pub const SKEW: Duration = Duration::MINUTE;

/// A source of the current time (UTC) and of the process' uptime.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
    /// Unlike the wall clock, the uptime cannot be set.
    uptime: Arc<dyn Fn() -> Duration + Send + Sync>,
    /// The start of the process in whole milliseconds, which identifies it in a [`Mark`]. The uptimes of two processes of
    /// the same millisecond are alike.
    process: OffsetDateTime,
}

/// A moment, by the wall clock and by the uptime of the process that recorded it. It is stored as the time, the process'
/// age by the wall clock and its uptime, in milliseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "(i64, i64, i64)", into = "(i64, i64, i64)")]
pub struct Mark {
    /// The time by the wall clock.
    pub at: OffsetDateTime,
    process: OffsetDateTime,
    uptime: Duration,
}

impl From<Mark> for (i64, i64, i64) {
    fn from(Mark { at, process, uptime }: Mark) -> Self {
        let uptime = i64::try_from(uptime.whole_milliseconds()).unwrap_or(i64::MAX);
        (millis(at), millis(at) - millis(process), uptime)
    }
}

impl TryFrom<(i64, i64, i64)> for Mark {
    type Error = ComponentRange;

    fn try_from((at, age, uptime): (i64, i64, i64)) -> Result<Self, Self::Error> {
        let process = time_of(at.saturating_sub(age))?;
        Ok(Self { at: time_of(at)?, process, uptime: Duration::milliseconds(uptime) })
    }
}

/// Milliseconds since 1970, as times are stored.
pub(crate) fn millis(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// The time this many milliseconds after 1970 began. Fails out of the range of dates.
pub(crate) fn time_of(millis: i64) -> Result<OffsetDateTime, ComponentRange> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    pub fn system() -> Self {
        let began = Instant::now();
        Self::with_uptime(OffsetDateTime::now_utc, move || {
            began.elapsed().try_into().unwrap_or(Duration::MAX)
        })
    }

    /// A clock that shows what `wall` returns, in a process whose uptime stands still.
    pub fn from_fn(wall: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self::with_uptime(wall, || Duration::ZERO)
    }

    /// A clock that shows what `wall` returns, in a process that has run for what `uptime` returns.
    pub fn with_uptime(
        wall: impl Fn() -> OffsetDateTime + Send + Sync + 'static,
        uptime: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        let process = wall().truncate_to_millisecond();
        Self { wall: Arc::new(wall), uptime: Arc::new(uptime), process }
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        (self.wall)()
    }

    /// Whether less than `time` has passed since an instant. One that lies more than [`SKEW`] ahead was read before the
    /// clock was set back, so its age is unknown and it counts as too old.
    #[must_use]
    pub fn is_within(&self, time: Duration, since: OffsetDateTime) -> bool {
        let age = self.now() - since;
        -SKEW <= age && age < time
    }

    /// Records this moment.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { at: self.now(), process: self.process, uptime: (self.uptime)() }
    }

    /// The rest of `time` after a moment. In the process that recorded it the longer of wall clock and uptime counts,
    /// so that setting the clock never prolongs anything. After a restart, or in another replica, only the wall clock
    /// is known, and setting it back prolongs by as much.
    #[must_use]
    pub fn remaining(&self, time: Duration, since: &Mark) -> Duration {
        let by_clock = self.now() - since.at;
        if by_clock < -SKEW {
            return Duration::ZERO;
        }
        let is_ours = since.process == self.process;
        let by_uptime = if is_ours { (self.uptime)() - since.uptime } else { Duration::ZERO };
        let elapsed = by_clock.max(by_uptime).max(Duration::ZERO);
        (time - elapsed).max(Duration::ZERO)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
