//! The measurements of a run, and the verdict.

use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::page::Page;
use crate::portal::Log;
use crate::samples::Samples;

/// A response of the portal to a browser.
pub(crate) struct RecordedResponse {
    /// Method and path.
    pub(crate) name: String,
    pub(crate) status: u16,
    /// The request id, as the log has it.
    pub(crate) id: String,
    pub(crate) html: String,
}

/// Everything measured so far.
#[derive(Default)]
pub(crate) struct Record(Mutex<Measurements>);

#[derive(Default)]
struct Measurements {
    statuses: BTreeMap<u16, usize>,
    /// By status and heading of the error page.
    error_pages: BTreeMap<String, usize>,
    /// How often each act was begun and finished.
    acts: BTreeMap<&'static str, (usize, usize)>,
    /// By act and the error that interrupted it.
    unfinished: BTreeMap<String, usize>,
    /// Status and request id of each response from 500 on.
    server_errors: Vec<(u16, String)>,
    /// The times of the list while the tenant was well.
    list_times: Vec<Duration>,
    storms: usize,
    /// Broken promises.
    broken: Vec<String>,
}

impl Record {
    fn measurements(&self) -> MutexGuard<'_, Measurements> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a response, and its time if it is the list while the tenant is well.
    pub(crate) fn response(&self, response: &RecordedResponse, list_time: Option<Duration>) {
        let RecordedResponse { name, status, id, html } = response;
        let is_page = !(300..400).contains(status) && *status != 204;
        let heading = (*status >= 400).then(|| heading(html));
        let mut figures = self.measurements();
        *figures.statuses.entry(*status).or_default() += 1;
        figures.list_times.extend(list_time.filter(|_| *status == 200));
        if let Some(heading) = heading {
            *figures.error_pages.entry(format!("{status} {heading}")).or_default() += 1;
        }
        if *status >= 500 {
            figures.server_errors.push((*status, id.clone()));
        }
        if is_page && html.trim().is_empty() {
            figures.broken.push(format!("{name}: {status} with a blank body"));
        }
    }

    /// Records a request that got no response, or half of one.
    pub(crate) fn no_response(&self, name: &str, error: &reqwest::Error) {
        self.measurements().broken.push(format!("{name}: {error:?}"));
    }

    /// Records a connection that the portal should have closed.
    pub(crate) fn still_open(&self, sent: &[u8]) {
        let sent = String::from_utf8_lossy(sent);
        self.measurements().broken.push(format!("the connection stays open after «{sent}»"));
    }

    /// Records how the portal ended.
    pub(crate) fn ended(&self, status: ExitStatus) {
        if !status.success() {
            self.measurements().broken.push(format!("the portal ended with {status}"));
        }
    }

    pub(crate) fn act(&self, name: &'static str, done: &anyhow::Result<()>) {
        let mut figures = self.measurements();
        let (begun, finished) = figures.acts.entry(name).or_default();
        *begun += 1;
        *finished += usize::from(done.is_ok());
        if let Err(error) = done {
            *figures.unfinished.entry(format!("{name}: {error}")).or_default() += 1;
        }
    }

    pub(crate) fn storm(&self) {
        self.measurements().storms += 1;
    }

    pub(crate) fn requests(&self) -> usize {
        self.measurements().statuses.values().sum()
    }

    /// Prints everything; returns whether a promise was broken. `most` is the memory growth allowed, in MB.
    pub(crate) fn report(&self, log: &Log, samples: &Samples, most: f64) -> bool {
        let figures = self.measurements();
        let mut broken = figures.broken.clone();
        println!("\n{} requests in {} storms", figures.statuses.values().sum::<usize>(), figures.storms);
        print("responses", &figures.statuses);
        print("error pages", &figures.error_pages);
        print("acts begun and finished", figures.acts.iter().map(|(name, it)| (name, format!("{it:?}"))));
        print("unfinished", &figures.unfinished);
        print("the log's warnings and errors", &log.messages);
        let unlogged = |only: u16| {
            let matching =
                figures.server_errors.iter().filter(move |(status, _)| only == 0 || *status == only);
            matching
                .filter(|(_, id)| !log.request_ids.contains(id))
                .map(|(status, id)| format!("{status} {id}"))
        };
        println!(
            "{} responses from 500 on, {} without a warning or an error in the log",
            figures.server_errors.len(),
            unlogged(0).count()
        );
        broken.extend(unlogged(500).map(|it| format!("{it}: no reason in the log")));
        broken.extend(log.messages.keys().filter(|message| message.contains("panicked")).cloned());
        println!("the list while the tenant is well: {}", quantiles(&figures.list_times));
        broken.extend(growth(samples, most));
        print("broken promises", broken.iter().map(|it| (it, "")));
        !broken.is_empty()
    }
}

fn heading(html: &str) -> String {
    url::Url::parse("http://x/").map(|url| Page::read(url, html).heading).unwrap_or_default()
}

fn quantiles(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 1000).map_or(0.0, |it| it.as_secs_f64() * 1000.0);
    format!("{} times, p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms", times.len(), at(500), at(990), at(999))
}

fn growth(samples: &Samples, most: f64) -> Vec<String> {
    let Some((warm, last)) = samples.first_and_last() else { return Vec::new() };
    println!("{warm}\n{last}\nslope {:+.3} MB a minute (at most {most} MB in all allowed)", samples.slope());
    let mut broken = Vec::new();
    if last.memory - warm.memory > most {
        broken.push(format!("memory grew by {:.1} MB", last.memory - warm.memory));
    }
    // Connections that are open at the moment are no growth.
    if last.files > warm.files + 100 {
        broken.push(format!("file descriptors grew from {} to {}", warm.files, last.files));
    }
    broken
}

fn print(title: &str, entries: impl IntoIterator<Item = (impl std::fmt::Display, impl std::fmt::Display)>) {
    println!("{title}:");
    entries.into_iter().for_each(|(name, figure)| println!("  {figure:>8}  {name}"));
}
