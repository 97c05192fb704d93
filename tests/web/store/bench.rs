//! A test bench for a store engine: it can be opened several times, and the test moves its clock.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use mfa_portal::clock::Clock;
use mfa_portal::internals::{Key, KeyRing, Store, StoreUrl};
use mfa_portal::random::Random;
use rusqlite::Connection;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

use crate::support::process::in_memory;
use crate::support::redis::Redis;
use crate::support::redis_set::RedisSet;

/// Unix time in milliseconds.
const NOON: i64 = 1_795_348_800_000;

/// An engine with nothing in it.
pub(super) struct Bench {
    now: Arc<AtomicI64>,
    url: StoreUrl,
    /// Clones share the memory engine; opening it again would give an empty one.
    store: Store,
    outside: Option<Outside>,
}

/// The place where an engine's records can be read and changed from outside.
pub(super) enum Outside {
    File(TempDir),
    Servers(Arc<RedisSet>),
}

impl Bench {
    pub(super) fn memory() -> Self {
        Self::on(StoreUrl::Memory, None)
    }

    pub(super) fn sqlite() -> Self {
        let directory = in_memory();
        Self::on(StoreUrl::Sqlite(file(&directory)), Some(Outside::File(directory)))
    }

    /// `None` when no redis-server is installed; [`RedisSet::start`] has warned then.
    pub(super) fn redis() -> Option<Self> {
        Some(Self::on_servers(RedisSet::start(&[])?.into()))
    }

    pub(super) fn on_servers(servers: Arc<RedisSet>) -> Self {
        let url = StoreUrl::Redis(Box::new(servers.url().parse().unwrap()));
        Self::on(url, Some(Outside::Servers(servers)))
    }

    fn on(url: StoreUrl, outside: Option<Outside>) -> Self {
        let now = Arc::new(AtomicI64::new(NOON));
        let store = open(&url, &now, &[1]);
        Self { now, url, store, outside }
    }

    /// The stores of two replicas.
    pub(super) fn replicas(&self) -> [Store; 2] {
        let other = if self.outside.is_some() { self.with_keys(&[1]) } else { self.store.clone() };
        [self.store.clone(), other]
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// A replica with other sealing keys, each named by one byte.
    pub(super) fn with_keys(&self, keys: &[u8]) -> Store {
        open(&self.url, &self.now, keys)
    }

    /// Moves the clock.
    pub(super) fn pass(&self, time: Duration) {
        self.now.fetch_add(i64::try_from(time.whole_milliseconds()).unwrap(), Ordering::SeqCst);
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        time_of(&self.now)
    }

    pub(super) fn outside(&self) -> &Outside {
        self.outside.as_ref().unwrap()
    }
}

impl Outside {
    /// The sealed value of a record.
    pub(super) fn value(&self, key: &Key) -> Vec<u8> {
        match self {
            Self::File(directory) => {
                let query = "SELECT value FROM records WHERE key = ?";
                connect(directory).query_row(query, [key.as_bytes()], |row| row.get(0)).unwrap()
            }
            Self::Servers(servers) => {
                let (redis, name) = found(servers, key);
                let record: Vec<u8> = redis::cmd("GET").arg(name).query(&mut redis.connect()).unwrap();
                record[15..].to_vec()
            }
        }
    }

    /// Overwrites a record's sealed value; its expiry stays.
    pub(super) fn overwrite(&self, key: &Key, value: &[u8]) {
        match self {
            Self::File(directory) => {
                let change = "UPDATE records SET value = ? WHERE key = ?";
                assert_eq!(connect(directory).execute(change, (value, key.as_bytes())).unwrap(), 1);
            }
            Self::Servers(servers) => {
                let (redis, name) = found(servers, key);
                let mut connection = redis.connect();
                let record: Vec<u8> = redis::cmd("GET").arg(&name).query(&mut connection).unwrap();
                let record = [&record[..15], value].concat();
                redis::cmd("SET").arg(name).arg(record).arg("KEEPTTL").exec(&mut connection).unwrap();
            }
        }
    }

    /// All bytes in the engine's files, as a thief of them would have.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let directories: Vec<&Path> = match self {
            Self::File(directory) => vec![directory.path()],
            Self::Servers(servers) => {
                let saved = |redis: &'_ Redis| {
                    redis.ask::<()>("CONFIG SET rdbcompression no");
                    redis.ask::<()>("SAVE");
                };
                servers.primaries().inspect(|redis| saved(redis)).map(Redis::directory).collect()
            }
        };
        let files = directories.into_iter().flat_map(files);
        files.filter(|path| path.is_file()).flat_map(|path| fs::read(path).unwrap()).collect()
    }

    /// The one server, when there is only one.
    pub(super) fn server(&self) -> &Redis {
        let Self::Servers(servers) = self else { panic!("a file") };
        &servers.nodes[0]
    }
}

/// The server that has a record, and its key there, which may have a tag.
fn found<'a>(servers: &'a RedisSet, key: &Key) -> (&'a Redis, String) {
    let name = name(key);
    let pattern = format!("KEYS *{}", name.trim_start_matches("mfa-portal:"));
    let at = |redis: &'a Redis| Some((redis, redis.ask::<Vec<String>>(&pattern).pop()?));
    servers.primaries().find_map(at).unwrap()
}

/// A store at this place, with its clock at noon.
pub(super) fn store_at(url: &StoreUrl) -> Store {
    open(url, &Arc::new(AtomicI64::new(NOON)), &[1])
}

/// The key of a record in Redis.
pub(super) fn name(key: &Key) -> String {
    key.as_bytes().iter().fold("mfa-portal:".to_owned(), |name, byte| name + &format!("{byte:02x}"))
}

pub(super) fn files(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn file(directory: &TempDir) -> PathBuf {
    directory.path().join("store.db")
}

fn connect(directory: &TempDir) -> Connection {
    Connection::open(file(directory)).unwrap()
}

fn open(url: &StoreUrl, now: &Arc<AtomicI64>, keys: &[u8]) -> Store {
    let now = now.clone();
    let masters: Vec<_> = keys.iter().map(|name| vec![*name; 32].into()).collect();
    let clock = Clock::from_fn(move || time_of(&now));
    Store::open(url, Arc::new(KeyRing::new(&masters)), clock, Random::system()).unwrap()
}

fn time_of(now: &AtomicI64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(now.load(Ordering::SeqCst)) * 1_000_000).unwrap()
}
