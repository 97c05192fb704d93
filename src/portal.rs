//! The state that every handler shares.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::sync::Cache;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::assets::Assets;
use crate::audit::Audit;
use crate::clock::Clock;
use crate::config::Config;
use crate::fair_queue::FairQueue;
use crate::log::Throttle;
use crate::one_at_a_time::OneAtATime;
use crate::outbox::Outbox;
use crate::random::Random;
use crate::store::{Key, KeyRing, Store};
use crate::tenant::Tenant;

/// The state as axum hands it to handlers.
pub type App = Arc<Portal>;

/// No visit lasts longer.
const VISIT: Duration = Duration::from_secs(600);
/// The most people whose requests are counted at once. Those who have made none for the longest time are dropped.
const MAX_TALLIES: u64 = 20_000;

/// Look-ups at once for notice links that this AUTH0_SECRET did not make. Strangers can invent as many as they like.
const MAX_UNKNOWN_LINKS: usize = 8;

/// The requests of one person, of one token or of one network, in this process.
#[derive(Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) ends: OffsetDateTime,
    /// Until when the store's counter refuses further ones.
    pub(crate) refused_until: Option<OffsetDateTime>,
}

/// Throttles for links that ask for something unlisted, which any address can name.
#[derive(Default)]
pub(crate) struct DroppedLinks {
    pub(crate) return_to: Throttle,
    pub(crate) action: Throttle,
    pub(crate) connection: Throttle,
    pub(crate) organization: Throttle,
}

/// The portal: settings, the tenant's client, the store, time and randomness.
pub struct Portal {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) store: Store,
    /// The stream of security events.
    pub(crate) audit: Audit,
    /// What is to be sent about changes.
    pub(crate) outbox: Outbox,
    /// Seals records, cookies and texts that come back from a browser.
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) tenant: Tenant,
    pub(crate) assets: Arc<Assets>,
    /// By the limit and the person's `sub` (`mfa::limits`).
    pub(crate) tallies: Cache<String, Tally>,
    /// Look-ups of tokens behind which nothing stands, by their random bytes (`mfa::limits`).
    pub(crate) dead_tokens: Cache<[u8; 16], Tally>,
    /// The requests of one session that wait for a turn, one after the other (`mfa::lock`).
    pub(crate) sessions_acting: Cache<Key, Arc<Mutex<()>>>,
    /// Steps of sign-ins, by network (`mfa::sign_in_limits`).
    pub(crate) sign_in_tallies: Cache<String, Tally>,
    /// The callbacks of this process, by the record that their `state` is used (`mfa::sign_in_limits`).
    pub(crate) callbacks: Arc<OneAtATime<Key>>,
    /// The sign-ins of this process that wait for their code's exchange.
    pub(crate) exchanges: Arc<FairQueue>,
    /// Callbacks that were turned away from that queue.
    pub(crate) turned_away: Throttle,
    /// Log lines about refused sign-ins, which any address can bring about.
    pub(crate) refused_sign_ins: Throttle,
    /// Cancelled when the order to stop has come: the process is no longer ready, and serves on for STOP_DELAY.
    pub leaving: CancellationToken,
    /// Held while a notice link is looked for that this AUTH0_SECRET did not make.
    pub(crate) unknown_links: Semaphore,
    /// Log lines about callbacks of no sign-in.
    pub(crate) unknown_callbacks: Throttle,
    /// Log lines about requests whose end a proxy may see elsewhere.
    pub(crate) refused_framings: Throttle,
    /// Log lines about links that ask for something that the settings do not list, one throttle for each kind.
    pub(crate) dropped_links: DroppedLinks,
    /// Cancelled on shutdown: the listeners then finish what is in progress and end.
    pub stopping: CancellationToken,
    /// Changes in progress: see [`Self::to_its_end`].
    pub(crate) changes: TaskTracker,
}

impl Portal {
    /// Opens the store and makes the tenant's client; the tenant is not asked yet.
    pub fn new(config: Config, clock: Clock, random: Random) -> anyhow::Result<App> {
        let keys = Arc::new(KeyRing::new(&config.sealing_keys));
        let store = Store::open(&config.store, keys.clone(), clock.clone(), random.clone())
            .context("SESSION_STORE")?;
        Ok(Arc::new(Self {
            audit: Audit::new(&config, &keys, store.clone(), clock.clone()),
            outbox: Outbox::new(store.clone()),
            store,
            tenant: Tenant::new(config.tenant(), clock.clone(), random.clone())?,
            assets: Arc::new(Assets::new(&config)),
            tallies: Cache::new(MAX_TALLIES),
            dead_tokens: Cache::new(MAX_TALLIES),
            sessions_acting: Cache::builder().max_capacity(MAX_TALLIES).time_to_idle(VISIT).build(),
            sign_in_tallies: Cache::new(MAX_TALLIES),
            callbacks: Arc::default(),
            exchanges: Arc::default(),
            turned_away: Throttle::default(),
            refused_sign_ins: Throttle::default(),
            leaving: CancellationToken::new(),
            unknown_links: Semaphore::new(MAX_UNKNOWN_LINKS),
            unknown_callbacks: Throttle::default(),
            refused_framings: Throttle::default(),
            dropped_links: DroppedLinks::default(),
            stopping: CancellationToken::new(),
            changes: TaskTracker::new(),
            keys,
            clock,
            random,
            config,
        }))
    }

    /// Runs a change to its end, even when the browser goes away. Fails when it panics.
    pub(crate) async fn to_its_end<T: Send + 'static>(
        &self,
        change: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, JoinError> {
        self.changes.spawn(change.in_current_span()).await
    }

    /// Waits until everything that was told is in the audit stream.
    pub async fn flush_audit(&self) {
        self.audit.flush().await;
    }

    /// Opens the audit stream's file anew, because it was moved away.
    pub fn reopen_audit(&self) {
        self.audit.reopen();
    }

    /// Tells the audit stream of operations whose process died, or that nobody came back to. [`crate::server::serve`]
    /// does it every fifteen seconds, as another application should that nests the pages. Fails when the store is away.
    pub async fn tell_interrupted(&self) -> anyhow::Result<()> {
        Ok(self.audit.tell_interrupted().await?)
    }

    /// Seals a value into text for a cookie or a form field. It opens only under the same `name`.
    pub(crate) fn seal(&self, name: &str, value: &impl Serialize) -> Option<String> {
        let plain = serde_json::to_vec(value).ok()?;
        self.keys.seal(&self.random, name.as_bytes(), plain).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens a sealed text. `None` for any text that [`Portal::seal`] did not make under this `name`.
    pub(crate) fn open<T: DeserializeOwned>(&self, name: &str, sealed: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        serde_json::from_slice(&self.keys.open(name.as_bytes(), &sealed)?).ok()
    }
}
