//! The one connection to Redis: opened when it is needed, closed after any failure, opened again by the next request.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo};
use redis::sentinel::SentinelClient;
use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, RedisError, RedisResult, Value, cmd,
    from_redis_value,
};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::address::{Layout, RedisAddress};
use super::moving;
use crate::store::Error;

/// Includes name resolution and authentication. Together with `RESPONSE_TIMEOUT` it lets a page report within two
/// seconds that the store is unavailable.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(750);
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(750);
/// For each node of a cluster, because one that is away must not use up the time of the others.
const NODE_TIMEOUT: Duration = Duration::from_millis(300);
/// After a failure, requests fail at once for this long. Then one of them reconnects while the others wait.
const RETRY_DELAY: Duration = Duration::from_millis(250);
/// A cluster's connection is opened anew at most this often, because nodes that work are asked over it meanwhile.
const CLUSTER_RENEWAL: Duration = Duration::from_secs(1);
/// The error code of in_time.lua.
const LATE: &str = "LATE";
/// The error codes of a node that does not hold a record (Redis, Cluster specification).
const CLUSTER: [&str; 4] = ["MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT"];

/// Replaces the redis crate's connection manager, which never recovers from a wrong password.
pub(super) struct Link {
    address: RedisAddress,
    clients: Clients,
    state: Mutex<LinkState>,
}

/// The client that opens connections.
enum Clients {
    Single(Box<Client>),
    Cluster(Box<ClusterClient>),
    /// The second shows the Sentinels a password, which the first does not.
    Sentinel(Box<Mutex<[SentinelClient; 2]>>),
}

enum LinkState {
    Connected(Connected),
    Disconnected { generation: u64, retry_at: Instant, cause: Option<RedisError> },
}

#[derive(Clone)]
enum Connection {
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

#[derive(Clone)]
struct Connected {
    connection: Connection,
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

    async fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        match &mut self.connection {
            Connection::Single(connection) => command.query_async(connection).await,
            // Boxed, because it stands in the futures of all who use the store.
            Connection::Cluster(connection) => Box::pin(moving::query(connection, command)).await,
        }
    }

    /// Sends all commands before it waits for the first answer.
    async fn query_each<T: FromRedisValue>(&mut self, commands: &Pipeline) -> RedisResult<T> {
        match &mut self.connection {
            Connection::Single(connection) => commands.query_async(connection).await,
            Connection::Cluster(connection) => Box::pin(commands.query_async(connection)).await,
        }
    }

    async fn query_all<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<Vec<T>> {
        match &mut self.connection {
            Connection::Single(connection) => Ok(vec![command.query_async(connection).await?]),
            Connection::Cluster(connection) => of_all(connection, command).await,
        }
    }

    /// How long requests fail at once after this failure; `None` when the connection can go on. Only timeouts and broken
    /// connections delay, because an error reply shows that the server is up.
    fn delay_after(&self, cause: &RedisError) -> Option<Duration> {
        let is_young = self.server_time.1.elapsed() < CLUSTER_RENEWAL;
        match self.connection {
            Connection::Single(_) if cause.is_io_error() => Some(RETRY_DELAY),
            // One node's failure must not fail those who need another.
            Connection::Cluster(_) if is_young && cause.code() != Some(LATE) => None,
            _ => Some(Duration::ZERO),
        }
    }
}

impl Link {
    /// Does not connect yet, so that the portal also starts while Redis is down.
    pub(super) fn open(address: &RedisAddress) -> Result<Self, Error> {
        let clients = match address.layout() {
            Layout::Single => address.single().map(Box::new).map(Clients::Single),
            Layout::Cluster => {
                address.cluster(NODE_TIMEOUT, RESPONSE_TIMEOUT).map(Box::new).map(Clients::Cluster)
            }
            Layout::Sentinel { primary } => [false, true]
                .map(|with_password| address.sentinel(primary, with_password))
                .into_iter()
                .collect::<RedisResult<Vec<_>>>()
                .and_then(|both| both.try_into().map_err(|_| io::Error::other("two clients").into()))
                .map(|both| Clients::Sentinel(Box::new(Mutex::new(both)))),
        };
        Ok(Self {
            address: address.clone(),
            clients: clients.map_err(Error::unavailable)?,
            state: Mutex::new(LinkState::Disconnected {
                generation: 0,
                retry_at: Instant::now(),
                cause: None,
            }),
        })
    }

    /// Runs a command that changes nothing.
    pub(super) async fn read<T: FromRedisValue>(&self, command: Cmd) -> Result<T, Error> {
        self.send(|_| Cow::Borrowed(&command)).await.map_err(|cause| self.unavailable(&cause))
    }

    /// Runs commands that change nothing, in one trip. A cluster takes those for one node.
    pub(super) async fn read_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Error> {
        let mut connected = self.connected().await.map_err(|cause| self.unavailable(&cause))?;
        let answer = connected.query_each(commands).await;
        self.noted(&connected, answer).await.map_err(|cause| self.unavailable(&cause))
    }

    /// Runs a script that begins with in_time.lua, so that its change happens before the timeout or not at all.
    pub(super) async fn change<T: FromRedisValue>(&self, script: Cmd) -> Result<T, Error> {
        let with_deadline = |deadline| Cow::Owned(script.clone().arg(deadline).to_owned());
        let answer = match self.send(with_deadline).await {
            // A clock was set. Nothing was done, and a new connection reads the server's time again.
            Err(refused) if refused.code() == Some(LATE) => self.send(with_deadline).await,
            answer => answer,
        };
        answer.map_err(|cause| self.unavailable(&cause))
    }

