//! A portal and an emulated tenant on one clock that only the test moves. The web tests use this library, the browser
//! tests the program around it.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use anyhow::Context as _;
use emulated_tenant::{Devices, MailServer, Options, Tenant};
use mfa_portal::clock::Clock;
use mfa_portal::random::Random;
use mfa_portal::{App, Config, Notices, Portal, Settings, server};
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Where the clock starts, in seconds since 1970: a Sunday at noon.
const NOON: i64 = 1_795_348_800_000;
/// The number of a stage that needs none of its own.
const DEFAULT_NUMBER: u16 = 7;
/// As the value of a setting: the URL of a mail server of the stage's own.
const SMTP: &str = "{smtp}";
/// AUTH0_SECRET of every stage.
pub const SEALING_KEY: &str = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";
/// More than any test opens.
const CONNECTIONS: usize = 1024;

/// A running portal and its tenant. Dropping the stage stops both.
pub struct Stage {
    /// The emulated tenant.
    pub tenant: Tenant,
    /// The URL of the portal's pages.
    pub portal: Url,
    /// The URL of the admin listener.
    pub admin: Url,
    /// The mail server of the people's mailboxes, if a setting names it.
    pub smtp: Option<MailServer>,
    /// APP_BASE_URL.
    pub public: Url,
    /// In milliseconds since 1970.
    now: Arc<AtomicI64>,
    /// In seconds, how far the portal's clock is ahead of the tenant's.
    ahead: Arc<AtomicI64>,
    stop: CancellationToken,
    app: App,
    notices: Notices,
}

impl Stage {
    /// Starts a tenant and a portal with these settings, by flag name. In a value, `{tenant}` and `{custom}` are the
    /// tenant's domains and `{port}` the portal's port; `{smtp}` as a value is a mail server of its own. Fails when the
    /// portal refuses a setting.
    pub async fn start(flags: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::numbered(DEFAULT_NUMBER, flags).await
    }

    /// Like [`Self::start`]. Stages with different numbers share no id, code or request id.
    pub async fn numbered(number: u16, flags: &[(&str, &str)]) -> anyhow::Result<Self> {
        let now = Arc::new(AtomicI64::new(NOON));
        let read = now.clone();
        let options = Options {
            clock: emulated_tenant::Clock::from_fn(Arc::new(move || time_of(&read))),
            seed: Some(number.into()),
            ..Options::default()
        };
        let tenant = Tenant::start(options).await?;
        let first_random = u64::from(number ^ DEFAULT_NUMBER) << 40 | 1;
        if flags.iter().all(|(_, value)| *value != SMTP) {
            return Self::portal(tenant, now, flags, first_random);
        }
        let smtp = MailServer::start(&tenant).await?;
        let url = smtp.url();
        let named = |value| if value == SMTP { url.as_str() } else { value };
        let flags: Vec<_> = flags.iter().map(|(name, value)| (*name, named(*value))).collect();
        let mut stage = Self::portal(tenant, now, &flags, first_random)?;
        stage.smtp = Some(smtp);
        Ok(stage)
    }

    /// Starts another portal of the same tenant on the same clock, as after a restart with other settings.
    pub fn beside(&self, flags: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::portal(self.tenant.clone(), self.now.clone(), flags, 1 << 32)
    }

    fn portal(
        tenant: Tenant,
        now: Arc<AtomicI64>,
        flags: &[(&str, &str)],
        first_random: u64,
    ) -> anyhow::Result<Self> {
        let (pages, admin) = (listener()?, listener()?);
        let (portal_url, admin_url) = (url_of(&pages)?, url_of(&admin)?);
        let config = config(&tenant, &portal_url, flags)?;
        let (base, path) = (config.absolute(""), config.base_path().to_owned());
        let public = config.base_url.clone();
        tenant.configure(|settings| {
            settings.callback_urls.push(format!("{base}/callback"));
            settings.logout_urls.push(format!("{base}/signed-out"));
        });
        let ahead = Arc::new(AtomicI64::new(0));
        let (read, offset, uptime) = (now.clone(), ahead.clone(), now.clone());
        let wall = move || time_of(&read) + Duration::seconds(offset.load(Ordering::SeqCst));
        let clock =
            Clock::with_uptime(wall, move || Duration::milliseconds(uptime.load(Ordering::SeqCst) - NOON));
        let mounted = config.clone();
        let portal = Portal::new(config, clock.clone(), counted_random(first_random))?;
        let (stop, notices) = (portal.stopping.clone(), Notices::new(&portal)?);
        let routes = server::mount(&mounted, mfa_portal::pages(&portal)?)?;
        tokio::spawn(server::listen(pages, routes, CONNECTIONS, clock.clone(), stop.clone()));
        tokio::spawn(server::listen(admin, server::admin(&portal)?, CONNECTIONS, clock, stop.clone()));
        let pages_url = portal_url.join(&format!("{path}/"))?;
        Ok(Self {
            tenant,
            portal: pages_url,
            admin: admin_url,
            smtp: None,
            public,
            now,
            ahead,
            stop,
            app: portal,
            notices,
        })
    }

