//! The Prometheus recorder, with every series at zero from the start, and the figures of the process.

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use procfs::WithCurrentSystemInfo as _;
use procfs::process::Process;

use crate::audit;
use crate::metrics::{self, PROCESS_CPU, PROCESS_MEMORY, PROCESS_START};
use crate::outbox;
use crate::store;
use crate::tenant;

/// Without upkeep, metrics that nobody collects would fill the memory.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// The process-wide metrics recorder; `None` when the surrounding program has installed its own, which then gets the
/// metrics.
pub(super) fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = builder().and_then(PrometheusBuilder::install_recorder).ok();
            metrics::register();
            audit::register_metrics();
            outbox::register_metrics();
            store::register_metrics();
            tenant::register_metrics();
            if let Some(recorder) = recorder.clone() {
                keep_up(recorder);
            }
            recorder
        })
        .as_ref()
}

/// Runs the upkeep in a thread, because another application may call us before its runtime runs.
fn keep_up(recorder: PrometheusHandle) {
    let thread = thread::Builder::new().name("metrics".to_owned());
    let upkeep = move || loop {
        thread::sleep(UPKEEP_INTERVAL);
        recorder.run_upkeep();
    };
    if let Err(error) = thread.spawn(upkeep) {
        tracing::warn!(%error, "metrics have no upkeep");
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    metrics::buckets().try_fold(PrometheusBuilder::new(), |builder, (name, bounds)| {
        builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), bounds)
    })
}

/// Reads the figures of the process, for one scrape.
pub(super) fn note_process() {
    let Ok(stat) = Process::myself().and_then(|process| process.stat()) else { return };
    // Whole seconds, because a counter of the recorder has no fraction.
    PROCESS_CPU.counter(&[]).absolute((stat.utime + stat.stime) / procfs::ticks_per_second());
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
    PROCESS_MEMORY.gauge(&[]).set(stat.rss_bytes().get() as f64);
    if let Ok(boot) = procfs::boot_time_secs() {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        PROCESS_START.gauge(&[]).set((boot + stat.starttime / procfs::ticks_per_second()) as f64);
    }
}
