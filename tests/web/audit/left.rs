//! The browser goes away in the middle of an operation: it ends all the same, and its end is told once.

use std::time::Duration;

use emulated_tenant::{Fault, FaultKind, Gate};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::acts::{Act, MANAGEMENT};
use super::{Stream, end};
use crate::factors::NOTHING;
use crate::factors::push::start_push;
use crate::intruder::live;
use crate::support::{Browser, Form, TOKEN, World};

const PUSH: &str = "push@example.com";

/// Where the browser is cut off.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// In the middle of the form.
    InForm,
    /// At once after the form.
    AfterForm,
    /// While the tenant has the request.
    BeforeCall,
    /// While the tenant has carried it out, and its answer is on the way.
    BeforeAnswer,
    /// In the middle of the portal's answer.
    InAnswer,
}

/// How often the tenant was asked for it.
fn calls(world: &World, act: Act) -> usize {
    let (method, path) = act.call();
    let requests = world.tenant.journal().requests();
    requests.iter().filter(|it| it.method == method && it.path.starts_with(path)).count()
}

/// The request's bytes as the browser would send them.
fn bytes(browser: &Browser, form: &Form) -> (String, Vec<u8>) {
    let request = browser.request(form).build().unwrap();
    let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default().to_vec();
    let url = request.url();
    let mut head = format!("POST {} HTTP/1.1\r\nhost: {}", url.path(), url.authority());
    for (name, value) in request.headers().iter().filter(|(name, _)| **name != CONTENT_LENGTH) {
        head = format!("{head}\r\n{name}: {}", value.to_str().unwrap());
    }
    assert!(request.headers().contains_key(CONTENT_TYPE));
    let (cookies, length) = (browser.cookies(), body.len());
    (format!("{head}\r\ncookie: {cookies}\r\ncontent-length: {length}\r\n\r\n"), body)
}

async fn cut(world: &World, browser: &Browser, form: &Form, act: Act, cut: Cut) {
    let (method, path) = act.call();
    let gate = Gate::new();
    let kind = match cut {
        Cut::BeforeCall => Some(FaultKind::HoldRequest(gate.clone())),
        Cut::BeforeAnswer => Some(FaultKind::HoldResponse(gate.clone())),
        Cut::InForm | Cut::AfterForm | Cut::InAnswer => None,
    };
    let is_held = kind.is_some();
    if let Some(kind) = kind {
        world.tenant.faults().inject(Fault::new(method, path, kind).times(1));
    }
    let (head, body) = bytes(browser, form);
    let mut connection = TcpStream::connect(world.portal.socket_addrs(|| None).unwrap()[0]).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    match cut {
        Cut::InForm => connection.write_all(&body[..body.len() / 2]).await.unwrap(),
        _ => connection.write_all(&body).await.unwrap(),
    }
    if is_held {
        gate.reached().await;
    }
    if let Cut::InAnswer = cut {
        connection.readable().await.unwrap();
        connection.try_read(&mut [0; 1]).unwrap();
    }
    drop(connection);
    tokio::time::sleep(Duration::from_millis(50)).await;
    gate.open();
}

//
#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_told_once_wherever_its_browser_leaves() {
    for act in Act::ALL {
        for at in [Cut::BeforeCall, Cut::BeforeAnswer, Cut::InAnswer] {
            let stream = Stream::new();
            let world = stream.world(&MANAGEMENT).await;
            let mut browser = world.browser();
            let form = act.form(&mut browser, &world.tenant).await;
            cut(&world, &browser, &form, act, at).await;
            let told = stream.first(act.success()).await;
            assert_eq!(end(&told), ("success", None), "{act:?} {at:?}");
            assert!(told["operation"].is_string(), "{act:?} {at:?}");
            world.flush_audit().await;
            assert_eq!(stream.of(&[act.success()]).len(), 1, "{act:?} {at:?}");
        }
    }
}

//
#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_reaches_the_tenant_is_told() {
    for act in Act::ALL {
        let stream = Stream::new();
        let world = stream.world(&MANAGEMENT).await;
        let mut browser = world.browser();
        let form = act.form(&mut browser, &world.tenant).await;
        let before = calls(&world, act);
        // The portal may see the end of the connection before it begins.
        cut(&world, &browser, &form, act, Cut::AfterForm).await;
        for _ in 0..500 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if stream.of(&[act.success()]).len() == calls(&world, act) - before {
                break;
            }
        }
        assert_eq!(stream.of(&[act.success()]).len(), calls(&world, act) - before, "{act:?}");
    }
}

//
#[tokio::test(flavor = "multi_thread")]
async fn half_a_form_begins_no_operation() {
    for act in Act::ALL {
        let stream = Stream::new();
        let world = stream.world(&MANAGEMENT).await;
        let mut browser = world.browser();
        let form = act.form(&mut browser, &world.tenant).await;
        let before = calls(&world, act);
        cut(&world, &browser, &form, act, Cut::InForm).await;
        browser.open("/").await;
        assert_eq!(calls(&world, act), before, "{act:?}");
        assert!(stream.of(&[act.success()]).is_empty(), "{act:?}");
    }
}

/// A page that only looks finishes what a phone has approved.
// A-04, S-15
#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_told_and_ends_other_sessions_wherever_its_browser_leaves() {
    for kind in [FaultKind::HoldRequest as fn(Gate) -> FaultKind, FaultKind::HoldResponse] {
        let stream = Stream::new();
        let world = stream.world(&[]).await;
        let other = world.signed_in(NOTHING).await;
        let mut browser = start_push(&world, NOTHING).await;
        assert!(world.devices(NOTHING).approve_push());
        let gate = Gate::new();
        world.tenant.faults().inject(Fault::new("POST", TOKEN, kind(gate.clone())).times(1));
        world.pass(time::Duration::seconds(5));
        let look = browser.client().get(browser.page.url.clone()).send();
        tokio::select! { _ = look => panic!("answered"), () = gate.reached() => {} }
        gate.open();
        stream.first("enrollment_confirmed").await;
        for _ in 0..500 {
            if live(&world, std::slice::from_ref(&other)).await == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(live(&world, &[other]).await, 0);
        browser.open("/").await;
        world.flush_audit().await;
        assert_eq!(stream.of(&["enrollment_confirmed"]).len(), 1);
    }
}

//
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_whose_browser_leaves_is_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(PUSH).await;
    world.pass(time::Duration::seconds(31));
    browser.follow("Test push notifications").await;
    browser.press("Send a request to my phone", &[]).await;
    assert!(world.devices(PUSH).approve_push());
    let gate = Gate::new();
    let held = Fault::new("POST", TOKEN, FaultKind::HoldResponse(gate.clone()));
    world.tenant.faults().inject(held.times(1));
    world.pass(time::Duration::seconds(5));
    let look = browser.client().get(browser.page.url.clone()).send();
    tokio::select! { _ = look => panic!("answered"), () = gate.reached() => {} }
    gate.open();
    assert_eq!(end(&stream.first("trial").await), ("success", None));
}

//
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_its_browser_leaves_is_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.browser();
    let callback = browser.until_callback("nothing@example.com").await;
    let gate = Gate::new();
    let held = Fault::new("POST", "/oauth/token", FaultKind::HoldRequest(gate.clone()));
    world.tenant.faults().inject(held.times(1));
    let request = browser.client().get(callback).send();
    tokio::select! { _ = request => panic!("answered"), () = gate.reached() => {} }
    assert_eq!(end(&stream.first("sign_in").await), ("failure", Some("interrupted")));
    gate.open();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(stream.of(&["sign_in"]).len(), 1);
}
