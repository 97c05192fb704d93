//! The one connection to Redis: made when it is needed, given up at any failure, made anew by the next request.

use std::io;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ConnectionInfo, FromRedisValue, RedisError, cmd};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::store::Error;

/// How long connecting may take, name look-up and password included, and then how long an answer. Together they leave a
/// page the time to say within two seconds that the store is away.
const CONNECT: Duration = Duration::from_millis(750);
const ANSWER: Duration = Duration::from_millis(750);
/// After a failure everybody is told so at once for so long; then one request tries again and the others wait for it.
const PAUSE: Duration = Duration::from_millis(250);
/// How in_time.lua refuses.
const LATE: &str = "LATE";

/// The library's own connection manager is not used because it keeps the answer "wrong password" for ever.
pub(super) struct Link {
    client: Client,
    state: Mutex<State>,
}

enum State {
    Up(Up),
    Down { number: u64, until: Instant, cause: Option<RedisError> },
}

#[derive(Clone)]
struct Up {
    connection: MultiplexedConnection,
    number: u64,
    /// What the server's clock showed, in milliseconds, and when that was.
    clock: (i64, Instant),
}

impl Up {
    /// When the answer to a command that is sent now is no longer waited for, by the server's clock.
    fn latest(&self) -> i64 {
        let (shown, at) = self.clock;
        shown + i64::try_from((at.elapsed() + ANSWER).as_millis()).unwrap_or(i64::MAX)
    }
}

impl Link {
    /// Nothing is connected yet: the portal also starts while Redis is away.
    pub(super) fn open(server: &ConnectionInfo) -> Result<Self, Error> {
        // What the client is called is of no use here, and one right less for the ACL.
        let settings = server.redis_settings().clone().set_skip_set_lib_name();
        let client = Client::open(server.clone().set_redis_settings(settings)).map_err(Error::away)?;
        Ok(Self { client, state: Mutex::new(State::Down { number: 0, until: Instant::now(), cause: None }) })
    }

    /// Asks without changing anything.
    pub(super) async fn read<T: FromRedisValue>(&self, command: Cmd) -> Result<T, Error> {
        self.send(|_| command.clone()).await.map_err(|cause| self.away(&cause))
    }

    /// Runs a script that begins with in_time.lua: its change is done in time or not at all.
    pub(super) async fn change<T: FromRedisValue>(&self, script: Cmd) -> Result<T, Error> {
        let in_time = |latest| script.clone().arg(latest).to_owned();
        let answer = match self.send(in_time).await {
            // Somebody has set a clock. Nothing was done, and the new connection has asked for the time anew.
            Err(refused) if refused.code() == Some(LATE) => self.send(in_time).await,
            answer => answer,
        };
        answer.map_err(|cause| self.away(&cause))
    }

    async fn send<T: FromRedisValue>(&self, command: impl Fn(i64) -> Cmd) -> Result<T, RedisError> {
        let mut up = self.up().await?;
        let answer = command(up.latest()).query_async(&mut up.connection).await;
        if let Err(cause) = &answer {
            self.give_up(up.number, cause).await;
        }
        answer
    }

    /// The connection. Where there is none, one request connects and the others wait for what it comes to.
    async fn up(&self) -> Result<Up, RedisError> {
        let mut state = self.state.lock().await;
        let number = match &*state {
            State::Up(up) => return Ok(up.clone()),
            State::Down { until, cause: Some(cause), .. } if Instant::now() < *until => {
                return Err(cause.clone());
            }
            State::Down { number, .. } => number + 1,
        };
        let made = tokio::time::timeout(CONNECT, self.connect(number))
            .await
            .unwrap_or_else(|slow| Err(io::Error::from(slow).into()));
        *state = match &made {
            Ok(up) => State::Up(up.clone()),
            Err(cause) => State::Down { number, until: Instant::now() + PAUSE, cause: Some(cause.clone()) },
        };
        made
    }

    async fn connect(&self, number: u64) -> Result<Up, RedisError> {
        let limits = AsyncConnectionConfig::new().set_response_timeout(Some(ANSWER));
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&limits).await?;
        let (seconds, micros): (i64, i64) = cmd("TIME").query_async(&mut connection).await?;
        Ok(Up { connection, number, clock: (seconds * 1000 + micros / 1000, Instant::now()) })
    }

    /// After any failure the next request connects anew: to a new primary, with a changed password, to a server that
    /// came back. Only silence and broken connections make everybody pause; an error is an answer.
    async fn give_up(&self, failed: u64, cause: &RedisError) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Up(up) if up.number == failed) {
            let pause = if cause.is_io_error() { PAUSE } else { Duration::ZERO };
            *state =
                State::Down { number: failed, until: Instant::now() + pause, cause: Some(cause.clone()) };
        }
    }

    /// The cause with the address, which is printed without user and password.
    fn away(&self, cause: &RedisError) -> Error {
        Error::away(format!("Redis at {}: {cause}", self.client.get_connection_info().addr()))
    }
}
