//! Faults that tests of the portal inject.

use std::time::{Duration, Instant};

use emulated_tenant::{Fault, FaultKind};

use crate::client::{NOTHING, World};

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
async fn an_answer_can_be_made_up_as_often_as_asked() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let html = FaultKind::html(502, "<html>Bad Gateway</html>");
    world.tenant.faults().inject(Fault::new("*", "/mfa/", html).times(2));
    for status in [502, 502, 200] {
        assert_eq!(world.list(&token).await.status, status);
    }
}

#[tokio::test]
async fn connections_can_hang_break_drip_and_be_late() {
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
async fn the_work_can_be_done_although_nobody_hears_of_it() {
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
async fn a_tenant_that_stops_is_gone_and_its_port_is_free() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.tenant.stop().await;
    assert!(world.try_list(&token).await.is_err());
    let port = world.base.port().unwrap();
    let again = emulated_tenant::Tenant::start(emulated_tenant::Options { port, ..Default::default() }).await;
    assert_eq!(again.unwrap().url(), world.base);
}
