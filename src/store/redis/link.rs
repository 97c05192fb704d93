//! The one connection to Redis: opened when it is needed, closed after any failure, opened again by the next request.

use std::io;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ConnectionInfo, FromRedisValue, RedisError, cmd};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::store::Error;

/// Includes name resolution and authentication. Together with `RESPONSE_TIMEOUT` it lets a page report within two
/// seconds that the store is unavailable.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(750);
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(750);
/// After a failure, requests fail at once for this long. Then one of them reconnects while the others wait.
const RETRY_DELAY: Duration = Duration::from_millis(250);
/// The error code of in_time.lua.
const LATE: &str = "LATE";
/// The error codes of a node that does not hold a record (Redis, Cluster specification).
const CLUSTER: [&str; 4] = ["MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT"];

/// Replaces the redis crate's connection manager, which never recovers from a wrong password.
pub(super) struct Link {
    client: Client,
    state: Mutex<LinkState>,
}

enum LinkState {
    Connected(Connected),
    Disconnected { generation: u64, retry_at: Instant, cause: Option<RedisError> },
}

#[derive(Clone)]
struct Connected {
    connection: MultiplexedConnection,
    generation: u64,
    /// The server's clock in milliseconds since 1970, and when it was read.
    server_time: (i64, Instant),
}

impl Connected {
    /// When a command sent now times out, in milliseconds by the server's clock.
    fn deadline(&self) -> i64 {
        let (shown, at) = self.server_time;
        shown + i64::try_from((at.elapsed() + RESPONSE_TIMEOUT).as_millis()).unwrap_or(i64::MAX)
    }
}

impl Link {
    /// Does not connect yet, so that the portal also starts while Redis is down.
    pub(super) fn open(server: &ConnectionInfo) -> Result<Self, Error> {
        // Skip CLIENT SETINFO: we don't need it, and the ACL then grants one command fewer.
        let settings = server.redis_settings().clone().set_skip_set_lib_name();
        let client = Client::open(server.clone().set_redis_settings(settings)).map_err(Error::unavailable)?;
        Ok(Self {
            client,
            state: Mutex::new(LinkState::Disconnected {
                generation: 0,
                retry_at: Instant::now(),
                cause: None,
            }),
        })
    }

    /// Runs a command that changes nothing.
    pub(super) async fn read<T: FromRedisValue>(&self, command: Cmd) -> Result<T, Error> {
        self.send(|_| command.clone()).await.map_err(|cause| self.unavailable(&cause))
    }

    /// Runs a script that begins with in_time.lua, so that its change happens before the timeout or not at all.
    pub(super) async fn change<T: FromRedisValue>(&self, script: Cmd) -> Result<T, Error> {
        let with_deadline = |deadline| script.clone().arg(deadline).to_owned();
        let answer = match self.send(with_deadline).await {
            // A clock was set. Nothing was done, and a new connection reads the server's time again.
            Err(refused) if refused.code() == Some(LATE) => self.send(with_deadline).await,
            answer => answer,
        };
        answer.map_err(|cause| self.unavailable(&cause))
    }

    async fn send<T: FromRedisValue>(&self, command: impl Fn(i64) -> Cmd) -> Result<T, RedisError> {
        let mut connected = self.connected().await?;
        let answer = command(connected.deadline()).query_async(&mut connected.connection).await;
        if let Err(cause) = &answer {
            self.disconnect(connected.generation, cause).await;
        }
        answer
    }

    /// The connection. When there is none, one request connects and the others wait for its result.
    async fn connected(&self) -> Result<Connected, RedisError> {
        let mut state = self.state.lock().await;
        let generation = match &*state {
            LinkState::Connected(connected) => return Ok(connected.clone()),
            LinkState::Disconnected { retry_at, cause: Some(cause), .. } if Instant::now() < *retry_at => {
                return Err(cause.clone());
            }
            LinkState::Disconnected { generation, .. } => generation + 1,
        };
        let result = tokio::time::timeout(CONNECT_TIMEOUT, self.connect(generation))
            .await
            .unwrap_or_else(|timed_out| Err(io::Error::from(timed_out).into()));
        *state = match &result {
            Ok(connected) => LinkState::Connected(connected.clone()),
            Err(cause) => LinkState::Disconnected {
                generation,
                retry_at: Instant::now() + RETRY_DELAY,
                cause: Some(cause.clone()),
            },
        };
        result
    }

    async fn connect(&self, generation: u64) -> Result<Connected, RedisError> {
        let limits = AsyncConnectionConfig::new().set_response_timeout(Some(RESPONSE_TIMEOUT));
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&limits).await?;
        let (seconds, micros): (i64, i64) = cmd("TIME").query_async(&mut connection).await?;
        let server_time = (seconds * 1000 + micros / 1000, Instant::now());
        Ok(Connected { connection, generation, server_time })
    }

    /// Drops the connection that failed, so that the next request reconnects, perhaps to a new primary or with a
    /// changed password. Only timeouts and broken connections delay that; an error reply shows that the server is up.
    async fn disconnect(&self, failed: u64, cause: &RedisError) {
        let mut state = self.state.lock().await;
        if matches!(&*state, LinkState::Connected(connected) if connected.generation == failed) {
            let delay = if cause.is_io_error() { RETRY_DELAY } else { Duration::ZERO };
            *state = LinkState::Disconnected {
                generation: failed,
                retry_at: Instant::now() + delay,
                cause: Some(cause.clone()),
            };
        }
    }

    /// Adds the server's address, which is printed without user and password.
    fn unavailable(&self, cause: &RedisError) -> Error {
        let address = self.client.get_connection_info().addr();
        if cause.code().is_some_and(|code| CLUSTER.contains(&code)) {
            return Error::unavailable(format!("Redis at {address} is a node of a Redis Cluster ({cause})"));
        }
        Error::unavailable(format!("Redis at {address}: {cause}"))
    }
}
