//! Records what a portal counts during a fault, for the tests of the alert rules (tests/deploy/recorded.py).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use crate::fault::Fault;
use crate::person;
use crate::scene::Scene;

const PEOPLE: usize = 20;
/// People have sessions and set-ups by then.
const WARM_UP: Duration = Duration::from_secs(60);
const SCRAPE_INTERVAL: Duration = Duration::from_secs(10);
/// Five minutes of scrapes.
const SCRAPES: usize = 31;
/// More at once than that slow each other down on two processors.
const AT_ONCE: usize = 6;
/// The rules name the metrics that are worth recording.
const RULES: &str = "deploy/prometheus/alerts.yaml";

/// Each series with its value in every scrape.
type Series = BTreeMap<String, Vec<Option<String>>>;

/// Records these faults into a folder, one file each.
pub(crate) async fn record_all(faults: Vec<Fault>, binary: PathBuf, folder: PathBuf) -> Result<()> {
    let (turns, rules) = (Arc::new(Semaphore::new(AT_ONCE)), fs::read_to_string(RULES).context(RULES)?);
    let mut recordings = JoinSet::new();
    for fault in faults {
        let (turns, rules, binary, folder) = (turns.clone(), rules.clone(), binary.clone(), folder.clone());
        recordings.spawn(async move {
            let _turn = turns.acquire_owned().await?;
            let series = record(fault, &binary).await.with_context(|| fault.name())?;
            fs::write(folder.join(fault.name() + ".series"), text(&series, &rules))?;
            println!("{}: recorded", fault.name());
            anyhow::Ok(())
        });
    }
    let mut failures = Vec::new();
    while let Some(recorded) = recordings.join_next().await {
        failures.extend(recorded?.err());
    }
    ensure!(failures.is_empty(), "not recorded: {failures:#?}");
    Ok(())
}

async fn record(fault: Fault, binary: &Path) -> Result<Series> {
    let mut scene = Scene::set(fault, binary).await?;
    let (mut people, mut tasks) = (JoinSet::new(), JoinSet::new());
    for slot in 0..PEOPLE {
        people.spawn(person::run_slot(scene.world.clone(), slot, PEOPLE));
    }
    sleep(WARM_UP).await;
    let mut pace = interval(SCRAPE_INTERVAL);
    let mut series = Series::new();
    for at in 0..SCRAPES {
        pace.tick().await;
        for (name, value) in scrape(&scene).await.iter().flat_map(|text| samples(text)) {
            series.entry(name.to_owned()).or_insert_with(|| vec![None; SCRAPES])[at] = Some(value.to_owned());
        }
        if at == 0 {
            fault.strike(&mut scene, &mut tasks)?;
        }
    }
    scene.world.over.store(true, Ordering::SeqCst);
    Ok(series)
}

/// The metrics, unless the portal is away. First asks whether it is ready, as an orchestrator does.
async fn scrape(scene: &Scene) -> Option<String> {
    let get = async |path| {
        let url = scene.portal.admin.join(path).ok()?;
        scene.operator.get(url).send().await.ok()?.text().await.ok()
    };
    get("readyz").await;
    get("metrics").await
}

fn samples(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '))
}

/// The series that rules ask for and that are not zero all the time, one a line: its name, then its value in each scrape,
/// or `_` for none.
fn text(series: &Series, rules: &str) -> String {
    let name = |labelled: &str| {
        let name = labelled.split('{').next().unwrap_or_default();
        rules.contains(name) && (!name.ends_with("_bucket") || labelled.contains("le=\"1\""))
    };
    let moves =
        |values: &[Option<String>]| values.iter().flatten().any(|value| value != "0" && value != "NaN");
    let mut text = String::new();
    for (name, values) in series.iter().filter(|(labelled, values)| name(labelled) && moves(values)) {
        let values: Vec<_> = values.iter().map(|value| value.as_deref().unwrap_or("_")).collect();
        let _ = writeln!(text, "{name} {}", values.join(" "));
    }
    text
}
