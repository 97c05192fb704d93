//! The `redis://` engine: any number of replicas share one Redis (5 or newer) or Valkey, a cluster of them, or the primary
//! that Sentinels name.
//!
//! A record is its expiry (milliseconds since 1970 in 15 digits) and its value. The portal's clock decides whether it
//! has expired; Redis deletes it too. Each primitive is atomic, because it is one command or one script about one record.

mod address;
mod condition;
mod link;
mod moving;

use futures_util::future::try_join_all;
use redis::{Cmd, Value, cmd, pipe};
use time::OffsetDateTime;

use self::address::Layout;
pub use self::address::RedisAddress;
pub(crate) use self::condition::Condition;
use self::link::Link;
use super::{Count, Error, Name, Row, WriteMode};
use crate::clock::{millis, time_of};

/// The prefix of every key. The pattern for an ACL is `~mfa-portal:*`.
const KEY_PREFIX: &str = "mfa-portal:";
const HEX: &[u8; 16] = b"0123456789abcdef";
/// Reads of one page in a cluster.
const AT_ONCE: usize = 3;
/// Digits of a record's expiry.
const EXPIRY_DIGITS: usize = 15;

const WRITE: &str = concat!(include_str!("redis/in_time.lua"), include_str!("redis/write.lua"));
const TAKE: &str = concat!(include_str!("redis/in_time.lua"), include_str!("redis/take.lua"));
const COUNT: &str = concat!(include_str!("redis/in_time.lua"), include_str!("redis/count.lua"));
const GIVE_BACK: &str = concat!(include_str!("redis/in_time.lua"), include_str!("redis/give_back.lua"));

pub(super) struct Redis {
    link: Link,
    is_cluster: bool,
}

impl Redis {
    pub(super) fn open(address: &RedisAddress) -> Result<Self, Error> {
        Ok(Self { link: Link::open(address)?, is_cluster: *address.layout() == Layout::Cluster })
    }

    /// The account that Redis gives of itself. `None` when the portal's user may not ask.
    pub(super) async fn condition(&self) -> Result<Option<Condition>, Error> {
        let infos = self.link.ask_all(&cmd("INFO")).await?;
        Ok(infos.map(|infos| Condition::of(&infos)))
    }

    /// Whether the portal's user may follow records that are moving to another node of a cluster.
    pub(super) async fn follows_moves(&self) -> Result<bool, Error> {
        Ok(!self.is_cluster || self.link.ask_all::<Value>(&cmd("ASKING")).await?.is_some())
    }

    pub(super) async fn read(&self, name: &Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let record = self.link.read(cmd("GET").arg(self.key(name)).to_owned()).await?;
        Ok(live_value(record, now))
    }

    pub(super) async fn read_all(
        &self,
        names: &[Name],
        now: OffsetDateTime,
    ) -> Result<Vec<Option<Vec<u8>>>, Error> {
        if self.is_cluster {
            // Each node has its own. While records move, the redis crate is in its own way when it follows many at once.
            let mut found = Vec::with_capacity(names.len());
            for some in names.chunks(AT_ONCE) {
                found.extend(try_join_all(some.iter().map(|name| self.read(name, now))).await?);
            }
            return Ok(found);
        }
        let mut commands = pipe();
        for name in names {
            commands.get(self.key(name));
        }
        let records: Vec<Option<Vec<u8>>> = self.link.read_all(&commands).await?;
        Ok(records.into_iter().map(|record| live_value(record, now)).collect())
    }

    /// Whether each record has its node.
    pub(super) fn is_cluster(&self) -> bool {
        self.is_cluster
    }

    pub(super) async fn write(
        &self,
        name: &Name,
        row: Row,
        mode: WriteMode,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let mode = match mode {
            WriteMode::Always => "always",
            WriteMode::IfAbsent => "absent",
            WriteMode::IfPresent => "present",
        };
        let (now, expires_at) = (millis(now), millis(row.expires_at));
        let record = [format!("{expires_at:0EXPIRY_DIGITS$}").as_bytes(), &row.value].concat();
        let mut command = self.script(WRITE, name);
        command.arg(now).arg(mode).arg(record).arg((expires_at - now).max(1));
        self.link.change(command).await
    }

    pub(super) async fn take(&self, name: &Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let record = self.link.change(self.script(TAKE, name)).await?;
        Ok(live_value(record, now))
    }

    pub(super) async fn count(&self, name: &Name, now: OffsetDateTime) -> Result<Option<Count>, Error> {
        let record = self.link.read(cmd("GET").arg(self.key(name)).to_owned()).await?;
        let Some((expires_at, value)) = live_record(record, now) else { return Ok(None) };
        let count = std::str::from_utf8(&value).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0);
        Ok(Some(Count { count, resets_at: time_of(expires_at)? }))
    }

    pub(super) async fn increment(
        &self,
        name: &Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        let mut command = self.script(COUNT, name);
        command.arg(millis(now)).arg(millis(resets_at));
        let (count, resets_at) = self.link.change(command).await?;
        Ok(Count { count, resets_at: time_of(resets_at)? })
    }

    /// Takes one off the counter, unless its window is another one.
    pub(super) async fn give_back(
        &self,
        name: &Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let mut command = self.script(GIVE_BACK, name);
        command.arg(millis(now)).arg(millis(resets_at));
        let _: i64 = self.link.change(command).await?;
        Ok(())
    }

    /// In a cluster, records that are named after one person have one hash tag, so that one node holds them all and keeps or
    /// loses the last of them in their order. The tag is short, so that people share it and it is nobody's name.
    fn key(&self, name: &Name) -> String {
        let tag = name.person.filter(|_| self.is_cluster).map(|person| format!("{{{person:04x}}}:"));
        let key = KEY_PREFIX.to_owned() + tag.as_deref().unwrap_or_default();
        name.as_bytes().iter().fold(key, |mut key, byte| {
            let digit = |value: u8| char::from(HEX[usize::from(value)]);
            key.extend([digit(byte >> 4), digit(byte & 15)]);
            key
        })
    }

    fn script(&self, text: &str, name: &Name) -> Cmd {
        cmd("EVAL").arg(text).arg(1).arg(self.key(name)).to_owned()
    }
}

/// The value of a record, unless it has expired or another program wrote it.
fn live_value(record: Option<Vec<u8>>, now: OffsetDateTime) -> Option<Vec<u8>> {
    live_record(record, now).map(|(_, value)| value)
}

/// The same with its expiry before it, in milliseconds since 1970.
fn live_record(record: Option<Vec<u8>>, now: OffsetDateTime) -> Option<(i64, Vec<u8>)> {
    let mut record = record.filter(|record| record.len() >= EXPIRY_DIGITS)?;
    let value = record.split_off(EXPIRY_DIGITS);
    let expires_at: i64 = std::str::from_utf8(&record).ok()?.parse().ok()?;
    (expires_at > millis(now)).then_some((expires_at, value))
}
