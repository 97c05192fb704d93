//! `GET /callback`: a code is exchanged once, only in the browser that asked for it, and only after every check.

use emulated_tenant::{Fault, FaultKind};
use reqwest::StatusCode;
use reqwest::header::COOKIE;
use time::Duration;

use super::{LIST, NORA, exchanges, has_session, is_friendly, parameter, with};
use crate::support::World;

const UNKNOWN: &str = "This sign-in cannot be finished here";

// L-03, V-02
#[tokio::test]
async fn a_callback_in_another_browser_is_refused_before_the_exchange() {
    let world = World::new().await;
    let (mut own, mut other) = (world.browser(), world.browser());
    let callback = own.until_callback(NORA).await;
    other.go(callback.clone()).await;
    assert_eq!((other.page.status, other.page.heading().as_str()), (StatusCode::BAD_REQUEST, UNKNOWN));
    is_friendly(&other.page);
    assert_eq!(exchanges(&world), 0);
    assert!(!has_session(&other) && other.set_cookies.is_empty(), "{:?}", other.set_cookies);
    assert_eq!(own.go(callback).await.heading(), LIST, "the one that began it still can");
}

// L-23, V-45
#[tokio::test]
async fn an_attackers_callback_does_not_sign_the_victim_in() {
    let world = World::new().await;
    let mut attacker = world.browser();
    let callback = attacker.until_callback(NORA).await;
    // The victim has a pending sign-in of their own.
    let mut victim = world.browser();
    let own = victim.until_callback("push@example.com").await;
    assert_eq!(victim.go(callback).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(exchanges(&world), 0);
    assert!(victim.go(own).await.html.contains("push@example.com"));
}

// L-04, V-21
#[tokio::test]
async fn a_callback_without_a_matching_state_is_refused_before_the_exchange() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    let (code, state) = (parameter(&callback, "code").unwrap(), parameter(&callback, "state").unwrap());
    let (short, long) = (&state[..8], format!("{state}x"));
    let huge = "s".repeat(4000);
    for query in [
        String::new(),
        format!("code={code}"),
        format!("code={code}&state="),
        format!("code={code}&state=never-begun-never-begun"),
        format!("code={code}&state={short}"),
        format!("code={code}&state={long}"),
        format!("code={code}&state={huge}"),
        format!("code={code}&state=%C3%84%C3%96%C3%9C%C3%9F%E2%82%AC"),
        format!("code={code}&state=%FF%FE%00%0D%0A"),
        format!("code={code}&state={}", state.to_lowercase()),
        format!("code={code}&state={state}&state=other"),
        format!("code={code}&state=other&state={state}"),
        format!("code=a&code={code}&state={state}"),
        format!("code={code}&state={state}&iss=a&iss=b"),
        format!("code={code}&state[]={state}"),
    ] {
        browser.open(&format!("callback?{query}")).await;
        assert_eq!(browser.page.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(browser.page.heading(), UNKNOWN, "{query}");
        is_friendly(&browser.page);
    }
    assert_eq!(exchanges(&world), 0);
    assert_eq!(browser.go(callback).await.heading(), LIST, "none of them touched the sign-in");
}

// L-04
#[tokio::test]
async fn a_state_without_a_code_or_an_error_is_refused() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    is_friendly(browser.go(with(&callback, "code", None)).await);
    assert_eq!(browser.page.status, StatusCode::BAD_REQUEST);
    assert_eq!(exchanges(&world), 0);
}

// L-05
#[tokio::test]
async fn the_back_button_after_sign_in_leads_to_the_list() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    browser.go(callback.clone()).await;
    browser.go(callback).await;
    assert_eq!((browser.page.heading().as_str(), browser.page.path()), (LIST, "/"));
    assert_eq!(exchanges(&world), 1);
}

// L-05
#[tokio::test]
async fn a_replayed_callback_with_its_old_cookies_signs_nobody_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    let cookies = browser.cookies();
    browser.go(callback.clone()).await;
    let thief = world.browser();
    let answer = thief.client().get(callback).header(COOKIE, cookies).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(answer.headers().get("set-cookie").is_none());
    assert_eq!(exchanges(&world), 1);
}

