//! The allocations of a request, which are the same on every machine and in every run, and so can be held to what is
//! written down.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, fs};

use hyper::header::{COOKIE, HeaderValue};

use super::drive::{Ask, Connection, Expected};
use super::page::Page;
use super::portal::{Portal, Store};
use super::stand::{COUNTS, Session, start_tenant, stylesheet};
use super::visitor::{client, stranger};

/// How often each request is counted, of which the median is taken: other threads allocate now and then, too.
const REQUESTS: usize = 15;
/// Before that every cache is filled and every connection open.
const WARM_UP: usize = 5;
/// As many as fit into a head, because a library that parsed each of them cost a visitor's request twenty-six times the
/// processor time.
const FOREIGN_COOKIES: usize = 1_900;
/// In percent of what is written down.
const MOST_GROWTH: usize = 10;

/// Compares the allocations of requests with the figures in `tests/load/allocations.txt`.
#[derive(clap::Args)]
pub(crate) struct Check {
    /// Write the figures down
    #[arg(long)]
    write: bool,
}

impl Check {
    /// Fails when a request allocates a tenth more than is written down.
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("allocations.txt");
        let counted = count().await?;
        let written = fs::read_to_string(&file).unwrap_or_default();
        let written: BTreeMap<_, usize> = written
            .lines()
            .filter_map(|line| line.rsplit_once(' '))
            .filter_map(|(name, count)| Some((name.to_owned(), count.parse().ok()?)))
            .collect();
        let mut has_grown = false;
        let mut text = String::new();
        for (name, count) in &counted {
            let before = written.get(name).copied().unwrap_or_default();
            println!("{name}: {count}, written down {before}");
            has_grown |= *count * 100 > before * (100 + MOST_GROWTH);
            let _ = writeln!(text, "{name} {count}");
        }
        if self.write {
            fs::write(&file, text)?;
        } else if has_grown {
            println!(
                "A request allocates more than a tenth above what is written down. If it must, write that down: \
                 cargo run -p load -- allocations --write"
            );
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The allocations of each page with the store `memory:`, by the name that [`super::pair::Pair::counted`] gives it.
pub(super) async fn count() -> anyhow::Result<BTreeMap<String, usize>> {
    let folder = tempfile::tempdir()?;
    let tenant = start_tenant(folder.path(), 0).await?;
    let portal = Portal::start(&counted_portal()?, Store::Memory, &tenant.url()?).await?;
    let stylesheet = stylesheet(&portal).await?;
    let mut counted = BTreeMap::new();
    let client = client()?;
    for authenticators in COUNTS {
        let mut session = Session::begin(&client, &portal, authenticators).await?;
        session.set_up_app(&portal).await?;
        for page in Page::ALL {
            for is_packed in [false, true] {
                let is_usual = authenticators == COUNTS[0] && !is_packed || page == Page::List;
                if is_usual {
                    let ask = session.ask(page, is_packed, &stylesheet);
                    counted.insert(name(page, authenticators, is_packed), of(&portal, &ask).await?);
                }
            }
        }
        if authenticators == COUNTS[0] {
            let mut ask = session.ask(Page::List, false, &stylesheet);
            ask.headers.append(COOKIE, HeaderValue::from_str(&"a=b; ".repeat(FOREIGN_COOKIES))?);
            let name =
                format!("{}, {FOREIGN_COOKIES} foreign cookies", name(Page::List, authenticators, false));
            counted.insert(name, of(&portal, &ask).await?);
        }
    }
    Ok(counted)
}

pub(super) fn name(page: Page, authenticators: usize, is_packed: bool) -> String {
    let of = if page == Page::List { format!(" of {authenticators}") } else { String::new() };
    format!("{}{of}{}", page.name(), if is_packed { ", gzip" } else { "" })
}

/// The median of the allocations between two looks at the counter, less those of a look.
async fn of(portal: &Portal, ask: &Ask) -> anyhow::Result<usize> {
    let mut connection = Connection::open(portal.process.address).await?;
    for _ in 0..WARM_UP {
        connection.send(ask).await?;
        look(&mut connection).await?;
    }
    let (mut looks, mut requests) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        let began = look(&mut connection).await?;
        let looked = look(&mut connection).await?;
        connection.send(ask).await?;
        let ended = look(&mut connection).await?;
        looks.push(looked - began);
        requests.push(ended - looked);
    }
    Ok(median(requests).saturating_sub(median(looks)))
}

fn median(mut counts: Vec<usize>) -> usize {
    counts.sort_unstable();
    counts[counts.len() / 2]
}

/// How often the portal has allocated so far.
async fn look(connection: &mut Connection) -> anyhow::Result<usize> {
    let expected = Arc::new(Expected { status: 200, contains: String::new(), is_packed: false });
    let ask = Ask { path: "/allocations".to_owned(), headers: stranger(), expected };
    let (_, body) = connection.send(&ask).await?;
    Ok(std::str::from_utf8(&body)?.parse()?)
}

/// The portal that counts, which is built beside this program.
fn counted_portal() -> anyhow::Result<PathBuf> {
    let executable = env::current_exe()?;
    let binary = executable.with_file_name("counted_portal");
    anyhow::ensure!(binary.exists(), "{} is missing; `cargo build -p load` builds it", binary.display());
    Ok(binary)
}
