//! The portal with an allocator that counts, for the benchmark and for the test of the allocations. It is configured by
//! the environment, as the portal is, and has a page of its own, `/allocations`: how often memory was allocated so far.

use std::alloc::System;

use axum::Router;
use axum::routing::get;
use mfa_portal::log::Log;
use mfa_portal::{Config, Settings, server};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config: Config = Settings::from_flags([])?.try_into()?;
    let log = Log::to_stderr(config.log_format);
    tokio::spawn(log.report_lost_lines());
    server::serve_with(config, Router::new().route("/allocations", get(allocations))).await
}

async fn allocations() -> String {
    let so_far = ALLOCATOR.stats();
    (so_far.allocations + so_far.reallocations).to_string()
}
