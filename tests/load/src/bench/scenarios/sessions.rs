//! Many live sessions in one store: what each takes, how fast they come, and what they do to a list.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::bench::drive::{Ask, drive, once};
use crate::bench::page::Page;
use crate::bench::portal::{Portal, Store};
use crate::bench::stand::{COUNTS, Session, start_tenant};
use crate::bench::tenant::TOKEN_LENGTH;
use crate::bench::visitor::{self, Visitor};

/// Sign-ins under way at a time.
const AT_ONCE: usize = 16;
/// How many sign in before all others, and look at the list before and after.
const FIRST: usize = 8;
const LISTS: Duration = Duration::from_secs(2);
/// The files of a database in the mode WAL.
const DATABASE: [&str; 2] = ["store.db", "store.db-wal"];

/// Signs so many people in and prints what their sessions take.
pub(super) async fn measure(binary: &Path, store: Store, count: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let tenant = start_tenant(folder.path(), 0).await?;
    let portal = Portal::start(binary, store, &tenant.url()?).await?;
    let mut asks = first_ones(&portal).await?;
    let calm = drive(&portal.process, &asks, LISTS).await?;
    let (before, at_rest) = (kept(&portal).await?, portal.process.memory()?);
    let (began, cpu) = (Instant::now(), portal.process.cpu()?);
    sign_in(&portal, count).await?;
    let (took, cpu) = (began.elapsed().as_secs_f64(), portal.process.cpu()?.saturating_sub(cpu));
    let (after, memory) = (kept(&portal).await?, portal.process.memory()?);
    let mut lost = Vec::new();
    for at in (0..asks.len()).rev() {
        if let Err(error) = once(&portal.process, &asks[at]).await {
            lost.push(format!("{error:#}"));
            asks.remove(at);
        }
    }
    let busy = if asks.is_empty() { None } else { Some(drive(&portal.process, &asks, LISTS).await?) };
    #[expect(clippy::cast_precision_loss, reason = "less than 2^52 bytes and people")]
    let (each, people, token) = ((after - before) as f64 / count as f64, count as f64, TOKEN_LENGTH as f64);
    println!(
        "`{}` {each:.0} B a session, {:.0} without its token of {TOKEN_LENGTH}; the process grew from {at_rest:.0} to \
         {memory:.0} MB; {:.0} sign-ins a second, {:.3} ms of its processor time each; list p99 {:.1} ms before and \
         {:.1} ms with all of them; of {FIRST} who came first {} signed out",
        store.name(),
        each - token,
        people / took,
        cpu.as_secs_f64() * 1000.0 / people,
        calm.p99,
        busy.map_or(f64::NAN, |run| run.p99),
        lost.len(),
    );
    Ok(())
}

async fn sign_in(portal: &Portal, count: usize) -> anyhow::Result<()> {
    let client = visitor::client()?;
    let mut under_way = JoinSet::new();
    for number in 0..count {
        if under_way.len() >= AT_ONCE {
            under_way.join_next().await.context("nobody signs in")???;
        }
        let (mut visitor, url) = (Visitor::new(&client, COUNTS[0]), portal.url.clone());
        under_way.spawn(async move { visitor.sign_in(&url).await });
        if number % 1000 == 0 {
            eprint!("\r{number} signed in ");
        }
    }
    while let Some(signed_in) = under_way.join_next().await {
        signed_in??;
    }
    eprint!("\r");
    Ok(())
}

/// The lists of people who sign in before all others.
async fn first_ones(portal: &Portal) -> anyhow::Result<Vec<Ask>> {
    let client = visitor::client()?;
    let mut asks = Vec::new();
    for _ in 0..FIRST {
        asks.push(Session::begin(&client, portal, COUNTS[0]).await?.ask(Page::List, false, ""));
    }
    Ok(asks)
}

/// The bytes that the store takes.
async fn kept(portal: &Portal) -> anyhow::Result<u64> {
    match (portal.store, &portal.redis) {
        (Store::Redis, Some(redis)) => {
            let mut stream = TcpStream::connect(redis.address).await?;
            stream.write_all(b"INFO memory\r\nQUIT\r\n").await?;
            let mut said = String::new();
            stream.read_to_string(&mut said).await?;
            let used = said.lines().find_map(|line| line.strip_prefix("used_memory:"));
            Ok(used.context("redis does not say what it takes")?.trim().parse()?)
        }
        (Store::Sqlite, _) => {
            let size = |file| std::fs::metadata(portal.folder.path().join(file)).map_or(0, |it| it.len());
            Ok(DATABASE.into_iter().map(size).sum())
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "memory is a few MB")]
        _ => Ok((portal.process.memory()? * 1024.0 * 1024.0) as u64),
    }
}
