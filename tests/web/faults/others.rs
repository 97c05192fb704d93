//! Hanging calls delay only the people who wait for them.

use std::time::Duration as StdDuration;

use emulated_tenant::{Fault, FaultKind, Person};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::factors::APP_PHONE;
use crate::support::{ASSOCIATE, Browser, LIST, World};

const OTHERS: usize = 20;
const SET_UPS: usize = 5;
const HANGING: usize = 100;

/// Waits until the tenant has received this many requests.
pub(super) async fn wait_for_requests(world: &World, method: &str, path: &str, times: usize) {
    while world.calls(method, path) < times {
        sleep(StdDuration::from_millis(5)).await;
    }
}

/// Signs people in, each in their own browser.
async fn people(world: &World, number: usize) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for one in 0..number {
        let email = format!("person.{one}@example.com");
        world.tenant.add_person(Person::new(&format!("Person {one}"), &email));
        browsers.push(world.signed_in(&email).await);
    }
    world.tenant.journal().clear();
    browsers
}

/// Opens the list in many tabs, whose calls hang at the tenant.
async fn start_hanging_visits(world: &World, number: usize) -> JoinSet<u16> {
    let stuck = world.signed_in(APP_PHONE).await;
    world.tenant.journal().clear();
    let fault = Fault::new("GET", LIST, FaultKind::Hang);
    world.tenant.faults().inject(fault.times(number.try_into().unwrap()));
    let mut hanging = JoinSet::new();
    for _ in 0..number {
        let mut tab = stuck.tab();
        hanging.spawn(async move { tab.open("/").await.status.as_u16() });
    }
    wait_for_requests(world, "GET", LIST, number).await;
    hanging
}

/// Opens the list in each browser. Returns the median and the longest time.
async fn time_visits(browsers: &mut [Browser]) -> (StdDuration, StdDuration) {
    let mut times = Vec::new();
    for browser in browsers {
        let began = Instant::now();
        browser.open("/").await;
        assert_eq!(browser.page.status, 200, "{}", browser.page.text());
        times.push(began.elapsed());
    }
    times.sort();
    (times[times.len() / 2], times[times.len() - 1])
}

// P-08
#[tokio::test]
async fn a_hundred_hanging_calls_delay_nobody_else() {
    let world = World::new().await;
    let mut browsers = people(&world, OTHERS).await;
    let (usual, _) = time_visits(&mut browsers).await;
    let mut hanging = start_hanging_visits(&world, HANGING).await;
    let (median, slowest) = time_visits(&mut browsers).await;
    for browser in &mut browsers[..SET_UPS] {
        browser.open("/factors/totp").await;
        browser.press("Show me the QR code", &[]).await;
        assert_eq!(browser.page.count("svg.qr"), 1, "{}", browser.page.text());
    }
    assert_eq!(world.calls("POST", ASSOCIATE), SET_UPS);
    assert!(hanging.try_join_next().is_none(), "all of this came before the end of any call that hangs");
    println!("median {usual:?} alone, {median:?} beside {HANGING} calls that hang (slowest {slowest:?})");
    assert_eq!(hanging.join_all().await, vec![504; HANGING]);
}
