//! The listeners: bound, limited, and stopped only after what is under way has been answered.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::http::StatusCode;
use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::admin;
use crate::app::Portal;
use crate::clock::Clock;
use crate::config::Config;
use crate::random::Random;

/// A request's headers come whole within this time, and an idle connection is kept no longer.
const HEADERS: Duration = Duration::from_secs(10);
/// Our largest request head is a few cookies of 512 bytes, and two of up to 2 KB.
const HEAD_BYTES: usize = 16 * 1024;
/// How long answers under way may take after the order to stop; a page takes 10 s at most.
const DRAIN: Duration = Duration::from_secs(15);

/// Serves until SIGTERM or SIGINT.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    admin::recorder();
    let pages_listener = bind("LISTEN", config.listen)?;
    let admin_listener = bind("ADMIN_LISTEN", config.admin_listen)?;
    let (pages_at, base_url) = (pages_listener.local_addr()?, config.base_url.clone());
    let base_path = config.base_path().to_owned();
    let portal = Portal::new(config, Clock::system(), Random::system())?;
    let handle = Handle::new();
    // From here on they are heard: an order to stop that comes early must not kill.
    let signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    tokio::spawn(stop_on(signals, handle.clone()));
    tracing::info!("serving {base_url} on {pages_at}");
    tokio::try_join!(
        listen(pages_listener, under(&base_path, portal.pages()?), handle.clone()),
        listen(admin_listener, portal.admin(), handle),
    )?;
    Ok(())
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

/// Serves on a listener until the handle says stop.
pub async fn listen(listener: TcpListener, routes: Router, handle: Handle<SocketAddr>) -> anyhow::Result<()> {
    let mut server = axum_server::from_tcp(listener)?.http1_only().handle(handle);
    let mut connection = server.http_builder().http1();
    connection
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .half_close(false);
    server.serve(routes.into_make_service()).await.context("the listener failed")
}

async fn stop_on([mut terminate, mut interrupt]: [Signal; 2], handle: Handle<SocketAddr>) {
    tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () }
    tracing::info!("stopping: answering what is under way");
    handle.graceful_shutdown(Some(DRAIN));
}
