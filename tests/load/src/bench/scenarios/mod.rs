//! What a company of two million people brings about: many live sessions, idle connections, a slow tenant, starts, and
//! a morning's sign-ins on two replicas.

mod idle;
mod morning;
mod ready;
mod sessions;
mod slow;

use std::path::Path;

use super::Sizes;
use super::portal::Store;

/// Runs all of them and prints what was measured.
pub(super) async fn run(binary: &Path, sizes: &Sizes) -> anyhow::Result<()> {
    println!("\n## Start to ready\n");
    ready::measure(binary).await?;
    println!("\n## Idle connections\n");
    idle::measure(binary).await?;
    println!("\n## A tenant with {} ms, {} people at once\n", slow::DELAY, slow::PEOPLE);
    slow::measure(binary).await?;
    println!("\n## Two replicas on one Redis, {} sign-ins a minute\n", morning::A_MINUTE);
    morning::measure(binary, sizes.minutes).await?;
    println!("\n## {} live sessions\n", sizes.sessions);
    for store in [Store::Memory, Store::Redis, Store::Sqlite] {
        sessions::measure(binary, store, sizes.sessions).await?;
    }
    Ok(())
}
