//! The listeners for pages and for operators: bound, limited, and drained before the process ends.

mod admin;
mod connection;
mod connection_state;
mod head;
mod listener;
mod memory;
mod open_files;
mod recorder;
mod slots;
mod stream;
mod summary;
mod traces;

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

pub use self::admin::admin;
pub use self::listener::listen;
use self::traces::Traces;
use crate::audit::Event;
use crate::clock::Clock;
use crate::config::Config;
use crate::notify::Notices;
use crate::portal::{App, Portal};
use crate::random::Random;
use crate::web;

/// Probes and the metrics collector need a handful.
const ADMIN_CONNECTIONS: usize = 64;
/// Changes whose browser has gone away run to their end, which the page's deadline bounds.
const CHANGES_TIMEOUT: Duration = Duration::from_secs(10);
/// How often operations are looked for that nobody has ended.
const AUDIT_INTERVAL: Duration = Duration::from_secs(15);
/// Time for the last lines of the audit stream.
const AUDIT_TIMEOUT: Duration = Duration::from_secs(1);
/// Enough that a node of a Redis Cluster refuses one of them.
const LOOKS: usize = 8;

/// Serves pages and the admin listener until SIGTERM or SIGINT; returns once requests under way are answered.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    serve_with(config, Router::new()).await
}

/// Like [`serve`], with more pages; see [`crate::pages_with`].
pub async fn serve_with(config: Config, more: Router<App>) -> anyhow::Result<()> {
    memory::protect();
    recorder::recorder();
    let pages_listener = bind("LISTEN", config.listen)?;
    let admin_listener = bind("ADMIN_LISTEN", config.admin_listen)?;
    let pages_at = pages_listener.local_addr()?;
    let traces = Traces::start(config.traces.as_ref())?;
    let portal = Portal::new(config, Clock::system(), Random::system())?;
    portal.audit.check()?;
    // Registered before anything is served, so that an early signal does not kill the process.
    let signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    tokio::spawn(shut_down_on(signals, portal.clone()));
    tokio::spawn(reopen_on(signal(SignalKind::hangup())?, portal.clone()));
    tokio::spawn(tell_interrupted(portal.clone()));
    tokio::spawn(Notices::new(&portal)?.run());
    tokio::spawn(look_at_store(portal.clone()));
    summary::warn(&portal.config);
    summary::log(&portal.config, pages_at);
    portal.audit.tell(&portal.audit.line(Event::Started.succeeded()));
    // The admin listener outlives the pages, so that probes see the process live and stopping to the end.
    let pages_drained = CancellationToken::new();
    let pages = async {
        let _guard = pages_drained.clone().drop_guard();
        pages(pages_listener, &portal, more).await
    };
    let admin = listen(
        admin_listener,
        self::admin::admin(&portal)?,
        ADMIN_CONNECTIONS,
        portal.clock.clone(),
        pages_drained.clone(),
    );
    let (pages, admin) = tokio::join!(pages, admin);
    portal.audit.tell(&portal.audit.line(Event::Stopped.succeeded()));
    if timeout(AUDIT_TIMEOUT, portal.flush_audit()).await.is_err() {
        tracing::warn!("shutdown timed out, abandoning lines of the audit stream");
    }
    if let Some(traces) = traces {
        traces.end().await;
    }
    pages?;
    admin.context("the admin listener failed")
}

async fn pages(listener: TcpListener, portal: &App, more: Router<App>) -> anyhow::Result<()> {
    let routes = mount(&portal.config, web::pages_with(portal, more)?)?;
    let served = listen(
        listener,
        routes,
        open_files::max_connections(),
        portal.clock.clone(),
        portal.stopping.clone(),
    )
    .await;
    portal.changes.close();
    if timeout(CHANGES_TIMEOUT, portal.changes.wait()).await.is_err() {
        tracing::warn!(changes = portal.changes.len(), "shutdown timed out, abandoning unfinished changes");
    }
    served.context("the listener failed")
}

fn bind(setting: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!("{setting}: cannot listen on {address}. Is another program listening there? Choose another address")
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The pages at APP_BASE_URL's path, with and without a trailing slash. Fails when a setting holds a character that no
/// header can.
pub fn mount(config: &Config, pages: Router) -> anyhow::Result<Router> {
    let path = config.base_path();
    if path.is_empty() {
        return Ok(pages);
    }
    let hint = format!(
        "The pages are under {path}/ (APP_BASE_URL). If this was asked for there, the proxy took the path away: \
         let it pass the path on as it is.\n"
    );
    let outside = web::outside(config, hint)?;
    // Not `nest`, which answers the path with a trailing slash by 404. It takes two slashes for one, and proxies do not.
    let pages = Router::new().nest_service(path, pages);
    let doubled = ["", "{*rest}"].map(|rest| format!("{path}//{rest}"));
    let pages = doubled
        .iter()
        .fold(pages, |pages, doubled| pages.route_service(doubled, outside.clone().into_service()));
    Ok(pages.fallback_service(outside))
}

/// A second signal ends the delay. Proxies go on sending connections until they have seen that the process is not ready.
async fn shut_down_on([mut terminate, mut interrupt]: [Signal; 2], portal: App) {
    let mut signalled = async || tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () };
    signalled().await;
    let delay = portal.config.stop_delay;
    tracing::info!(stop_delay_s = delay.as_secs(), "shutdown requested, answering requests under way");
    portal.leaving.cancel();
    if !delay.is_zero() {
        tokio::select! { () = tokio::time::sleep(delay) => (), () = signalled() => () }
    }
    portal.stopping.cancel();
}

/// Says at the start, and not at the first sign-in, when the store does not work.
async fn look_at_store(portal: App) {
    for _ in 0..LOOKS {
        if let Err(error) = portal.store.check_writable().await {
            tracing::error!(%error, "session store does not work");
            return;
        }
    }
}

/// Opens the audit stream's file anew at each SIGHUP, and reads the private key anew, after their rotation.
async fn reopen_on(mut hangup: Signal, portal: App) {
    while hangup.recv().await.is_some() {
        portal.reopen_audit();
        tracing::info!("hangup received, audit file opened anew");
        match portal.tenant.read_keys_anew() {
            Ok(()) if portal.tenant.has_key() => tracing::info!("private key read anew"),
            Ok(()) => (),
            Err(error) => {
                tracing::error!(
                    setting = "AUTH0_CLIENT_KEY_FILE",
                    error,
                    "private key not read, old one stays"
                );
            }
        }
    }
}

/// Tells what other processes, or an earlier one, have begun and not ended.
async fn tell_interrupted(portal: App) {
    loop {
        if let Err(error) = portal.tell_interrupted().await {
            tracing::warn!(%error, "audit journal not read, trying again");
        }
        tokio::time::sleep(AUDIT_INTERVAL).await;
    }
}
