//! The listeners: bound, limited, and stopped only after what is under way has been answered.

mod admin;
mod connection;
mod files;
mod head;
mod listener;
mod stream;
mod turn;

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::http::StatusCode;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

pub use self::admin::admin;
pub use self::listener::listen;
use crate::clock::Clock;
use crate::config::Config;
use crate::portal::{App, Portal};
use crate::random::Random;
use crate::web;

/// Probes and the collector of figures need a handful.
const ADMIN_CONNECTIONS: usize = 64;
/// Changes whose browser has gone away run to their end, which the page's deadline makes come soon.
const LAST_CHANGES: Duration = Duration::from_secs(10);
/// Figures that nobody collects are condensed so often, or they would fill the memory.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    serve_with(config, Router::new()).await
}

/// The same with more pages; see [`crate::pages_with`].
pub async fn serve_with(config: Config, more: Router<App>) -> anyhow::Result<()> {
    admin::recorder();
    let pages_listener = bind("LISTEN", config.listen)?;
    let admin_listener = bind("ADMIN_LISTEN", config.admin_listen)?;
    let (pages_at, base_url) = (pages_listener.local_addr()?, config.base_url.clone());
    let portal = Portal::new(config, Clock::system(), Random::system())?;
    // From here on they are heard: an order to stop that comes early must not kill.
    let signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    tokio::spawn(stop_on(signals, portal.stopping.clone()));
    tokio::spawn(keep_figures());
    tracing::info!("serving {base_url} on {pages_at}");
    // Whether the process lives and is stopping can be asked to the very end.
    let answered = CancellationToken::new();
    let pages = async {
        let _last = answered.clone().drop_guard();
        pages(pages_listener, &portal, more).await
    };
    let admin = listen(admin_listener, self::admin::admin(&portal)?, ADMIN_CONNECTIONS, answered.clone());
    let (pages, admin) = tokio::join!(pages, admin);
    pages?;
    admin.context("the admin listener failed")
}

async fn pages(listener: TcpListener, portal: &App, more: Router<App>) -> anyhow::Result<()> {
    let routes = under(portal.config.base_path(), web::pages_with(portal, more)?);
    let served = listen(listener, routes, files::connections(), portal.stopping.clone()).await;
    portal.changes.close();
    if timeout(LAST_CHANGES, portal.changes.wait()).await.is_err() {
        tracing::warn!("{} changes did not end in time and are cut off", portal.changes.len());
    }
    served.context("the listener failed")
}

fn bind(setting: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!("{setting}: cannot listen on {address}. Is something else there? Choose another one")
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The pages under APP_BASE_URL's path, with and without a slash at its end.
pub fn under(path: &str, pages: Router) -> Router {
    if path.is_empty() {
        return pages;
    }
    let words = format!(
        "The pages are under {path}/ (APP_BASE_URL). If this was asked for there, the proxy took the path away: \
         let it pass the path on as it is.\n"
    );
    // `nest` would answer the address with the slash by 404.
    Router::new().nest_service(path, pages).fallback(async || (StatusCode::NOT_FOUND, words))
}

async fn stop_on([mut terminate, mut interrupt]: [Signal; 2], stopping: CancellationToken) {
    tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () }
    tracing::info!("stopping: answering what is under way");
    stopping.cancel();
}

async fn keep_figures() {
    let Some(recorder) = admin::recorder() else { return };
    loop {
        tokio::time::sleep(UPKEEP).await;
        recorder.run_upkeep();
    }
}
