//! The `redis://` engine: any number of replicas share one Redis (5 or newer), or Valkey, which speaks the same.
//!
//! A record is its end (milliseconds since 1970 in 15 digits) and its value. Our own clock decides whether it has ended,
//! and Redis forgets it by itself too. Each primitive is one command or one script, so that nobody comes in between.

mod link;

use redis::{Cmd, ConnectionInfo, cmd};
use time::OffsetDateTime;

use self::link::Link;
use super::{Count, Error, Mode, Name, Row, millis, time_of};

/// What our keys begin with: the pattern for an ACL is `~mfa-portal:*`.
const PREFIX: &str = "mfa-portal:";
/// Digits of a record's end.
const END: usize = 15;

const WRITE: &str = concat!(include_str!("redis/in_time.lua"), include_str!("redis/write.lua"));
const TAKE: &str = concat!(include_str!("redis/in_time.lua"), include_str!("redis/take.lua"));
const COUNT: &str = concat!(include_str!("redis/in_time.lua"), include_str!("redis/count.lua"));

pub(super) struct Redis(Link);

impl Redis {
    pub(super) fn open(server: &ConnectionInfo) -> Result<Self, Error> {
        Ok(Self(Link::open(server)?))
    }

    pub(super) async fn read(&self, name: &Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let record = self.0.read(cmd("GET").arg(key(name)).to_owned()).await?;
        Ok(live(record, now))
    }

    pub(super) async fn write(
        &self,
        name: &Name,
        row: Row,
        mode: Mode,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let mode = match mode {
            Mode::Always => "always",
            Mode::IfAbsent => "absent",
            Mode::IfPresent => "present",
        };
        let (now, ends) = (millis(now), millis(row.ends));
        let record = [format!("{ends:0END$}").as_bytes(), &row.value].concat();
        let mut command = script(WRITE, name);
        command.arg(now).arg(mode).arg(record).arg((ends - now).max(1));
        self.0.change(command).await
    }

    pub(super) async fn take(&self, name: &Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let record = self.0.change(script(TAKE, name)).await?;
        Ok(live(record, now))
    }

    pub(super) async fn increment(
        &self,
        name: &Name,
        ends: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        let mut command = script(COUNT, name);
        command.arg(millis(now)).arg(millis(ends));
        let (count, ends) = self.0.change(command).await?;
        Ok(Count { count, ends: time_of(ends)? })
    }
}

fn key(name: &Name) -> String {
    name.as_bytes().iter().fold(PREFIX.to_owned(), |key, byte| key + &format!("{byte:02x}"))
}

fn script(text: &str, name: &Name) -> Cmd {
    cmd("EVAL").arg(text).arg(1).arg(key(name)).to_owned()
}

/// The value of a record that has not lapsed. One that does not begin with its end is nobody's.
fn live(record: Option<Vec<u8>>, now: OffsetDateTime) -> Option<Vec<u8>> {
    let mut record = record.filter(|record| record.len() >= END)?;
    let value = record.split_off(END);
    let ends: i64 = std::str::from_utf8(&record).ok()?.parse().ok()?;
    (ends > millis(now)).then_some(value)
}
