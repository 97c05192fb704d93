//! The process dies in the middle of an operation: the next one tells its end, under the operation of its repeats.

use emulated_tenant::{Fault, FaultKind, Gate};
use mfa_portal::Portal;
use mfa_portal::clock::Clock;
use mfa_portal::random::Random;
use time::Duration;

use super::Stream;
use super::acts::{Act, MANAGEMENT};
use crate::support::process::{Process, SEALING_KEY, in_memory, tenant};

/// Where the process is killed.
#[derive(Clone, Copy, Debug)]
enum Killed {
    /// While the tenant has the request.
    BeforeCall,
    /// While the tenant has carried it out, and its answer is on the way.
    BeforeAnswer,
    /// Right after the portal's answer.
    AfterAnswer,
}

//
#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_told_wherever_its_process_dies() {
    for act in Act::ALL {
        for at in [Killed::BeforeCall, Killed::BeforeAnswer, Killed::AfterAnswer] {
            is_told(act, at).await;
        }
    }
}

async fn is_told(act: Act, at: Killed) {
    let (stream, tenant, directory) = (Stream::new(), tenant().await, in_memory());
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let management = MANAGEMENT.map(|(flag, value)| (flag.to_uppercase().replace('-', "_"), value));
    let mut settings = vec![("SESSION_STORE", store.clone()), ("AUDIT_LOG", stream.setting())];
    settings.extend(management.iter().map(|(name, value)| (name.as_str(), (*value).to_owned())));
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut process = Process::start(&tenant, &settings);
    let mut browser = process.browser(&tenant);
    let form = act.form(&mut browser, &tenant).await;
    let (method, path) = act.call();
    let gate = Gate::new();
    let kind = match at {
        Killed::BeforeCall => Some(FaultKind::HoldRequest(gate.clone())),
        Killed::BeforeAnswer => Some(FaultKind::HoldResponse(gate.clone())),
        Killed::AfterAnswer => None,
    };
    if let Some(kind) = kind {
        tenant.faults().inject(Fault::new(method, path, kind).times(1));
        tokio::select! {
            answer = browser.request(&form).send() => panic!("answered: {answer:?}"),
            () = gate.reached() => process.kill(),
        }
        gate.open();
    } else {
        browser.request(&form).send().await.unwrap();
        process.kill();
    }
    let flags =
        [("session-store", store.as_str()), ("audit-log", &stream.setting()), ("auth0-secret", SEALING_KEY)];
    let config = stage::config(&tenant, &process.portal, &flags).unwrap();
    let later = Clock::from_fn(|| Clock::system().now() + Duration::minutes(15));
    let next = Portal::new(config, later, Random::system()).unwrap();
    next.tell_interrupted().await.unwrap();
    let told = stream.wait(act.ends(), 1).await;
    let operation = &told[0]["operation"];
    assert!(operation.is_string(), "{act:?} {at:?}: {told:?}");
    assert!(told.iter().all(|line| line["operation"] == *operation), "{act:?} {at:?}: {told:?}");
    next.tell_interrupted().await.unwrap();
    assert_eq!(stream.of(act.ends()).len(), told.len(), "{act:?} {at:?}: it is told once");
}

//
#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_after_a_crash_carries_the_same_operation() {
    let (stream, tenant, directory) = (Stream::new(), tenant().await, in_memory());
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let setting = stream.setting();
    let settings = [("SESSION_STORE", store.as_str()), ("AUDIT_LOG", &setting)];
    let mut process = Process::start(&tenant, &settings);
    let mut browser = process.browser(&tenant);
    let form = Act::Start.form(&mut browser, &tenant).await;
    let gate = Gate::new();
    let (method, path) = Act::Start.call();
    tenant.faults().inject(Fault::new(method, path, FaultKind::HoldResponse(gate.clone())).times(1));
    tokio::select! {
        answer = browser.request(&form).send() => panic!("answered: {answer:?}"),
        () = gate.reached() => process.kill(),
    }
    gate.open();
    let portal = process.portal.clone();
    let _next = Process::start_at(portal, &tenant, &settings);
    // The lock of the dead process lapses.
    while browser.send(&form).await.status == 503 {}
    let started = stream.first("enrollment_started").await;
    browser.press("Cancel this set-up", &[]).await;
    let cancelled = stream.first("enrollment_cancelled").await;
    assert_eq!(started["operation"], cancelled["operation"]);
    let config = stage::config(
        &tenant,
        &process.portal,
        &[("session-store", &store), ("audit-log", &setting), ("auth0-secret", SEALING_KEY)],
    );
    let later = Clock::from_fn(|| Clock::system().now() + Duration::minutes(15));
    let next = Portal::new(config.unwrap(), later, Random::system()).unwrap();
    next.tell_interrupted().await.unwrap();
    assert_eq!(stream.of(Act::Start.ends()).len(), 1, "the repeat has ended the first one too");
}