// L-05, V-25, V-44
#[tokio::test]
async fn a_double_clicked_callback_exchanges_the_code_once() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    let click = || browser.client().get(callback.clone()).send();
    let (one, two) = tokio::join!(click(), click());
    let mut statuses = [one.unwrap().status(), two.unwrap().status()];
    statuses.sort();
    assert_eq!(statuses[0], StatusCode::SEE_OTHER);
    assert_eq!(exchanges(&world), 1);
    assert_eq!(browser.open("/").await.heading(), LIST);
}

#[tokio::test]
async fn a_pending_sign_in_expires_after_ten_minutes() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    world.pass(Duration::minutes(10));
    assert_eq!(browser.go(callback).await.heading(), UNKNOWN);
    is_friendly(&browser.page);
    assert_eq!(exchanges(&world), 0);
}

// L-10
#[tokio::test]
async fn a_refused_code_is_tried_once_and_redirects_nowhere() {
    let world = World::new().await;
    for (status, body) in [
        (403, r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#),
        (400, r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#),
        (403, r#"{"error":"invalid_grant","error_description":"Failed to verify code verifier"}"#),
    ] {
        world.tenant.sign_out_everywhere();
        let mut browser = world.browser();
        let callback = browser.until_callback(NORA).await;
        world.tenant.journal().clear();
        world
            .tenant
            .faults()
            .inject(Fault::new("POST", "/oauth/token", FaultKind::json(status, body)).times(1));
        browser.go(callback.clone()).await;
        assert_eq!(
            (browser.page.status, browser.page.heading().as_str()),
            (StatusCode::BAD_REQUEST, UNKNOWN)
        );
        is_friendly(&browser.page);
        browser.go(callback).await;
        is_friendly(&browser.page);
        assert_eq!(exchanges(&world), 1, "{body}");
        assert!(!has_session(&browser));
        assert_eq!(browser.follow("Sign in again").await.heading(), LIST);
    }
}

// L-10
#[tokio::test]
async fn a_code_exchange_with_a_lost_answer_is_not_retried() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    world.tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::DropAfter));
    browser.go(callback).await;
    assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
    assert_eq!(browser.page.heading(), "The sign-in service cannot be reached");
    assert_eq!(exchanges(&world), 1);
    assert!(!has_session(&browser));
}

// L-09, V-21
#[tokio::test]
async fn the_iss_parameter_must_be_the_tenants_issuer() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    for foreign in ["https://evil.example/", "", world.tenant.url().as_str().trim_end_matches('/')] {
        browser.go(with(&callback, "iss", Some(foreign))).await;
        assert_eq!((browser.page.status, exchanges(&world)), (StatusCode::BAD_REQUEST, 0), "«{foreign}»");
        is_friendly(&browser.page);
    }
    let genuine = with(&callback, "iss", Some(world.tenant.url().as_str()));
    assert_eq!(browser.go(genuine).await.heading(), LIST);
}

// L-09
#[tokio::test]
async fn a_promised_iss_parameter_must_not_be_missing() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.callback_issuer = true);
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    assert!(parameter(&callback, "iss").is_some());
    browser.go(with(&callback, "iss", None)).await;
    assert_eq!((browser.page.status, exchanges(&world)), (StatusCode::BAD_REQUEST, 0));
    assert_eq!(browser.go(callback).await.heading(), LIST);
}

// L-21
#[tokio::test]
async fn the_callback_redirects_at_once_and_its_url_is_not_leaked() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    let answer = browser.client().get(callback.clone()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("location"), "/");
    assert_eq!(header("cache-control"), "no-store, no-transform");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert!(answer.text().await.unwrap().is_empty());
    // A refused callback does not leak its URL either, and the page shows nothing of it.
    browser.go(callback.clone()).await;
    let mut other = world.browser();
    other.go(callback.clone()).await;
    assert_eq!(other.page.header("referrer-policy"), "no-referrer");
    assert_eq!(other.page.header("cache-control"), "no-store, no-transform");
    for name in ["code", "state"] {
        assert!(!other.page.html.contains(&parameter(&callback, name).unwrap()), "{name}");
    }
}

// L-21
#[tokio::test]
async fn the_callback_accepts_only_get() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    let fields: Vec<(String, String)> = callback.query_pairs().into_owned().collect();
    for request in [
        browser.client().post(callback.clone()),
        browser.client().put(callback.clone()),
        browser.client().post(with(&callback, "code", None)).form(&fields),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert!(answer.headers()["allow"].to_str().unwrap().contains("GET"));
    }
    assert_eq!(exchanges(&world), 0);
}
