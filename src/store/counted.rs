//! Counts the steps at each engine and their time.

use std::sync::LazyLock;
use std::time::Duration;

use metrics::{Counter, Histogram};
use opentelemetry::KeyValue;

use crate::deadline;
use crate::metrics::{STORE_CALLS, STORE_SECONDS};
use crate::spans;

/// The engines' names, in the order of `Engine`'s variants.
const ENGINES: [&str; 3] = ["memory", "sqlite", "redis"];

struct Handles {
    done: Counter,
    failed: Counter,
    seconds: Histogram,
}

static HANDLES: LazyLock<[Handles; ENGINES.len()]> = LazyLock::new(|| {
    ENGINES.map(|engine| Handles {
        done: STORE_CALLS.counter(&[engine, "ok"]),
        failed: STORE_CALLS.counter(&[engine, "failed"]),
        seconds: STORE_SECONDS.histogram(&[engine]),
    })
});

/// Registers every series.
pub(crate) fn register_metrics() {
    LazyLock::force(&HANDLES);
}

/// Counts a step at the engine with this number, and records it as a part of the request that it is made for.
pub(super) fn note(engine: usize, step: &'static str, took: Duration, is_done: bool) {
    let handles = &HANDLES[engine];
    let outcome = if is_done { &handles.done } else { &handles.failed };
    outcome.increment(1);
    handles.seconds.record(took);
    if let Some(request) = deadline::span() {
        let engine = [KeyValue::new("db.system.name", ENGINES[engine])];
        spans::note(request, format!("store {step}"), took, !is_done, engine);
    }
}
