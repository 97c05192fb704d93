//! Virtual people in front of the real portal, for as long as wanted: they sign in, add, mistype, cancel, try, replace,
//! remove and leave, while the emulated tenant fails from time to time. At the end stands what was measured, and whether a
//! promise was broken (exit code 1): a blank page, a 500 without a line in the log, an answer that never came, memory or
//! file descriptors that grow.
//!
//! `cargo build --release && cargo run -p load -- --portal target/release/mfa-portal --store redis: --minutes 20`

mod acts;
mod browser;
mod junk;
mod page;
mod person;
mod portal;
mod record;
mod samples;
mod trouble;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::time::sleep;

use crate::portal::Portal;
use crate::samples::Samples;
use crate::world::World;

/// How often the process is looked at.
const EVERY: Duration = Duration::from_secs(10);

/// Keeps a portal busy and says whether it keeps its promises.
#[derive(Parser)]
struct Arguments {
    /// The portal's binary
    #[arg(long, default_value = "target/debug/mfa-portal")]
    portal: PathBuf,
    /// memory:, sqlite: (in a folder of its own), redis: (a redis-server of its own), or any SESSION_STORE
    #[arg(long, default_value = "memory:")]
    store: String,
    /// For how long
    #[arg(long, default_value_t = 2.0)]
    minutes: f64,
    /// How many people are there at a time
    #[arg(long, default_value_t = 50)]
    people: usize,
    /// At most so many requests a second, all people together
    #[arg(long, default_value_t = 30.0)]
    rate: f64,
    /// By how many MB memory may grow from the second minute on
    #[arg(long, default_value_t = 16.0)]
    growth: f64,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let tenant = emulated_tenant::Tenant::start(emulated_tenant::Options::default()).await?;
    let portal = Portal::start(&arguments.portal, &arguments.store, &tenant).await?;
    let world = World::new(tenant, portal.url.clone(), arguments.rate)?;
    let trouble = tokio::spawn(trouble::stir(world.clone()));
    for slot in 0..arguments.people {
        tokio::spawn(person::live(world.clone(), slot, arguments.people));
    }
    let mut samples = Samples::default();
    let ends = Duration::from_secs_f64(arguments.minutes * 60.0);
    while world.began.elapsed() < ends {
        sleep(EVERY.min(ends.saturating_sub(world.began.elapsed()))).await;
        samples.take(&portal, &world)?;
    }
    trouble.abort();
    let log = portal.stop(&world).await?;
    let broken = world.record.report(&log, &samples, arguments.growth);
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
