//! Injected faults.

use std::time::{Duration, Instant};

use emulated_tenant::{Fault, FaultKind, Gate};

use crate::client::{APP_PHONE, NOTHING, World};

const LIST: &str = "/mfa/authenticators";

impl World {
    fn break_list(&self, kind: FaultKind) {
        self.tenant.faults().clear();
        self.tenant.faults().inject(Fault::new("GET", LIST, kind).times(1));
    }

    async fn try_list(&self, token: &str) -> Result<String, reqwest::Error> {
        let request = self.http.get(self.at(LIST)).bearer_auth(token).timeout(Duration::from_millis(400));
        request.send().await?.text().await
    }
}

#[tokio::test]
async fn a_made_up_response_applies_the_given_number_of_times() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let html = FaultKind::html(502, "<html>Bad Gateway</html>");
    world.tenant.faults().inject(Fault::new("*", "/mfa/", html).times(2));
    for status in [502, 502, 200] {
        assert_eq!(world.list(&token).await.status, status);
    }
}

#[tokio::test]
async fn connections_can_hang_drop_drip_and_delay() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.break_list(FaultKind::Hang);
    assert!(world.try_list(&token).await.unwrap_err().is_timeout());
    world.break_list(FaultKind::Drop);
    assert!(!world.try_list(&token).await.unwrap_err().is_timeout());
    world.break_list(FaultKind::SlowDrip(Duration::from_millis(300)));
    assert!(world.try_list(&token).await.unwrap_err().is_timeout());
    world.break_list(FaultKind::SlowDrip(Duration::from_millis(1)));
    assert_eq!(world.try_list(&token).await.unwrap(), "[]");
    world.break_list(FaultKind::Delay(Duration::from_millis(50)));
    let before = Instant::now();
    assert_eq!(world.try_list(&token).await.unwrap(), "[]");
    assert!(before.elapsed() >= Duration::from_millis(50));
    world.break_list(FaultKind::BigBody(3_000_000));
    assert_eq!(world.try_list(&token).await.unwrap().len(), 3_000_002);
}

#[tokio::test]
async fn drop_after_processes_the_request_without_a_response() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.tenant.faults().inject(Fault::new("POST", "/mfa/associate", FaultKind::DropAfter).times(1));
    let body = serde_json::json!({ "authenticator_types": ["otp"] });
    let request = world.http.post(world.at("mfa/associate")).bearer_auth(token).json(&body);
    assert!(request.send().await.is_err());
    assert_eq!(world.tenant.authenticators(NOTHING).len(), 2);
    let entry = world.tenant.journal().last("POST", "/mfa/associate").unwrap();
    assert_eq!(entry.status, None);
}

#[tokio::test]
async fn a_connection_can_be_reset() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.break_list(FaultKind::Reset);
    let error = world.try_list(&token).await.unwrap_err();
    let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |cause| cause.source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    assert!(causes.iter().any(|cause| cause.contains("reset by peer")), "{causes:?}");
}

#[tokio::test]
async fn a_real_response_can_be_truncated_relabelled_or_extended() {
    let world = World::start().await;
    let token = world.sign_in(APP_PHONE).await;
    let real = world.try_list(&token).await.unwrap();
    world.break_list(FaultKind::Truncated);
    assert!(!world.try_list(&token).await.unwrap_err().is_timeout());
    world.break_list(FaultKind::ContentType("text/csv".to_owned()));
    let request = world.http.get(world.at(LIST)).bearer_auth(&token);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/csv");
    assert_eq!(answer.text().await.unwrap(), real);
    world.break_list(FaultKind::UnknownFields);
    let extended: serde_json::Value = serde_json::from_str(&world.try_list(&token).await.unwrap()).unwrap();
    assert_eq!(extended[0]["unheard_of"]["deep"][2]["unheard_of"], serde_json::Value::Null);
    assert!(extended[0]["id"].is_string() && extended[0]["unheard_of"].is_object());
}

#[tokio::test]
async fn a_big_body_stops_when_the_caller_stops_reading() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.break_list(FaultKind::BigBody(50_000_000));
    let mut answer = world.http.get(world.at(LIST)).bearer_auth(&token).send().await.unwrap();
    answer.chunk().await.unwrap();
    drop(answer);
    assert!(
        world.tenant.faults().big_body_bytes_sent() < 20_000_000,
        "{}",
        world.tenant.faults().big_body_bytes_sent()
    );
}

#[tokio::test]
async fn a_gzip_bomb_is_small_until_it_is_unpacked() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.break_list(FaultKind::GzipBomb(10_000_000));
    let answer = world.http.get(world.at(LIST)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert!(answer.bytes().await.unwrap().len() < 100_000);
}

#[tokio::test]
async fn a_tenant_can_vanish_after_a_response() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.break_list(FaultKind::Vanish);
    assert_eq!(world.try_list(&token).await.unwrap(), "[]");
    assert!(world.try_list(&token).await.unwrap_err().is_connect());
}

#[tokio::test]
async fn stopping_a_tenant_frees_its_port() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.tenant.stop().await;
    assert!(world.try_list(&token).await.is_err());
    let port = world.base.port().unwrap();
    let again = emulated_tenant::Tenant::start(emulated_tenant::Options { port, ..Default::default() }).await;
    assert_eq!(again.unwrap().url(), world.base);
}

#[tokio::test]
async fn a_held_request_is_processed_later_even_if_its_caller_has_gone() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let gate = Gate::new();
    let fault = Fault::new("POST", "/mfa/associate", FaultKind::HoldRequest(gate.clone()));
    world.tenant.faults().inject(fault.times(1));
    let body = serde_json::json!({ "authenticator_types": ["otp"] });
    let request = world.http.post(world.at("mfa/associate")).bearer_auth(token).json(&body);
    let caller = tokio::spawn(request.send());
    gate.reached().await;
    caller.abort();
    assert!(caller.await.is_err());
    assert!(world.tenant.authenticators(NOTHING).is_empty());
    gate.open();
    gate.left().await;
    assert_eq!(world.tenant.authenticators(NOTHING).len(), 2);
}

#[tokio::test]
async fn a_held_response_arrives_when_the_gate_opens() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let gate = Gate::new();
    let fault = Fault::new("POST", "/mfa/associate", FaultKind::HoldResponse(gate.clone()));
    world.tenant.faults().inject(fault.times(1));
    let body = serde_json::json!({ "authenticator_types": ["otp"] });
    let request = world.http.post(world.at("mfa/associate")).bearer_auth(token).json(&body);
    let caller = tokio::spawn(request.send());
    gate.reached().await;
    assert_eq!((world.tenant.authenticators(NOTHING).len(), caller.is_finished()), (2, false));
    gate.open();
    assert_eq!(caller.await.unwrap().unwrap().status(), 200);
}
