//! The `redis://` engine: any number of replicas share one Redis, or Valkey, which speaks the same.
//!
//! A record is its end (milliseconds since 1970 in 15 digits) and its value. Its end is decided by our own clock, and
//! Redis forgets it by itself. Each primitive is one command or one script, so that replicas cannot come in between.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ConnectionInfo, FromRedisValue, RedisError, cmd};
use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Count, Error, Key, Mode, Row, millis, time_of};

/// How long connecting may take, name look-up and password included, and then how long an answer. Together they leave a
/// page the time to say within two seconds that the store is away.
const CONNECT: Duration = Duration::from_millis(750);
const ANSWER: Duration = Duration::from_millis(750);
/// After a failure everybody is told so at once for so long; then one request tries again and the others wait for it.
const PAUSE: Duration = Duration::from_millis(250);
/// What our keys begin with: the pattern for an ACL is `~mfa-portal:*`.
const PREFIX: &[u8] = b"mfa-portal:";
/// Digits of a record's end.
const END: usize = 15;

const WRITE: &str = include_str!("write.lua");
const COUNT: &str = include_str!("count.lua");

/// One multiplexed connection, replaced when it fails. The library's own connection manager is not used because it
/// keeps the answer "wrong password" for ever.
pub(super) struct Redis {
    client: Client,
    link: Mutex<Link>,
}

enum Link {
    Up { connection: MultiplexedConnection, number: u64 },
    Down { number: u64, until: Instant, cause: Option<RedisError> },
}

impl Redis {
    /// Nothing is connected yet: the portal also starts while Redis is away.
    pub(super) fn open(place: &ConnectionInfo) -> Result<Self, Error> {
        let client = Client::open(place.clone()).map_err(Error::away)?;
        Ok(Self { client, link: Mutex::new(Link::Down { number: 0, until: Instant::now(), cause: None }) })
    }

    pub(super) async fn read(&self, key: &Key, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let record = self.ask(cmd("GET").arg(name(key))).await?;
        Ok(live(record, now))
    }

    pub(super) async fn write(
        &self,
        key: &Key,
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
        let record = [format!("{ends:015}").as_bytes(), &row.value].concat();
        let mut command = script(WRITE, key);
        self.ask(command.arg(now).arg(mode).arg(record).arg((ends - now).max(1))).await
    }

    pub(super) async fn take(&self, key: &Key, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        let record = self.ask(cmd("GETDEL").arg(name(key))).await?;
        Ok(live(record, now))
    }

    pub(super) async fn increment(
        &self,
        key: &Key,
        ends: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        let mut command = script(COUNT, key);
        let (count, ends) = self.ask(command.arg(millis(now)).arg(millis(ends))).await?;
        Ok(Count { count, ends: time_of(ends)? })
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Error> {
        let (mut connection, number) = self.connection().await.map_err(|cause| self.away(&cause))?;
        match command.query_async(&mut connection).await {
            Ok(answer) => Ok(answer),
            Err(cause) => {
                self.forget(number, &cause).await;
                Err(self.away(&cause))
            }
        }
    }

    /// The connection, made anew where there is none. One request connects, the others wait for what it comes to.
    async fn connection(&self) -> Result<(MultiplexedConnection, u64), RedisError> {
        let mut link = self.link.lock().await;
        let number = match &*link {
            Link::Up { connection, number } => return Ok((connection.clone(), *number)),
            Link::Down { until, cause: Some(cause), .. } if Instant::now() < *until => {
                return Err(cause.clone());
            }
            Link::Down { number, .. } => number + 1,
        };
        let limits = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER));
        match self.client.get_multiplexed_async_connection_with_config(&limits).await {
            Ok(connection) => {
                *link = Link::Up { connection: connection.clone(), number };
                Ok((connection, number))
            }
            Err(cause) => {
                *link = Link::Down { number, until: Instant::now() + PAUSE, cause: Some(cause.clone()) };
                Err(cause)
            }
        }
    }

    /// After any failure the next request connects anew: to a new primary, with a changed password, to a server that
    /// came back. Only silence and broken connections make everybody pause; an error is an answer.
    async fn forget(&self, failed: u64, cause: &RedisError) {
        let mut link = self.link.lock().await;
        if matches!(*link, Link::Up { number, .. } if number == failed) {
            let pause = if cause.is_io_error() { PAUSE } else { Duration::ZERO };
            *link = Link::Down { number: failed, until: Instant::now() + pause, cause: Some(cause.clone()) };
        }
    }

    fn away(&self, cause: &RedisError) -> Error {
        // The address, which is printed without user and password.
        Error::away(format!("Redis at {}: {cause}", self.client.get_connection_info().addr()))
    }
}

fn name(key: &Key) -> Vec<u8> {
    key.as_bytes().iter().fold(PREFIX.to_vec(), |mut name, byte| {
        name.extend(format!("{byte:02x}").bytes());
        name
    })
}

fn script(text: &str, key: &Key) -> Cmd {
    let mut command = cmd("EVAL");
    command.arg(text).arg(1).arg(name(key));
    command
}

/// The value of a record that has not lapsed. One that does not begin with its end is nobody's.
fn live(record: Option<Vec<u8>>, now: OffsetDateTime) -> Option<Vec<u8>> {
    let mut record = record.filter(|record| record.len() >= END)?;
    let value = record.split_off(END);
    let ends: i64 = std::str::from_utf8(&record).ok()?.parse().ok()?;
    (ends > millis(now)).then_some(value)
}
