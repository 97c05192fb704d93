//! The benchmark: the portal beside a bare handler of the same page, in turn and in several rounds. Ratios are what can
//! be compared between machines. `tests/load/bench` builds everything and runs it.

mod allocations;
mod bare;
mod drive;
mod floor;
mod page;
mod pair;
mod peers;
mod portal;
mod process;
mod queue;
mod scenarios;
mod stand;
mod table;
mod tenant;
mod visitor;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Subcommand;

use self::allocations::Check;
use self::bare::BareHandler;
use self::pair::Pair;
use self::portal::Store;
use self::stand::{Sessions, Stand};
use self::table::{Table, machine};
use self::tenant::StubTenant;
use crate::built;

/// Other roles of the program than the soak test.
#[derive(Subcommand)]
pub(crate) enum Role {
    /// Measure the portal beside a bare handler
    Bench(Bench),
    /// Compare the allocations of a request with what is written down, or write them down
    Allocations(Check),
    /// Serve a tenant that costs next to nothing
    #[command(hide = true)]
    Tenant(StubTenant),
    /// Serve fixed pages
    #[command(hide = true)]
    Bare(BareHandler),
}

impl Role {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Bench(bench) => bench.run().await?,
            Self::Allocations(check) => return check.run().await,
            Self::Tenant(tenant) => tenant.serve().await?,
            Self::Bare(bare) => bare.serve().await?,
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Whether it needs one thread only. The driver is the lighter for it, and servers get what the portal has.
    pub(crate) fn is_driver(&self) -> bool {
        matches!(self, Self::Bench(_) | Self::Allocations(_))
    }
}

/// The measurements, and how long they take.
#[derive(clap::Args)]
pub(crate) struct Bench {
    /// How often each pair is measured; the table has the medians
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How many seconds each half of a pair is driven
    #[arg(long, default_value_t = 1.2)]
    seconds: f64,
    /// Only pairs whose name holds this text
    #[arg(long, default_value = "")]
    only: String,
    /// Compare with the peers in tests/load/peers, too
    #[arg(long)]
    peers: bool,
    /// Run the scenarios, too: many sessions, idle connections, a slow tenant, starts, a morning's sign-ins
    #[arg(long)]
    scenarios: bool,
    #[command(flatten)]
    sizes: Sizes,
    /// The portal's binary; by default the one that is built beside this program
    #[arg(long)]
    portal: Option<PathBuf>,
}

/// How much the scenarios bring about.
#[derive(clap::Args)]
struct Sizes {
    /// Live sessions in each store
    #[arg(long, default_value_t = 100_000)]
    sessions: usize,
    /// Minutes of a morning's sign-ins
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
}

impl Bench {
    async fn run(self) -> anyhow::Result<()> {
        let binary = self.portal.clone().map_or_else(built::portal, Ok).map_err(anyhow::Error::msg)?;
        let binary = binary.canonicalize().with_context(|| format!("no portal at {}", binary.display()))?;
        println!("{}", machine()?);
        let pairs: Vec<Pair> =
            Pair::all().into_iter().filter(|pair| pair.name().contains(&self.only)).collect();
        let mut stores = vec![Store::Memory];
        stores.extend(
            [Store::Redis, Store::Sqlite]
                .into_iter()
                .filter(|store| pairs.iter().any(|pair| pair.store() == Some(*store))),
        );
        let stand = Stand::build(&binary, &stores).await?;
        if !pairs.is_empty() {
            self.compare(&stand, pairs).await?;
        }
        if self.peers {
            peers::compare(&stand, self.rounds, self.lasts()).await?;
        }
        drop(stand);
        if self.scenarios {
            scenarios::run(&binary, &self.sizes).await?;
        }
        Ok(())
    }

    fn lasts(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// Measures the pairs in turn, in several rounds.
    async fn compare(&self, stand: &Stand, pairs: Vec<Pair>) -> anyhow::Result<()> {
        let allocations = allocations::count().await?;
        let mut table = Table::new(pairs);
        for round in 0..self.rounds {
            let sessions = Sessions::sign_in(stand).await?;
            for at in 0..table.pairs.len() {
                // Neither half comes first in every round.
                let runs = table.pairs[at].run(stand, &sessions, self.lasts(), round % 2 == 1).await?;
                table.add(at, runs);
                eprint!(
                    "\rround {} of {}, pair {} of {} ",
                    round + 1,
                    self.rounds,
                    at + 1,
                    table.pairs.len()
                );
            }
        }
        eprintln!();
        print!("\n{}\nPeak memory, MB: bare {:.0}", table.markdown(&allocations), stand.bare.peak()?);
        for portal in &stand.portals {
            print!(", `{}` {:.0}", portal.store.name(), portal.process.peak()?);
        }
        println!();
        Ok(())
    }
}
