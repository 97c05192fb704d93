//! Every call × every trouble: page, status, words, number of calls, time, and the line in the log.

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

const PAGE_DEADLINE: Duration = Duration::from_secs(10);
/// Between the steps of two cells. Pages whose time is up together would wait for each other.
const APART: Duration = Duration::from_millis(150);
/// Bytes that may lie in socket buffers beyond the 256 kB that the portal reads.
const BUFFERED: usize = LARGE / 3;

/// A scene whose call will fail with this trouble.
async fn prepare(call: Call, trouble: Trouble, elsewhere: Url) -> (Scene, Trouble) {
    let number = 100 * (call as u16 + 1) + trouble as u16;
    let scene = call.about_to(number).await;
    scene.inject(trouble, &elsewhere).await;
    (scene, trouble)
}

/// Takes the step. Returns the first expectation that failed.
async fn outcome(scene: &mut Scene, trouble: Trouble, log: &Log) -> Result<(), String> {
    let call = scene.call;
    let lag = Lag::begin();
    let took = scene.take_step().await.saturating_sub(lag.end());
    let verdict = call.verdict(trouble);
    verdict.check(trouble, &scene.browser.page)?;
    let calls = scene.calls();
    let poured = scene.world.tenant.faults().big_body_bytes_sent();
    println!(
        "{call:?} × {trouble:?}: {:.1} s, {} calls, {} kB taken",
        took.as_secs_f32(),
        calls,
        poured / 1024
    );
    let must = [
        (scene.went_well() == (verdict == Verdict::Well), format!("well: {}", verdict == Verdict::Well)),
        (took <= PAGE_DEADLINE, format!("a page within 10 s, not {took:?}")),
        (
            calls == call.expected_calls(trouble),
            format!("{} calls, not {calls}", call.expected_calls(trouble)),
        ),
        (no_change_is_repeated(scene), "no change asked for twice".to_owned()),
        (poured <= BUFFERED, format!("no {poured} bytes read")),
        (is_logged(scene, trouble, log), "a line in the log with the tenant's number".to_owned()),
    ];
    match must.into_iter().find(|(is_so, _)| !is_so) {
        None => Ok(()),
        Some((_, what)) => Err(format!("expected {what}: {}", scene.browser.page.text())),
    }
}

impl Call {
    /// A read without a complete answer is retried once; anything else is sent once.
    fn expected_calls(self, trouble: Trouble) -> usize {
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

fn no_change_is_repeated(scene: &Scene) -> bool {
    let mut changes = scene.world.changes();
    changes.sort();
    changes.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whether the log has the failure under the tenant's request id, or under ours if no answer came.
fn is_logged(scene: &Scene, trouble: Trouble, log: &Log) -> bool {
    let nothing_to_drip = scene.call == Call::Remove && trouble == Trouble::SlowDrip;
    if nothing_to_drip || matches!(trouble, Trouble::UnknownFields | Trouble::WrongContentType) {
        return true;
    }
    let text = log.text();
    match scene.tenant_request_id() {
        Some(id) => text.lines().any(|line| line.contains(" WARN ") && line.contains(&id)),
        None => !log.troubles_of(scene.browser.page.header("x-request-id")).is_empty(),
    }
}

/// The sum of delays with which this machine wakes tasks. Other work causes them, so they do not count as the portal's.
struct Lag {
    sum: Arc<Mutex<Duration>>,
    watch: JoinHandle<()>,
}

impl Lag {
    const STEP: Duration = Duration::from_millis(10);
    /// The delay that timers always have.
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

/// Runs the cells at once and fails with the list of all wrong ones.
async fn assert_cells(cells: impl IntoIterator<Item = (Call, Trouble)>) {
    let (log, elsewhere) = (Rc::new(Log::begin()), World::new().await);
    let address = elsewhere.tenant.url().join("/elsewhere").unwrap();
    let (mut preparing, mut running) = (JoinSet::new(), JoinSet::new());
    for (call, trouble) in cells {
        preparing.spawn_local(prepare(call, trouble, address.clone()));
    }
    for (number, (mut scene, trouble)) in (0..).zip(preparing.join_all().await) {
        let log = log.clone();
        running.spawn_local(async move {
            sleep(APART * number).await;
            let outcome = outcome(&mut scene, trouble, &log).await;
            outcome.map_err(|what| format!("{:?} × {trouble:?}: {what}", scene.call))
        });
    }
    let wrong: Vec<String> = running.join_all().await.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(elsewhere.tenant.journal().requests().is_empty(), "a redirect is never followed");
}

async fn assert_every_trouble(call: Call) {
    let cells = Trouble::QUICK.map(|trouble| (call, trouble));
    LocalSet::new().run_until(assert_cells(cells)).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_discovery_is_shown_truthfully() {
    assert_every_trouble(Call::Discovery).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_the_keys_is_shown_truthfully() {
    assert_every_trouble(Call::Keys).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_the_code_exchange_is_shown_truthfully() {
    assert_every_trouble(Call::Exchange).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_the_list_is_shown_truthfully() {
    assert_every_trouble(Call::List).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_an_association_is_shown_truthfully() {
    assert_every_trouble(Call::Associate).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_a_confirmation_is_shown_truthfully() {
    assert_every_trouble(Call::Confirm).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_a_challenge_is_shown_truthfully() {
    assert_every_trouble(Call::Challenge).await;
}

// F-02
#[tokio::test]
async fn every_failure_of_a_removal_is_shown_truthfully() {
    assert_every_trouble(Call::Remove).await;
}

#[tokio::test]
async fn every_failure_of_the_management_token_is_shown_truthfully() {
    assert_every_trouble(Call::ManagementToken).await;
}

#[tokio::test]
async fn every_failure_of_a_new_recovery_code_is_shown_truthfully() {
    assert_every_trouble(Call::Regenerate).await;
}

// F-01, P-08
#[tokio::test]
async fn a_tenant_that_hangs_or_drips_times_out_in_every_call() {
    let cells = Call::ALL.into_iter().flat_map(|call| Trouble::SLOW.map(|trouble| (call, trouble)));
    LocalSet::new().run_until(assert_cells(cells)).await;
}
