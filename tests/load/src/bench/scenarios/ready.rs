//! The time from a start to the first answer of `/readyz` that is 200.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tokio::time::sleep;

use crate::bench::drive::{Ask, Connection, Expected};
use crate::bench::portal::{Places, Portal, Store};
use crate::bench::process::{Process, START_POLL};
use crate::bench::stand::start_tenant;
use crate::bench::table::Spread;
use crate::bench::visitor::stranger;

const STARTS: usize = 11;

/// Starts a portal several times on the store of an earlier one, and prints how long it takes.
pub(super) async fn measure(binary: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let tenant = start_tenant(folder.path(), 0).await?;
    let expected = Arc::new(Expected { status: 200, contains: "ready".to_owned(), is_packed: false });
    let ask = Ask { path: "/readyz".to_owned(), headers: stranger(), expected };
    for store in [Store::Memory, Store::Redis, Store::Sqlite] {
        // Its store stays.
        let Portal { address, process, redis, folder, .. } =
            Portal::start(binary, store, &tenant.url()?).await?;
        drop(process);
        let mut times = Vec::new();
        for _ in 0..STARTS {
            let places = Places::free()?;
            let command = places.command(binary, &address, &tenant.url()?);
            let began = Instant::now();
            let mut process = Process::spawn(command, places.pages, &folder.path().join("started.log"))?;
            while !is_ready(places, &ask).await {
                process.ensure_it_lives(began)?;
                sleep(START_POLL).await;
            }
            times.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        println!("`{}` {} ms", store.name(), Spread::of(times.into_iter()));
        drop(redis);
    }
    Ok(())
}

async fn is_ready(places: Places, ask: &Ask) -> bool {
    let answer = async { Connection::open(places.admin).await?.send(ask).await };
    answer.await.is_ok()
}
