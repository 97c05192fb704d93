//! Endpoints for operators and orchestrators: health, readiness, metrics.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::recorder::{note_process, recorder};
use crate::portal::App;
use crate::web::layers::{Headers, add_security_headers};

/// `/healthz`, `/readyz` and `/metrics`, for the operator's own network. Fails when a setting does not fit into a
/// header.
pub fn admin(app: &App) -> anyhow::Result<Router> {
    // Now, because a series that is counted before has no recorder.
    recorder();
    let headers = Arc::new(Headers::new(&app.config)?);
    let router = Router::new()
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(app.clone());
    Ok(router.layer(from_fn_with_state(headers, with_headers)))
}

async fn with_headers(State(headers): State<Arc<Headers>>, request: Request, next: Next) -> Response {
    add_security_headers(&headers, request, async |request| next.run(request).await).await
}

/// 200 while the process lives.
async fn health() -> &'static str {
    "ok\n"
}

/// The question of a probe that leaves a part out: `/readyz?without=store`.
#[derive(Deserialize)]
struct Probe {
    without: Option<String>,
}

/// 200 while the store is writable and no shutdown is requested. A tenant that is down does not count, because pages
/// explain that; nor does the store for a probe without it, because a store that all replicas share takes all of them
/// out at once, and the pages explain that too.
async fn ready(State(app): State<App>, Query(probe): Query<Probe>) -> (StatusCode, &'static str) {
    if app.leaving.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if probe.without.as_deref() == Some("store") {
        return (StatusCode::OK, "ready\n");
    }
    match app.store.check_writable().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "session store not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the session store is away\n")
        }
    }
}

/// Metrics in the Prometheus text format.
async fn metrics() -> (StatusCode, String) {
    match recorder() {
        Some(recorder) => {
            note_process();
            recorder.run_upkeep();
            (StatusCode::OK, recorder.render())
        }
        None => (StatusCode::SERVICE_UNAVAILABLE, "another recorder is installed\n".to_owned()),
    }
}
