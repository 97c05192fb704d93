//! A tenant that takes its time, and many people at once: the time that the portal adds to it.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::bench::drive::{Ask, Connection, drive};
use crate::bench::page::Page;
use crate::bench::portal::{Portal, Store};
use crate::bench::process::Process;
use crate::bench::stand::{COUNTS, Session, Stand, begin_bare, start_tenant};
use crate::bench::table::Spread;
use crate::bench::visitor;

/// The time of a list at the tenant, in milliseconds.
pub(super) const DELAY: u64 = 100;
/// How many people want it.
pub(super) const PEOPLE: usize = 500;
const ROUNDS: usize = 5;
const LASTS: Duration = Duration::from_secs(2);

/// Lets everybody arrive at once, and then keep asking, in turn with the bare handler.
pub(super) async fn measure(binary: &Path) -> anyhow::Result<()> {
    let stores = [Store::Memory, Store::Redis, Store::Sqlite];
    let stand = Stand::build(binary, &stores).await?;
    let folder = tempfile::tempdir()?;
    let tenant = start_tenant(folder.path(), DELAY).await?;
    let bare = stand.beside(&tenant, folder.path()).await?;
    let client = visitor::client()?;
    let mut bare_asks = Vec::new();
    for number in 0..PEOPLE {
        let headers = begin_bare(&client, &bare.url()?, number).await?;
        let expected = Page::List.expected(false);
        bare_asks.push(Ask { path: "/plain/list".to_owned(), headers, expected });
    }
    for store in stores {
        let portal = Portal::start(binary, store, &tenant.url()?).await?;
        let mut asks = Vec::new();
        for _ in 0..PEOPLE {
            let session = Session::sign_in(&client, &portal, COUNTS[0]).await?;
            asks.push(session.ask(Page::List, false, ""));
        }
        let (mut arrived, mut added, mut going, mut rates) = (vec![], vec![], vec![], vec![]);
        for _ in 0..ROUNDS {
            let at_bare = arrive(&bare, &bare_asks).await?;
            let at_portal = arrive(&portal.process, &asks).await?;
            arrived.push(at_portal);
            added.push(at_portal - at_bare);
            let of_bare = drive(&bare, &bare_asks, LASTS).await?;
            let of_portal = drive(&portal.process, &asks, LASTS).await?;
            going.push(of_portal.p99 - of_bare.p99);
            rates.push(of_portal.rate / of_bare.rate);
        }
        println!(
            "`{}` all at once: p99 {} ms, added to bare's {}; in a loop p99 added {}, requests ÷ bare {:.2}",
            store.name(),
            Spread::of(arrived.into_iter()),
            Spread::of(added.into_iter()),
            Spread::of(going.into_iter()),
            Spread::of(rates.into_iter()).median,
        );
    }
    Ok(())
}

/// The 99th percentile of the times of people who open a connection and the page at the same moment, in milliseconds.
async fn arrive(program: &Process, asks: &[Ask]) -> anyhow::Result<f64> {
    let mut people = JoinSet::new();
    let began = Instant::now();
    for ask in asks {
        let (address, ask) = (program.address, ask.clone());
        people.spawn(async move {
            Connection::open(address).await?.send(&ask).await?;
            anyhow::Ok(began.elapsed().as_secs_f64() * 1000.0)
        });
    }
    let mut times = Vec::new();
    while let Some(time) = people.join_next().await {
        times.push(time??);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() * 99 / 100])
}
