//! A morning's sign-ins: two replicas on one Redis, whose browsers reach either of them at each step.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::bench::portal::{Places, redis};
use crate::bench::process::Process;
use crate::bench::stand::{COUNTS, start_tenant};
use crate::bench::visitor::{self, Visitor};

/// Sign-ins a minute.
pub(super) const A_MINUTE: u32 = 10_000;

/// Signs people in at that pace for some minutes, and prints how long it takes them and what it costs.
pub(super) async fn measure(binary: &Path, minutes: f64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let tenant = start_tenant(folder.path(), 0).await?;
    let store = redis(folder.path()).await?;
    let first = Places::free()?;
    let second = Places { public: first.pages, ..Places::free()? };
    let mut replicas = Vec::new();
    for (places, log) in [(first, "first.log"), (second, "second.log")] {
        let command = places.command(binary, &format!("redis://{}", store.address), &tenant.url()?);
        replicas.push(Process::start(command, places.pages, &folder.path().join(log)).await?);
    }
    let (url, client) = (replicas[0].url()?, visitor::client()?);
    let cpu = || -> anyhow::Result<_> { Ok([replicas[0].cpu()? + replicas[1].cpu()?, store.cpu()?]) };
    let before = cpu()?;
    let (mut under_way, mut times) = (JoinSet::new(), Histogram::<u64>::new(3)?);
    let mut pace = interval(Duration::from_secs(60) / A_MINUTE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (began, lasts) = (Instant::now(), Duration::from_secs_f64(60.0 * minutes));
    let mut failed = Vec::new();
    let mut note = |ended: Result<anyhow::Result<Duration>, tokio::task::JoinError>| -> anyhow::Result<()> {
        match ended? {
            Ok(took) => times.record(u64::try_from(took.as_micros())?)?,
            Err(error) => failed.push(format!("{error:#}")),
        }
        Ok(())
    };
    while began.elapsed() < lasts {
        let due = pace.tick().await.into_std();
        let mut visitor =
            Visitor::new(&client, COUNTS[0]).of_replicas([first.pages.port(), second.pages.port()]);
        let url = url.clone();
        under_way.spawn(async move {
            let landed = visitor.open(url).await?;
            anyhow::ensure!(landed.html.contains("<h1>Two-step verification</h1>"), "no list");
            // From when it was due, so that waiting counts.
            Ok(due.elapsed())
        });
        while let Some(ended) = under_way.try_join_next() {
            note(ended)?;
        }
    }
    while let Some(ended) = under_way.join_next().await {
        note(ended)?;
    }
    let (after, took) = (cpu()?, began.elapsed().as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "less than 2^52 sign-ins")]
    let (count, millis) = (times.len() as f64, |quantile| times.value_at_quantile(quantile) as f64 / 1000.0);
    let millis_each = |after: Duration, before| after.saturating_sub(before).as_secs_f64() * 1000.0 / count;
    println!(
        "{count} sign-ins with a list each in {took:.0} s, {} failed: p50 {:.1} ms, p99 {:.1} ms; processor time of \
         both replicas {:.3} ms each, of Redis {:.3} ms; resident {:.0} and {:.0} MB",
        failed.len(),
        millis(0.5),
        millis(0.99),
        millis_each(after[0], before[0]),
        millis_each(after[1], before[1]),
        replicas[0].memory()?,
        replicas[1].memory()?,
    );
    failed.first().map_or(Ok(()), |first| Err(anyhow::anyhow!("a sign-in failed: {first}")))
}
