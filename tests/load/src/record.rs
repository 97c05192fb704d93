//! What was measured, and the verdict.

use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::page::Page;
use crate::portal::Log;
use crate::samples::Samples;

/// What the portal answered to a request of a browser's.
pub(crate) struct Answer {
    /// Method and path.
    pub(crate) name: String,
    pub(crate) status: u16,
    /// The request's number, as the log has it.
    pub(crate) id: String,
    pub(crate) html: String,
}

/// Everything so far.
#[derive(Default)]
pub(crate) struct Record(Mutex<Figures>);

#[derive(Default)]
struct Figures {
    statuses: BTreeMap<u16, usize>,
    /// Status and heading of each page of trouble.
    troubles: BTreeMap<String, usize>,
    /// Each act with how often it was begun and finished, and what kept it from its end.
    acts: BTreeMap<&'static str, (usize, usize)>,
    unfinished: BTreeMap<String, usize>,
    /// Status and number of each answer from 500 on.
    failures: Vec<(u16, String)>,
    /// How long the list took while the tenant was well.
    lists: Vec<Duration>,
    storms: usize,
    /// Promises that were broken.
    broken: Vec<String>,
}

impl Record {
    fn figures(&self) -> MutexGuard<'_, Figures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer, and how long it took if it was the list in calm times.
    pub(crate) fn answer(&self, answer: &Answer, list: Option<Duration>) {
        let Answer { name, status, id, html } = answer;
        let is_page = !(300..400).contains(status) && *status != 204;
        let heading = (*status >= 400).then(|| heading(html));
        let mut figures = self.figures();
        *figures.statuses.entry(*status).or_default() += 1;
        figures.lists.extend(list.filter(|_| *status == 200));
        if let Some(heading) = heading {
            *figures.troubles.entry(format!("{status} {heading}")).or_default() += 1;
        }
        if *status >= 500 {
            figures.failures.push((*status, id.clone()));
        }
        if is_page && html.trim().is_empty() {
            figures.broken.push(format!("{name}: {status} with a blank body"));
        }
    }

    /// No answer, or half of one.
    pub(crate) fn broken(&self, name: &str, error: &reqwest::Error) {
        self.figures().broken.push(format!("{name}: {error:?}"));
    }

    /// A connection that the portal did not end.
    pub(crate) fn kept(&self, said: &[u8]) {
        self.figures().broken.push(format!("«{}» is still listened to", String::from_utf8_lossy(said)));
    }

    /// The portal has ended.
    pub(crate) fn ended(&self, status: ExitStatus) {
        if !status.success() {
            self.figures().broken.push(format!("the portal ended with {status}"));
        }
    }

    pub(crate) fn act(&self, name: &'static str, done: &anyhow::Result<()>) {
        let mut figures = self.figures();
        let (begun, finished) = figures.acts.entry(name).or_default();
        *begun += 1;
        *finished += usize::from(done.is_ok());
        if let Err(error) = done {
            *figures.unfinished.entry(format!("{name}: {error}")).or_default() += 1;
        }
    }

    pub(crate) fn storm(&self) {
        self.figures().storms += 1;
    }

    pub(crate) fn requests(&self) -> usize {
        self.figures().statuses.values().sum()
    }

    /// Prints everything; says whether a promise was broken.
    pub(crate) fn report(&self, log: &Log, samples: &Samples, most: f64) -> bool {
        let figures = self.figures();
        let mut broken = figures.broken.clone();
        println!("\n{} requests in {} storms", figures.statuses.values().sum::<usize>(), figures.storms);
        print("answers", &figures.statuses);
        print("pages of trouble", &figures.troubles);
        print("acts begun and finished", figures.acts.iter().map(|(name, it)| (name, format!("{it:?}"))));
        print("unfinished", &figures.unfinished);
        print("the log's warnings and errors", &log.said);
        let silent = |only: u16| {
            let of_it = figures.failures.iter().filter(move |(status, _)| only == 0 || *status == only);
            of_it.filter(|(_, id)| !log.ids.contains(id)).map(|(status, id)| format!("{status} {id}"))
        };
        println!(
            "{} answers from 500 on, {} without a warning or an error in the log",
            figures.failures.len(),
            silent(0).count()
        );
        broken.extend(silent(500).map(|it| format!("{it}: the log does not say why")));
        broken.extend(log.said.keys().filter(|said| said.contains("panicked")).cloned());
        println!("the list in calm times: {}", quantiles(&figures.lists));
        broken.extend(grown(samples, most));
        print("broken promises", broken.iter().map(|it| (it, "")));
        !broken.is_empty()
    }
}

/// The first heading; not every answer is worth reading as a whole.
fn heading(html: &str) -> String {
    url::Url::parse("http://x/").map(|url| Page::read(url, html).heading).unwrap_or_default()
}

fn quantiles(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 1000).map_or(0.0, |it| it.as_secs_f64() * 1000.0);
    format!("{} times, p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms", times.len(), at(500), at(990), at(999))
}

fn grown(samples: &Samples, most: f64) -> Vec<String> {
    let Some((warm, last)) = samples.ends() else { return Vec::new() };
    println!(
        "{warm}\n{last}\nslope {:+.3} MB a minute (at most {most} MB in all are allowed)",
        samples.slope()
    );
    let mut broken = Vec::new();
    if last.memory - warm.memory > most {
        broken.push(format!("memory grew by {:.1} MB", last.memory - warm.memory));
    }
    // What people hold open at the moment is no growth.
    if last.files > warm.files + 100 {
        broken.push(format!("file descriptors grew from {} to {}", warm.files, last.files));
    }
    broken
}

fn print(title: &str, entries: impl IntoIterator<Item = (impl std::fmt::Display, impl std::fmt::Display)>) {
    println!("{title}:");
    entries.into_iter().for_each(|(name, figure)| println!("  {figure:>8}  {name}"));
}