    /// The answers of all servers that take writes. `None` when the user may not ask.
    pub(super) async fn ask_all<T: FromRedisValue>(&self, command: &Cmd) -> Result<Option<Vec<T>>, Error> {
        let mut connected = self.connected().await.map_err(|cause| self.unavailable(&cause))?;
        match connected.query_all(command).await {
            Ok(answers) => Ok(Some(answers)),
            Err(refused) if refused.code() == Some("NOPERM") => Ok(None),
            Err(cause) => Err(self.unavailable(&cause)),
        }
    }

    async fn send<'c, T: FromRedisValue>(&self, command: impl Fn(i64) -> Cow<'c, Cmd>) -> RedisResult<T> {
        let mut connected = self.connected().await?;
        let answer = connected.query(&command(connected.deadline())).await;
        self.noted(&connected, answer).await
    }

    async fn noted<T>(&self, connected: &Connected, answer: RedisResult<T>) -> RedisResult<T> {
        if let Err(cause) = &answer {
            self.disconnect(connected, cause).await;
        }
        answer
    }

    /// The connection. When there is none, one request connects and the others wait for its result.
    async fn connected(&self) -> RedisResult<Connected> {
        let mut state = self.state.lock().await;
        let generation = match &*state {
            LinkState::Connected(connected) => return Ok(connected.clone()),
            LinkState::Disconnected { retry_at, cause: Some(cause), .. } if Instant::now() < *retry_at => {
                return Err(cause.clone());
            }
            LinkState::Disconnected { generation, .. } => generation + 1,
        };
        let result = tokio::time::timeout(CONNECT_TIMEOUT, Box::pin(self.connect(generation)))
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

    async fn connect(&self, generation: u64) -> RedisResult<Connected> {
        let (connection, shown) = match &self.clients {
            Clients::Single(client) => to_one(client).await?,
            Clients::Sentinel(clients) => to_one(&primary(&mut *clients.lock().await).await?).await?,
            Clients::Cluster(client) => to_all(client).await?,
        };
        Ok(Connected { connection, generation, server_time: (shown, Instant::now()) })
    }

    /// Drops the connection that failed, so that the next request reconnects, perhaps to a new primary or with a
    /// changed password.
    async fn disconnect(&self, failed: &Connected, cause: &RedisError) {
        let Some(delay) = failed.delay_after(cause) else { return };
        let mut state = self.state.lock().await;
        if matches!(&*state, LinkState::Connected(connected) if connected.generation == failed.generation) {
            *state = LinkState::Disconnected {
                generation: failed.generation,
                retry_at: Instant::now() + delay,
                cause: Some(cause.clone()),
            };
        }
    }

    /// Adds the address, which is printed without user and password.
    fn unavailable(&self, cause: &RedisError) -> Error {
        let address = &self.address;
        let is_of_a_cluster = cause.code().is_some_and(|code| CLUSTER.contains(&code));
        if is_of_a_cluster && *address.layout() != Layout::Cluster {
            return Error::unavailable(format!("Redis at {address} is a node of a Redis Cluster ({cause})"));
        }
        Error::unavailable(format!("Redis at {address}: {cause}"))
    }
}

/// The primary that the Sentinels name.
async fn primary(clients: &mut [SentinelClient; 2]) -> RedisResult<Client> {
    match clients[0].async_get_client().await {
        Err(refused) if refused.code() == Some("NOAUTH") => clients[1].async_get_client().await,
        found => found,
    }
}

/// A connection to one server, and its clock.
async fn to_one(client: &Client) -> RedisResult<(Connection, i64)> {
    let limits = AsyncConnectionConfig::new().set_response_timeout(Some(RESPONSE_TIMEOUT));
    let mut connection = client.get_multiplexed_async_connection_with_config(&limits).await?;
    let shown = cmd("TIME").query_async(&mut connection).await?;
    Ok((Connection::Single(connection), millis(shown)))
}

/// A connection to a cluster, and the latest of its nodes' clocks, so that none of them takes a command in time for late.
async fn to_all(client: &ClusterClient) -> RedisResult<(Connection, i64)> {
    let mut connection = client.get_async_connection().await?;
    let clocks = of_all(&mut connection, &cmd("TIME")).await?;
    let latest = clocks.into_iter().map(millis).max();
    let latest = latest.ok_or_else(|| io::Error::other("the cluster has no node that answers"))?;
    Ok((Connection::Cluster(connection), latest))
}

/// The answers of all primaries of a cluster.
async fn of_all<T: FromRedisValue>(connection: &mut ClusterConnection, command: &Cmd) -> RedisResult<Vec<T>> {
    let nodes = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllMasters, None));
    let answers = connection.route_command(command.clone(), nodes).await?;
    let by_address: HashMap<String, Value> = from_redis_value(answers)?;
    let answer = |value: Value| Ok(from_redis_value(value.extract_error()?)?);
    by_address.into_values().map(answer).collect()
}

fn millis((seconds, micros): (i64, i64)) -> i64 {
    seconds * 1000 + micros / 1000
}
