//! The portal under measure, with the settings that a company starts with, except for the limits on one person.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use url::Url;

use super::process::{Process, free_address};
use super::tenant::CLIENT_ID;

/// Where the portal keeps its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Store {
    /// `memory:`
    Memory,
    /// A file of SQLite in a temporary folder
    Sqlite,
    /// A redis-server on loopback
    Redis,
}

impl Store {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory:",
            Self::Sqlite => "sqlite:",
            Self::Redis => "redis:",
        }
    }
}

/// A running portal and its store.
pub(super) struct Portal {
    pub(super) store: Store,
    /// SESSION_STORE.
    pub(super) address: String,
    pub(super) process: Process,
    pub(super) url: Url,
    pub(super) redis: Option<Process>,
    /// The store's file, and the log.
    pub(super) folder: TempDir,
}

impl Portal {
    /// Starts this binary as a portal of the tenant.
    pub(super) async fn start(binary: &Path, store: Store, tenant: &Url) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (address, redis) = match store {
            Store::Memory => ("memory:".to_owned(), None),
            Store::Sqlite => (format!("sqlite:{}", folder.path().join("store.db").display()), None),
            Store::Redis => {
                let redis = redis(folder.path()).await?;
                (format!("redis://{}", redis.address), Some(redis))
            }
        };
        let places = Places::free()?;
        let command = places.command(binary, &address, tenant);
        let process = Process::start(command, places.pages, &folder.path().join("portal.log")).await?;
        Ok(Self { store, address, url: process.url()?, process, redis, folder })
    }
}

/// Where a portal listens, and the port that browsers know it by.
#[derive(Clone, Copy)]
pub(super) struct Places {
    pub(super) pages: SocketAddr,
    pub(super) admin: SocketAddr,
    pub(super) public: SocketAddr,
}

impl Places {
    /// Addresses on which nobody listens.
    pub(super) fn free() -> anyhow::Result<Self> {
        let pages = free_address()?;
        Ok(Self { pages, admin: free_address()?, public: pages })
    }

    /// The command of a portal in these places.
    pub(super) fn command(self, binary: &Path, store: &str, tenant: &Url) -> Command {
        let mut command = Command::new(binary);
        command.arg("serve").env_clear();
        command.env("AUTH0_DOMAIN", tenant.as_str().trim_end_matches('/'));
        command.env("AUTH0_CLIENT_ID", CLIENT_ID).env("AUTH0_CLIENT_SECRET", "a secret of the benchmark");
        command.env("AUTH0_SECRET", crate::portal::SEALING_KEY).env("SESSION_STORE", store);
        command.env("APP_BASE_URL", format!("http://{}", self.public));
        command.env("LISTEN", self.pages.to_string()).env("ADMIN_LISTEN", self.admin.to_string());
        // Each of few people looks at thousands of pages.
        command.env("LIMITS", "off").env("TRUSTED_PROXIES", "127.0.0.1/32");
        command
    }
}

/// Starts a redis-server that keeps nothing on disk.
pub(super) async fn redis(folder: &Path) -> anyhow::Result<Process> {
    let address = free_address()?;
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--port", &address.port().to_string(), "--save", "", "--dir"]);
    command.arg(folder);
    Process::start(command, address, &folder.join("redis.log")).await
}
