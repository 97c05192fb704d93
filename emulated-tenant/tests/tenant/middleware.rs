//! Around every request: the journal, Auth0's headers, CORS, clock and randomness.

use std::sync::Arc;

use emulated_tenant::{Clock, Options, Tenant};
use reqwest::Method;
use serde_json::json;
use time::OffsetDateTime;

use crate::client::{NOTHING, World};

#[tokio::test]
async fn the_journal_records_request_response_and_person() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.tenant.journal().clear();
    world.associate(&token, &json!({ "authenticator_types": ["otp"] })).await;
    world.authorize(&[("max_age", "0")]).await;
    let journal = world.tenant.journal();
    assert_eq!((journal.requests().len(), journal.count("POST", "/mfa/associate")), (2, 1));
    let entry = journal.last("POST", "/mfa/associate").unwrap();
    assert_eq!((entry.status, entry.sub.as_deref()), (Some(200), Some("auth0|nothing")));
    assert_eq!(entry.body, r#"{"authenticator_types":["otp"]}"#);
    assert!(entry.response.contains("barcode_uri") && entry.header("Authorization").is_some());
    assert_eq!(journal.last("GET", "/authorize").unwrap().query("max_age"), Some("0"));
}

#[tokio::test]
async fn every_api_response_has_auth0s_headers() {
    let world = World::start().await;
    let answer = world.http.get(world.at("mfa/authenticators")).send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-auth0-requestid").len(), 20);
    assert_eq!(
        (header("x-ratelimit-limit"), header("x-ratelimit-reset")),
        ("300".into(), "1800000060".into())
    );
    assert_eq!(header("date"), "Fri, 15 Jan 2027 08:00:00 GMT", "the tenant's own time");
    let entry = world.tenant.journal().last("GET", "/mfa/authenticators").unwrap();
    assert_eq!(entry.request_id, header("x-auth0-requestid"));
}

#[tokio::test]
async fn cors_admits_allowed_web_origins_only() {
    let world = World::with(|settings| settings.web_origins = vec!["http://localhost:3000".to_owned()]).await;
    for (origin, allowed) in [("http://localhost:3000", true), ("http://evil.example", false)] {
        let preflight =
            world.http.request(Method::OPTIONS, world.at("mfa/associate")).header("origin", origin);
        let answer = preflight.send().await.unwrap();
        assert_eq!(answer.headers().contains_key("access-control-allow-origin"), allowed, "{origin}");
    }
}

#[tokio::test]
async fn a_seed_makes_handles_repeatable_and_a_function_can_be_the_clock() {
    let mut codes = Vec::new();
    for _ in 0..2 {
        let at = OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
        let clock = Clock::from_fn(Arc::new(move || at));
        let tenant = Tenant::start(Options { seed: Some(7), clock, ..Options::default() }).await.unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let query = [
            ("client_id", "mfa-portal"),
            ("response_type", "code"),
            ("redirect_uri", crate::client::CALLBACK),
        ];
        let url = tenant.url().join("authorize").unwrap();
        let answer = http.get(url).query(&query).send().await.unwrap();
        codes.push(answer.headers()["location"].to_str().unwrap().to_owned());
        assert_eq!(tenant.journal().requests()[0].at, at);
    }
    assert_eq!(codes[0], codes[1]);
}
