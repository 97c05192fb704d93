//! What operators and their orchestrators ask: does it live, can it work, how much has it done.

use std::sync::OnceLock;

use axum::extract::State;
use axum::http::StatusCode;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::app::App;

/// 200 while the process lives.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// 200 while the store can be reached and no order to stop has come; the tenant's absence is shown on pages, not by taking the portal out of service.
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match app.store.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!("{error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the session store is away\n")
        }
    }
}

/// Counters and timings in Prometheus' text format.
pub(crate) async fn metrics() -> (StatusCode, String) {
    match recorder() {
        Some(recorder) => {
            recorder.run_upkeep();
            (StatusCode::OK, recorder.render())
        }
        None => (StatusCode::SERVICE_UNAVAILABLE, "another recorder is installed\n".to_owned()),
    }
}

/// The process has one recorder. Where a surrounding program has installed its own, that one gets our figures.
pub(crate) fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}
