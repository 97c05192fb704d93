//! Every call × every trouble: the page, its status and its words, the calls that were made, and the line in the log.

use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet, LocalSet};
use tokio::time::{Instant, sleep};
use url::Url;

use super::call::{Call, Scene};
use super::trouble::{LARGE, Trouble};
use super::verdict::Verdict;
use crate::support::{Log, World};

/// What people are promised.
const TEN_SECONDS: Duration = Duration::from_secs(10);
/// What may lie in the machine's buffers beyond the 256 kB that are read.
const BUFFERED: usize = LARGE / 3;

/// Somebody in front of the step that will go wrong.
async fn prepared(call: Call, trouble: Trouble, elsewhere: Url) -> (Scene, Trouble) {
    let number = 100 * (call as u16 + 1) + trouble as u16;
    let scene = call.about_to(number).await;
    scene.meets(trouble, &elsewhere).await;
    (scene, trouble)
}

/// Takes the step; says what is wrong with what came of it.
async fn outcome(scene: &mut Scene, trouble: Trouble, log: &Log) -> Result<(), String> {
    let call = scene.call;
    let lag = Lag::begin();
    let took = scene.take().await.saturating_sub(lag.end());
    let verdict = call.verdict(trouble);
    verdict.check(trouble, &scene.browser.page)?;
    let calls = scene.calls();
    let poured = scene.world.tenant.faults().poured();
    println!(
        "{call:?} × {trouble:?}: {:.1} s, {} calls, {} kB taken",
        took.as_secs_f32(),
        calls,
        poured / 1024
    );
    let must = [
        (scene.went_well() == (verdict == Verdict::Well), format!("well: {}", verdict == Verdict::Well)),
        (took <= TEN_SECONDS, format!("a page within 10 s, not {took:?}")),
        (calls == call.times(trouble), format!("{} calls, not {calls}", call.times(trouble))),
        (nothing_is_repeated(scene), "no change asked for twice".to_owned()),
        (poured <= BUFFERED, format!("no {poured} bytes read")),
        (is_logged(scene, trouble, log), "a line in the log with the tenant's number".to_owned()),
    ];
    match must.into_iter().find(|(is_so, _)| !is_so) {
        None => Ok(()),
        Some((_, what)) => Err(format!("expected {what}: {}", scene.browser.page.text())),
    }
}

impl Call {
    /// How often it is made: a read once more where no answer came, anything else once.
    fn times(self, trouble: Trouble) -> usize {
        match trouble {
            Trouble::Refused => 0,
            Trouble::Reset | Trouble::InternalError | Trouble::BadGateway | Trouble::Truncated
                if self.is_read() =>
            {
                2
            }
            _ => 1,
        }
    }
}

fn nothing_is_repeated(scene: &Scene) -> bool {
    let mut changes = scene.world.changes();
    changes.sort();
    changes.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whether the log names the failure under the page's number, with the tenant's own number wherever an answer came.
fn is_logged(scene: &Scene, trouble: Trouble, log: &Log) -> bool {
    let nothing_to_drip = scene.call == Call::Remove && trouble == Trouble::SlowDrip;
    if nothing_to_drip || matches!(trouble, Trouble::UnknownFields | Trouble::WrongContentType) {
        return true;
    }
    let text = log.text();
    match scene.tenants_id() {
        Some(id) => text.lines().any(|line| line.contains(" WARN ") && line.contains(&id)),
        None => !log.troubles_of(scene.browser.page.header("x-request-id")).is_empty(),
    }
}

/// How much later than asked for this machine wakes a task, in sum: time that others took.
struct Lag {
    sum: Arc<Mutex<Duration>>,
    watch: JoinHandle<()>,
}

impl Lag {
    const STEP: Duration = Duration::from_millis(10);
    /// No timer is exact.
    const USUAL: Duration = Duration::from_millis(3);

    fn begin() -> Self {
        let sum = Arc::new(Mutex::new(Duration::ZERO));
        let lag = sum.clone();
        let watch = tokio::spawn(async move {
            loop {
                let due = Instant::now() + Self::STEP;
                sleep(Self::STEP).await;
                *lag.lock().unwrap() += due.elapsed().saturating_sub(Self::USUAL);
            }
        });
        Self { sum, watch }
    }

    fn end(self) -> Duration {
        self.watch.abort();
        *self.sum.lock().unwrap()
    }
}

/// Runs the cells; fails with each that is not as it should be.
async fn all_hold(cells: impl IntoIterator<Item = (Call, Trouble)>) {
    let (log, elsewhere) = (Rc::new(Log::begin()), World::new().await);
    let address = elsewhere.tenant.url().join("/elsewhere").unwrap();
    let (mut preparing, mut running) = (JoinSet::new(), JoinSet::new());
    for (call, trouble) in cells {
        preparing.spawn_local(prepared(call, trouble, address.clone()));
    }
    for (mut scene, trouble) in preparing.join_all().await {
        let log = log.clone();
        running.spawn_local(async move {
            let outcome = outcome(&mut scene, trouble, &log).await;
            outcome.map_err(|what| format!("{:?} × {trouble:?}: {what}", scene.call))
        });
    }
    let wrong: Vec<String> = running.join_all().await.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(elsewhere.tenant.journal().requests().is_empty(), "a redirect is never followed");
}

async fn whatever_becomes_of(call: Call) {
    let cells = Trouble::QUICK.map(|trouble| (call, trouble));
    LocalSet::new().run_until(all_hold(cells)).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_discovery() {
    whatever_becomes_of(Call::Discovery).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_the_keys() {
    whatever_becomes_of(Call::Keys).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_the_exchange_of_a_code() {
    whatever_becomes_of(Call::Exchange).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_the_list() {
    whatever_becomes_of(Call::List).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_an_association() {
    whatever_becomes_of(Call::Associate).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_a_confirmation() {
    whatever_becomes_of(Call::Confirm).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_a_challenge() {
    whatever_becomes_of(Call::Challenge).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_a_removal() {
    whatever_becomes_of(Call::Remove).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_the_token_for_the_management_api() {
    whatever_becomes_of(Call::ManagementToken).await;
}

#[tokio::test]
async fn the_page_tells_the_truth_whatever_becomes_of_a_new_recovery_code() {
    whatever_becomes_of(Call::Regenerate).await;
}

#[tokio::test]
async fn a_tenant_that_hangs_or_drips_is_given_up_in_time_in_every_call() {
    let cells = Call::ALL.into_iter().flat_map(|call| Trouble::SLOW.map(|trouble| (call, trouble)));
    LocalSet::new().run_until(all_hold(cells)).await;
}
