//! The table of a run in Markdown, and the machine that it was made on.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use super::drive::Run;
use super::pair::{Pair, Runs};

/// The pairs and their measurements so far.
pub(super) struct Table {
    pub(super) pairs: Vec<Pair>,
    rounds: Vec<Vec<Runs>>,
}

impl Table {
    pub(super) fn new(pairs: Vec<Pair>) -> Self {
        Self { rounds: vec![Vec::new(); pairs.len()], pairs }
    }

    pub(super) fn add(&mut self, pair: usize, runs: Runs) {
        self.rounds[pair].push(runs);
    }

    /// Medians of the rounds. A ratio is taken within a round, and stands with its least and its greatest.
    pub(super) fn markdown(&self, allocations: &BTreeMap<String, usize>) -> String {
        let mut text = String::from(
            "| | requests/s (÷ bare) | p50, p99 ms (p99 ÷ bare) | CPU ms a request | CPU ÷ bare | allocations |\n\
             |---|---|---|---|---|---|\n",
        );
        for (pair, runs) in self.pairs.iter().zip(&self.rounds) {
            let of = |value: fn(&Run) -> f64| Spread::of(runs.iter().map(|runs| value(&runs.portal)));
            let ratio = |value: fn(&Run) -> f64| {
                Spread::of(runs.iter().map(|runs| value(&runs.portal) / value(&runs.bare)))
            };
            let (rate, p50, p99, cpu) =
                (of(|run| run.rate), of(|run| run.p50), of(|run| run.p99), of(|run| run.cpu));
            let (rates, slowest, costs) = (ratio(|run| run.rate), ratio(|run| run.p99), ratio(|run| run.cpu));
            let key = pair.counted();
            let allocated = allocations.get(&key).map_or_else(String::new, usize::to_string);
            let _ = writeln!(
                text,
                "| {} | {:.0} ({:.2}) | {:.2}, {:.1} ({:.1}) | {:.3} | {costs} | {allocated} |",
                pair.name(),
                rate.median,
                rates.median,
                p50.median,
                p99.median,
                slowest.median,
                cpu.median,
            );
        }
        text
    }
}

/// The median of some values, the least and the greatest.
pub(super) struct Spread {
    pub(super) least: f64,
    pub(super) median: f64,
    pub(super) most: f64,
}

impl Spread {
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |at: usize| values.get(at).copied().unwrap_or(f64::NAN);
        Self { least: at(0), median: at(values.len() / 2), most: at(values.len().saturating_sub(1)) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} ({:.1} to {:.1})", self.median, self.least, self.most)
    }
}

/// The processors and the kernel.
pub(super) fn machine() -> anyhow::Result<String> {
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let count = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(format!("{count} cores of {model}, Linux {}", kernel.trim()))
}