    /// A person's phone and mailbox.
    #[must_use]
    pub fn devices(&self, email: &str) -> Devices {
        self.tenant.devices(email)
    }

    /// Moves the clock forward.
    pub fn pass(&self, time: Duration) {
        self.now.fetch_add(i64::try_from(time.whole_milliseconds()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Sets the portal's clock ahead of the tenant's by `time`.
    pub fn set_ahead(&self, time: Duration) {
        self.ahead.store(time.whole_seconds(), Ordering::SeqCst);
    }

    /// Waits until everything that was told is in the audit stream.
    pub async fn flush_audit(&self) {
        self.app.flush_audit().await;
    }

    /// Opens the audit stream's file anew.
    pub fn reopen_audit(&self) {
        self.app.reopen_audit();
    }

    /// Tells the audit stream of operations that nobody has ended in their time.
    pub async fn tell_interrupted(&self) -> anyhow::Result<()> {
        self.app.tell_interrupted().await
    }

    /// Sends the notices of changes that are due.
    pub async fn send_notices(&self) -> anyhow::Result<()> {
        self.notices.send_due().await
    }

    /// Sends notices of changes as they come, until the process ends.
    pub fn keep_sending(&self) {
        tokio::spawn(self.notices.clone().run());
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        time_of(&self.now)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn time_of(now: &AtomicI64) -> OffsetDateTime {
    // A time beyond the year 9999 is a mistake in a test, which the leap back reveals.
    let nanoseconds = i128::from(now.load(Ordering::SeqCst)) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A listener on a free port of loopback.
pub fn listener() -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn url_of(listener: &TcpListener) -> anyhow::Result<Url> {
    Ok(Url::parse(&format!("http://{}/", listener.local_addr()?))?)
}

/// The usual settings of a portal at this URL, with changes by flag name as in [`Stage::start`].
pub fn config(tenant: &Tenant, portal: &Url, changed: &[(&str, &str)]) -> anyhow::Result<Config> {
    let application = tenant.settings();
    let domain = |url: Url| url.as_str().trim_end_matches('/').to_owned();
    let port = portal.port().context("a listener has a port")?.to_string();
    let fill = |value: &str| {
        let value = value
            .replace("{tenant}", &domain(tenant.url()))
            .replace("{custom}", &domain(tenant.custom_url()));
        value.replace("{port}", &port)
    };
    let mut flags = vec![
        ("auth0-domain", "{tenant}"),
        ("auth0-client-id", &application.client_id),
        ("auth0-client-secret", &application.client_secret),
        ("auth0-secret", SEALING_KEY),
        ("app-base-url", "http://127.0.0.1:{port}"),
        ("session-store", "memory:"),
        ("brand-name", "Northwind"),
        ("audit-log", "off"),
    ];
    flags.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    flags.extend(changed);
    let flags: Vec<_> = flags.into_iter().map(|(name, value)| (name, fill(value))).collect();
    let flags = flags.iter().map(|(name, value)| (*name, value.as_str()));
    Ok(Settings::from_flags(flags)?.try_into()?)
}

/// Randomness that differs from call to call but is the same in every run, so that snapshots are stable.
fn counted_random(first: u64) -> Random {
    let count = AtomicU64::new(first);
    Random::from_fn(move |bytes| {
        let seed = count.fetch_add(1, Ordering::SeqCst);
        for (at, chunk) in bytes.chunks_mut(8).enumerate() {
            let word = (seed << 8 | at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    })
}
