//! A soak test: virtual people use the real portal while the emulated tenant fails from time to time. Prints what was
//! measured, and exits with 1 if a promise was broken: a blank page, a 500 that is not in the log, a response that
//! never came, growing memory or file descriptors.
//!
//! `cargo build --release && cargo run -p load -- --portal target/release/mfa-portal --store redis: --minutes 20`
//!
//! With `--strangers 500` it floods the portal with that many junk callbacks a second instead. With
//! `--record tests/deploy/recorded` it records what the portal counts during faults, and with `--sessions 500` it measures
//! what that many sessions take. `load bench` measures the portal beside a bare handler: see `tests/load/bench`.

mod acts;
mod bench;
mod browser;
#[path = "../../built.rs"]
mod built;
mod child;
mod fault;
mod junk;
mod page;
mod person;
mod portal;
mod receivers;
mod record;
mod recording;
mod redis;
mod relay;
mod samples;
mod scene;
mod sessions;
mod strangers;
mod trouble;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum as _};
use tokio::runtime::Builder;
use tokio::time::sleep;

use crate::bench::Role;
use crate::fault::Fault;
use crate::portal::Portal;
use crate::samples::Samples;
use crate::strangers::Flood;
use crate::world::World;

/// Requests a second that no pace holds back.
const UNPACED: f64 = 100_000.0;
const SAMPLE_INTERVAL: Duration = Duration::from_secs(10);

/// Soaks a portal and reports whether it keeps its promises, or plays another role.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    soak: Soak,
}

#[derive(clap::Args)]
struct Soak {
    /// The portal's binary; by default the one that is built beside this program
    #[arg(long)]
    portal: Option<PathBuf>,
    /// memory:, sqlite: (a temporary file), redis: (a redis-server of its own), or any SESSION_STORE
    #[arg(long, default_value = "memory:")]
    store: String,
    /// How long to run
    #[arg(long, default_value_t = 2.0)]
    minutes: f64,
    /// How many people use the portal at a time
    #[arg(long, default_value_t = 50)]
    people: usize,
    /// The most requests a second, of all people together
    #[arg(long, default_value_t = 30.0)]
    rate: f64,
    /// How many MB memory may grow after the second minute
    #[arg(long, default_value_t = 16.0)]
    growth: f64,
    /// Junk callbacks a second by strangers, beside people who sign in and use the portal; no soak then
    #[arg(long)]
    strangers: Option<f64>,
    /// How many networks the strangers come from
    #[arg(long, default_value_t = 1)]
    networks: usize,
    /// Measure the memory of this many sessions; no soak then
    #[arg(long)]
    sessions: Option<usize>,
    /// Record faults of five minutes each into this folder; no soak then
    #[arg(long)]
    record: Option<PathBuf>,
    /// The faults to record; all by default
    #[arg(long, requires = "record")]
    fault: Vec<Fault>,
}

fn main() -> anyhow::Result<ExitCode> {
    let Arguments { role, soak } = Arguments::parse();
    let mut threads = match &role {
        Some(role) if role.is_driver() => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    let runtime = threads.enable_all().build()?;
    runtime.block_on(async {
        match role {
            Some(role) => role.run().await,
            None => self::soak(soak).await,
        }
    })
}

async fn soak(arguments: Soak) -> anyhow::Result<ExitCode> {
    let binary = arguments.portal.map_or_else(built::portal, Ok).map_err(anyhow::Error::msg)?;
    if let Some(folder) = arguments.record {
        let all = || Fault::value_variants().to_vec();
        let faults = if arguments.fault.is_empty() { all() } else { arguments.fault };
        recording::record_all(faults, binary, folder).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let tenant = emulated_tenant::Tenant::start(emulated_tenant::Options::default()).await?;
    let portal = Portal::start(&binary, &arguments.store, &tenant, &[]).await?;
    let ends = Duration::from_secs_f64(arguments.minutes * 60.0);
    if let Some(rate) = arguments.strangers {
        let world = World::new(tenant, portal.url.clone(), UNPACED)?;
        let kept = strangers::withstand(&world, Flood { rate, networks: arguments.networks }, ends).await?;
        return Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if let Some(count) = arguments.sessions {
        let world = World::new(tenant, portal.url.clone(), UNPACED)?;
        sessions::measure(&portal, &world, count).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let world = World::new(tenant, portal.url.clone(), arguments.rate)?;
    let trouble = tokio::spawn(trouble::inject_faults(world.clone()));
    for slot in 0..arguments.people {
        tokio::spawn(person::run_slot(world.clone(), slot, arguments.people));
    }
    let mut samples = Samples::default();
    while world.began.elapsed() < ends {
        sleep(SAMPLE_INTERVAL.min(ends.saturating_sub(world.began.elapsed()))).await;
        samples.take(&portal, &world)?;
    }
    trouble.abort();
    let log = portal.stop(&world).await?;
    let broken = world.record.report(&log, &samples, arguments.growth);
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
