//! The portal's binary, and a redis-server for it if one is wanted. Both end with the portal.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, bail};
use emulated_tenant::Tenant;
use tempfile::TempDir;
use tokio::time::sleep;
use url::Url;

use crate::child::KillOnDrop;
use crate::redis::Redis;
use crate::world::World;

pub(crate) const SEALING_KEY: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// The portal's log without its INFO lines.
#[derive(Default)]
pub(crate) struct Log {
    /// The request ids in these lines.
    pub(crate) request_ids: HashSet<String>,
    /// How often each message was logged.
    pub(crate) messages: BTreeMap<String, usize>,
}

/// A running portal.
pub(crate) struct Portal {
    pub(crate) url: Url,
    /// The address for operators.
    pub(crate) admin: Url,
    child: KillOnDrop,
    log: Arc<Mutex<Log>>,
    is_unread: Arc<AtomicBool>,
    readers: Vec<JoinHandle<()>>,
    /// The server of a portal with `redis:`.
    pub(crate) redis: Option<Redis>,
    /// Where a portal with `sqlite:` has its file.
    pub(crate) directory: TempDir,
}

impl Portal {
    /// Starts a portal of this tenant and waits until it is ready.
    pub(crate) async fn start(
        binary: &Path,
        store: &str,
        tenant: &Tenant,
        settings: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let redis = (store == "redis:").then(|| Redis::start(directory.path())).transpose()?;
        let store = match (&redis, store) {
            (Some(redis), _) => redis.url(),
            (None, "sqlite:") => format!("sqlite:{}", directory.path().join("store.db").display()),
            (None, other) => other.to_owned(),
        };
        let (listen, admin) = (free_address()?, free_address()?);
        let [url, operators] = [&listen, &admin].map(|address| Url::parse(&format!("http://{address}/")));
        let (url, operators) = (url?, operators?);
        let (callback, signed_out) = (url.join("callback")?, url.join("signed-out")?);
        tenant.configure(|settings| {
            settings.callback_urls.push(callback.into());
            settings.logout_urls.push(signed_out.into());
        });
        let binary = binary.canonicalize().with_context(|| format!("no portal at {}", binary.display()))?;
        let mut command = Command::new(binary);
        command.arg("serve").env_clear().current_dir(directory.path()).envs(application(tenant));
        command.env("APP_BASE_URL", url.as_str()).env("LISTEN", &listen).env("ADMIN_LISTEN", &admin);
        command.env("SESSION_STORE", store).env("TRUSTED_PROXIES", "127.0.0.1/32");
        // Virtual people do one act after another and step up in none of them.
        command.env("PROOF", "any");
        command.envs(settings.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = KillOnDrop(command.spawn()?);
        let (log, is_unread) = (Arc::new(Mutex::new(Log::default())), Arc::<AtomicBool>::default());
        let streams: [Box<dyn Read + Send>; 2] = [
            Box::new(child.0.stdout.take().context("no standard output")?),
            Box::new(child.0.stderr.take().context("no standard error")?),
        ];
        let readers = streams.map(|stream| collect(stream, log.clone(), is_unread.clone())).into();
        let portal = Self { url, admin: operators, child, log, is_unread, readers, redis, directory };
        portal.wait_until_ready().await?;
        Ok(portal)
    }

    /// Ends the process at once.
    pub(crate) fn kill(&self) -> anyhow::Result<()> {
        self.child.signal("KILL")
    }

    /// Leaves its output unread from now on.
    pub(crate) fn stop_reading(&self) {
        self.is_unread.store(true, Ordering::SeqCst);
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Sends SIGTERM, waits for the process to end and returns its log.
    pub(crate) async fn stop(mut self, world: &World) -> anyhow::Result<Log> {
        world.over.store(true, Ordering::SeqCst);
        self.child.signal("TERM").context("the portal has already ended")?;
        for _ in 0..300 {
            if let Some(status) = self.child.0.try_wait()? {
                world.record.ended(status);
                self.readers.into_iter().for_each(|reader| drop(reader.join()));
                return Ok(std::mem::take(&mut *self.log.lock().unwrap_or_else(PoisonError::into_inner)));
            }
            sleep(Duration::from_millis(100)).await;
        }
        bail!("the portal has not ended within 30 s of SIGTERM")
    }

    async fn wait_until_ready(&self) -> anyhow::Result<()> {
        let url = self.admin.join("readyz")?;
        for _ in 0..200 {
            if reqwest::get(url.clone()).await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(100)).await;
        }
        let messages = self.log.lock().unwrap_or_else(PoisonError::into_inner).messages.clone();
        bail!("the portal is not ready: {messages:?}")
    }
}

fn application(tenant: &Tenant) -> [(&'static str, String); 6] {
    let settings = tenant.settings();
    [
        ("AUTH0_DOMAIN", tenant.url().as_str().trim_end_matches('/').to_owned()),
        ("AUTH0_CLIENT_ID", settings.client_id),
        ("AUTH0_CLIENT_SECRET", settings.client_secret),
        ("AUTH0_MANAGEMENT_CLIENT_ID", settings.management_client_id),
        ("AUTH0_MANAGEMENT_CLIENT_SECRET", settings.management_client_secret),
        ("AUTH0_SECRET", SEALING_KEY.to_owned()),
    ]
}

/// A free address on loopback.
pub(crate) fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Reads a stream to its end and collects all but the INFO lines.
fn collect(stream: Box<dyn Read + Send>, log: Arc<Mutex<Log>>, is_unread: Arc<AtomicBool>) -> JoinHandle<()> {
    thread::spawn(move || {
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        for line in lines {
            // A pipe that is closed would not fill.
            while is_unread.load(Ordering::SeqCst) {
                thread::park();
            }
            if line.contains(" INFO ") {
                continue;
            }
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            let id = line.split_once(" id=").or_else(|| line.split_once("{id=")).map(|(_, rest)| rest);
            log.request_ids.extend(id.and_then(|id| id.split([' ', '}']).next()).map(ToOwned::to_owned));
            *log.messages.entry(normalize(&line)).or_default() += 1;
        }
    })
}

/// The line without time and span, and with every digit as 0, so that repeated messages are counted together.
fn normalize(line: &str) -> String {
    let level = ["ERROR", "WARN"].into_iter().find(|level| line.contains(level)).unwrap_or("-");
    let message = line.rsplit_once('}').map_or(line, |(_, message)| message);
    let message: String = message
        .trim_start_matches([':', ' '])
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .take(110)
        .collect();
    format!("{level} {message}")
}
