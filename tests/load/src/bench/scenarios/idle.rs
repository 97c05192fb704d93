//! Idle connections: what each takes, and whether they cost any processor time.

use std::path::Path;
use std::time::Duration;

use tokio::time::sleep;

use crate::bench::drive::Connection;
use crate::bench::page::Page;
use crate::bench::portal::{Portal, Store};
use crate::bench::stand::{COUNTS, Session, start_tenant};
use crate::bench::visitor;

const CONNECTIONS: u32 = 1000;
const WAIT: Duration = Duration::from_secs(3);

/// Opens them, has each load a page once, and prints what they take while nothing happens.
pub(super) async fn measure(binary: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let tenant = start_tenant(folder.path(), 0).await?;
    let portal = Portal::start(binary, Store::Memory, &tenant.url()?).await?;
    let session = Session::begin(&visitor::client()?, &portal, COUNTS[0]).await?;
    let ask = session.ask(Page::List, false, "");
    for _ in 0..CONNECTIONS {
        Connection::open(portal.process.address).await?.send(&ask).await?;
    }
    let before = portal.process.memory()?;
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(portal.process.address).await?;
        connection.send(&ask).await?;
        connections.push(connection);
    }
    let (memory, cpu) = (portal.process.memory()? - before, portal.process.cpu()?);
    sleep(WAIT).await;
    let cpu = portal.process.cpu()?.saturating_sub(cpu);
    println!(
        "{CONNECTIONS} connections: {:.1} kB each, {cpu:?} of processor time in {WAIT:?}",
        memory * 1024.0 / f64::from(CONNECTIONS)
    );
    Ok(())
}
