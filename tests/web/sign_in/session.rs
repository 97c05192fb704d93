//! The session: its owner, its cookie, and its end.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use emulated_tenant::{Factor, Fault, FaultKind};
use mfa_portal::clock::Clock;
use mfa_portal::internals::{Key, KeyRing, RecordKind, Store, StoreUrl};
use mfa_portal::random::Random;
use reqwest::header::COOKIE;
use reqwest::{Response, StatusCode};
use serde_json::json;
use time::Duration;

use super::{ALEX, LIST, NORA, has_session, is_friendly, session_id};
use crate::support::World;
use crate::support::redis::Redis;

/// The response of the list to these cookies.
async fn list_with(world: &World, cookies: impl AsRef<[u8]>) -> Response {
    let value = reqwest::header::HeaderValue::from_bytes(cookies.as_ref()).unwrap();
    world.browser().client().get(world.portal.clone()).header(COOKIE, value).send().await.unwrap()
}

/// Asserts that these cookies open no session: the response leads to the sign-in.
async fn are_dead(world: &World, cookies: &str) {
    let answer = list_with(world, cookies).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(answer.headers()["location"].to_str().unwrap().contains("/sign-in?next="));
}

// L-15, V-19
#[tokio::test]
async fn a_planted_session_id_is_replaced_at_the_sign_in() {
    let world = World::new().await;
    let planted = session_id(&world.signed_in(ALEX).await);
    let mut browser = world.browser();
    browser.plant("mfa-portal-session=AAAAAAAAAAAAAAAAAAAAAA; Path=/");
    browser.open("/sign-in").await;
    browser.pass_sign_in(NORA).await;
    assert_ne!(session_id(&browser), "AAAAAAAAAAAAAAAAAAAAAA");
    assert_ne!(session_id(&browser), planted);
    are_dead(&world, "mfa-portal-session=AAAAAAAAAAAAAAAAAAAAAA").await;
}

// L-15
#[tokio::test]
async fn a_planted_live_session_ends_at_the_sign_in() {
    let world = World::new().await;
    let stranger = world.signed_in(ALEX).await;
    let mut victim = world.browser();
    victim.plant(&format!("mfa-portal-session={}; Path=/", session_id(&stranger)));
    victim.open("/sign-in").await;
    victim.pass_sign_in(NORA).await;
    assert!(victim.page.html.contains(NORA) && !victim.page.html.contains(ALEX));
    are_dead(&world, &stranger.cookies()).await;
}

// L-15, V-43
#[tokio::test]
async fn signing_in_again_replaces_the_session_id() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let (before, cookies) = (session_id(&browser), browser.cookies());
    browser.open("/sign-in").await;
    assert_eq!(browser.page.heading(), LIST);
    assert_ne!(session_id(&browser), before);
    are_dead(&world, &cookies).await;
}

// L-16
#[tokio::test]
async fn signing_in_as_somebody_else_ends_the_first_persons_session() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let before = browser.cookies();
    world.tenant.sign_out_everywhere();
    browser.open("/sign-in").await;
    browser.pass_sign_in(ALEX).await;
    assert!(browser.page.html.contains(ALEX) && !browser.page.html.contains(NORA));
    are_dead(&world, &before).await;
}

// S-05
#[tokio::test]
async fn the_session_cookie_holds_only_a_random_id() {
    let world = World::new().await;
    let ids = [session_id(&world.signed_in(NORA).await), session_id(&world.signed_in(NORA).await)];
    assert!(ids.iter().all(|id| id.len() == 43), "128 random bits and as many of a keyed hash: {ids:?}");
    assert_ne!(ids[0], ids[1]);
}

/// A stranger can invent any number of them.
// S-05, R-07
#[tokio::test(flavor = "multi_thread")]
async fn an_invented_session_or_ticket_costs_the_store_no_look_up() {
    let Some(redis) = Redis::start() else { return };
    let flags = [("session-store", redis.url()), ("embed-origins", "https://www.example.com".to_owned())];
    let world = World::with(&flags.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let own = session_id(&world.signed_in(NORA).await);
    let browser = world.browser();
    let asked = || -> String {
        let stats: String = redis.ask("INFO commandstats");
        let kept = ["get", "mget", "eval", "evalsha"].map(|name| format!("cmdstat_{name}:"));
        stats.lines().filter(|line| kept.iter().any(|name| line.starts_with(name))).collect()
    };
    let changed = |at: usize, to: &str| [&own[..at], to, &own[at + 1..]].concat();
    let before = asked();
    let invented = [
        "A".repeat(22),
        "A".repeat(43),
        own[..22].to_owned(),
        changed(0, if own.starts_with('x') { "y" } else { "x" }),
        changed(30, if own[30..].starts_with('x') { "y" } else { "x" }),
        format!("{own}A"),
    ];
    for id in &invented {
        let cookie = format!("mfa-portal-embed-session={id}; mfa-portal-session={id}");
        let look = browser.client().get(world.portal.join("help").unwrap());
        assert_eq!(look.header(COOKIE, cookie).send().await.unwrap().status(), StatusCode::OK, "{id}");
        let redeem = browser.client().post(world.portal.join("hand-over/redeem").unwrap());
        let redeem = redeem.header("sec-fetch-site", "same-origin").form(&[("ticket", id)]);
        assert_eq!(redeem.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{id}");
    }
    assert_eq!(asked(), before);
}

/// Leftovers of one account must not keep others from the store.
// R-07
#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_costs_the_store_a_few_look_ups_a_minute() {
    for ends in ["signed out", "ended by another"] {
        let Some(redis) = Redis::start() else { return };
        let world = World::with(&[("session-store", &redis.url())]).await;
        let mut browser = world.signed_in(ALEX).await;
        let cookies = browser.cookies();
        if ends == "signed out" {
            browser.open("/sign-out").await;
            browser.press("Sign out", &[]).await;
        } else {
            world.pass(Duration::seconds(31));
            let mut other = world.signed_in(ALEX).await;
            other.open("/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001").await;
            other.press("Remove the authenticator app", &[]).await;
        }
        let reads = || -> String {
            let stats: String = redis.ask("INFO commandstats");
            let kept = ["get", "mget", "eval", "evalsha"].map(|name| format!("cmdstat_{name}:"));
            stats.lines().filter(|line| kept.iter().any(|name| line.starts_with(name))).collect()
        };
        for _ in 0..25 {
            are_dead(&world, &cookies).await;
        }
        let before = reads();
        for page in ["", "nowhere", "?action=add-app", "?return_to=https://www.example.com/"].repeat(5) {
            let page = world.browser().client().get(world.portal.join(page).unwrap());
            page.header(COOKIE, &cookies).send().await.unwrap();
        }
        assert_eq!(reads(), before, "{ends}");
        world.pass(Duration::MINUTE);
        are_dead(&world, &cookies).await;
        assert_ne!(reads(), before, "{ends}");
    }
}

/// A copy of its cookie must not keep its owner from ending it.
// R-07
#[tokio::test]
async fn a_live_session_can_be_signed_out_however_often_its_cookie_is_sent() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let cookies = browser.cookies();
    let client = world.browser().client().clone();
    for _ in 0..700 {
        let nowhere = client.get(world.portal.join("nowhere").unwrap());
        nowhere.header(COOKIE, &cookies).send().await.unwrap();
    }
    browser.open("/sign-out").await;
    browser.press("Sign out", &[]).await;
    are_dead(&world, &cookies).await;
}

// S-08, S-09, V-15
#[tokio::test]
async fn a_session_ends_with_its_token_despite_activity() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let cookies = browser.cookies();
    for _ in 0..9 {
        world.pass(Duration::minutes(1));
        assert_eq!(browser.open("/").await.status, StatusCode::OK);
        assert_eq!(list_with(&world, &cookies).await.status(), StatusCode::OK);
    }
    world.pass(Duration::seconds(30));
    are_dead(&world, &cookies).await;
}

/// The tenant may promise a day.
// S-08
#[tokio::test]
async fn no_session_lasts_longer_than_ten_minutes() {
    for lifetime in [601, 3_600, 86_400, i64::from(u32::MAX)] {
        let world = World::new().await;
        world.tenant.configure(|settings| settings.token_lifetime = lifetime);
        let mut browser = world.signed_in(NORA).await;
        world.pass(Duration::minutes(9));
        assert_eq!((lifetime, browser.open("/").await.heading().as_str()), (lifetime, LIST));
        assert_eq!(browser.journey.len(), 1, "{lifetime}: still the same session");
        world.pass(Duration::MINUTE);
        browser.open("/").await;
        assert!(browser.journey.len() > 1, "{lifetime}: signed in anew");
    }
}

// S-08, S-09
#[tokio::test]
async fn a_short_lived_token_makes_a_short_session() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.token_lifetime = 8);
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    let (form, cookies) = (browser.page.form("Send the code"), browser.cookies());
    world.pass(Duration::seconds(6));
    assert_eq!(list_with(&world, &cookies).await.status(), StatusCode::OK);
    world.pass(Duration::seconds(3));
    are_dead(&world, &cookies).await;
    browser.send(&form).await;
    assert_eq!(browser.page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.page.heading(), "Your visit has ended");
    assert_eq!(browser.journey.len(), 1, "a form is never redirected to the tenant");
    assert_eq!(world.tenant.journal().count("POST", "/mfa/associate"), 0);
    assert_eq!(browser.follow("Sign in again").await.path(), "/factors/sms");
}

// S-10, P-12
#[tokio::test]
async fn a_code_typed_after_expiry_works_after_a_new_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    world.pass(Duration::minutes(8));
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let code = world.devices(NORA).last_code(Factor::Sms).unwrap();
    world.pass(Duration::minutes(2));
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.status, StatusCode::UNAUTHORIZED);
    assert!(browser.page.text().contains("Nothing was changed"));
    browser.follow("Sign in again").await;
    // By now the step-up proof is too old as well.
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.heading(), "Check your messages");
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.status, StatusCode::OK, "{}", browser.page.text());
    assert!(world.tenant.authenticators(NORA).iter().any(|it| it.factor == Factor::Sms && it.active));
}

#[tokio::test]
async fn every_page_says_how_long_changes_are_possible() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    assert!(browser.page.text_of("header").contains("9 minutes left"));
    world.pass(Duration::minutes(8));
    assert!(browser.open("/factors").await.text_of("header").contains("One minute left"));
    world.pass(Duration::seconds(60));
    assert!(browser.open("/factors").await.text_of("header").contains("Less than a minute left"));
}

// S-12, X-05
#[tokio::test]
async fn a_request_in_flight_does_not_revive_a_signed_out_session() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/sign-out").await;
    let (cookies, mut waiting) = (browser.cookies(), browser.tab());
    let late = FaultKind::Delay(std::time::Duration::from_millis(400));
    world.tenant.faults().inject(Fault::new("GET", "/mfa/authenticators", late));
    let form = browser.page.form("Sign out");
    tokio::join!(waiting.open("/"), browser.send(&form));
    assert_eq!(waiting.page.heading(), LIST);
    assert_eq!(browser.page.path(), "/signed-out");
    assert!(!has_session(&browser), "{}", browser.cookies());
    are_dead(&world, &cookies).await;
}

// S-17, V-22, V-31
#[tokio::test]
async fn malformed_cookies_count_as_none_and_break_no_page() {
    let world = World::new().await;
    let genuine = world.signed_in(NORA).await.cookies();
    let eight_kilobytes = format!("mfa-portal-session={}", "A".repeat(8_000));
    let cases: Vec<Vec<u8>> = [
        "mfa-portal-session=".into(),
        "mfa-portal-session=x".into(),
        "mfa-portal-session=\"".into(),
        "mfa-portal-session=../../etc/passwd".into(),
        "mfa-portal-session=%00%0d%0a".into(),
        "mfa-portal-session=AAAAAAAAAAAAAAAAAAAAAA".into(),
        "mfa-portal-session=a; mfa-portal-session=b".into(),
        "=; ;;; =;mfa-portal-session".into(),
        eight_kilobytes,
        genuine.replace("session=", "session=A"),
        genuine.to_lowercase(),
        "mfa-portal-sign-in.=x; mfa-portal-sign-in.AAAAAAAA=x".into(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .chain([b"mfa-portal-session=\xff\xfe\xc3".to_vec()])
    .collect();
    for case in &cases {
        let shown = String::from_utf8_lossy(case);
        let answer = list_with(&world, case).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{shown}");
        let value = reqwest::header::HeaderValue::from_bytes(case).unwrap();
        for path in ["sign-in", "signed-out", "callback?state=AAAAAAAAAAAA&code=x"] {
            let url = world.portal.join(path).unwrap();
            let answer =
                world.browser().client().get(url).header(COOKIE, value.clone()).send().await.unwrap();
            assert!(!answer.status().is_server_error(), "{path} with {shown}");
        }
    }
}

/// After an upgrade, or on the way back from one, the records of sessions may have another shape.
#[tokio::test]
async fn a_session_of_another_release_counts_as_none() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("records.db");
    let (url, sealing_key) = (format!("sqlite:{}", file.display()), b"q8Zr2-vK5w_Tn7Xe4Lp9Jc1Yh6Bd3Gs0");
    let secret = STANDARD.encode(sealing_key);
    let world = World::with(&[("session-store", &url), ("auth0-secret", &secret)]).await;
    let (now, keys) = (world.now(), KeyRing::new(&[sealing_key.to_vec().into()]).into());
    let store =
        Store::open(&StoreUrl::Sqlite(file), keys, Clock::from_fn(move || now), Random::system()).unwrap();
    for record in [
        json!({}),
        json!([]),
        json!({"p": null}),
        json!({"p": "auth0|nothing"}),
        json!({"p": {"identity": {"sub": "auth0|nothing"}}}),
        json!({"p": {"i": {"s": "auth0|nothing"}, "t": 7}}),
        json!({"person": {}}),
    ] {
        let mut browser = world.signed_in(NORA).await;
        let key = Key::random_id(RecordKind::Session, &session_id(&browser));
        store.put(key, &record, Duration::MINUTE).await.unwrap();
        for path in ["/help", "/sign-out", "/forget"] {
            let url = world.portal.join(&path[1..]).unwrap();
            let answer = world.browser().client().get(url).header(COOKIE, browser.cookies()).send().await;
            assert!(!answer.unwrap().status().is_server_error(), "{path} with {record}");
        }
        browser.open("/").await;
        assert_eq!(browser.page.heading(), LIST, "signed in again after {record}: {}", browser.page.text());
    }
}

#[tokio::test]
async fn an_unknown_session_id_is_cleared_from_the_browser() {
    let world = World::new().await;
    let answer = list_with(&world, "mfa-portal-session=AAAAAAAAAAAAAAAAAAAAAA").await;
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("mfa-portal-session=;") && set.contains("Max-Age=0"), "{set}");
}

// L-18
#[tokio::test]
async fn missing_scopes_show_the_list_and_refuse_changes() {
    let world = World::new().await;
    let granted = ["openid", "profile", "email", "read:authenticators"].map(str::to_owned).to_vec();
    world.tenant.configure(|settings| settings.granted_scopes = Some(granted));
    let mut browser = world.signed_in(ALEX).await;
    assert_eq!((browser.page.heading().as_str(), browser.page.entries().is_empty()), (LIST, false));
    let controls = browser.page.controls();
    assert!(
        !controls.iter().any(|name| name.starts_with("Remove") || name.starts_with("Add")),
        "{controls:?}"
    );
    browser.open("/sign-out").await;
    let token = browser.page.attr("[name=csrf_token]", "value").unwrap();
    world.tenant.journal().clear();
    for page in
        ["/factors", "/factors/totp", "/factors/sms", "/authenticators/remove?id=totp|dev_AppPhoneTotp0001"]
    {
        assert_eq!(browser.open(page).await.heading(), "This is not allowed here", "{page}");
        assert_eq!(browser.page.status, StatusCode::FORBIDDEN);
    }
    let post = |path: &str, fields: &[(&str, &str)]| {
        let url = world.portal.join(path).unwrap();
        let fields: Vec<_> = fields.iter().copied().chain([("csrf_token", token.as_str())]).collect();
        browser.client().post(url).form(&fields).send()
    };
    let number = [("phone_number", "+447700900123")];
    let id = [("id", "totp|dev_AppPhoneTotp0001")];
    for answer in [
        post("factors/totp", &[]).await,
        post("factors/sms", &number).await,
        post("authenticators/remove", &id).await,
    ] {
        assert_eq!(answer.unwrap().status(), StatusCode::FORBIDDEN);
    }
    assert!(world.tenant.journal().requests().iter().all(|it| it.method == "GET"));
}

// L-18
#[tokio::test]
async fn a_token_without_the_read_scope_is_refused_before_any_call() {
    let world = World::new().await;
    world.tenant.configure(|settings| {
        settings.granted_scopes = Some(["openid", "profile", "email"].map(ToOwned::to_owned).to_vec());
    });
    let browser = world.signed_in(NORA).await;
    assert_eq!(
        (browser.page.status, browser.page.heading().as_str()),
        (StatusCode::FORBIDDEN, "This is not allowed here")
    );
    assert_eq!(world.tenant.journal().count("GET", "/mfa/authenticators"), 0);
}

// F-06
#[tokio::test]
async fn a_token_rejected_by_the_tenant_leads_to_the_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let body = r#"{"error":"invalid_grant","error_description":"The mfa_token provided is invalid. Try getting a new token."}"#;
    world.tenant.faults().inject(Fault::new("GET", "/mfa/authenticators", FaultKind::json(401, body)));
    browser.open("/").await;
    assert_eq!(browser.page.status, StatusCode::UNAUTHORIZED);
    is_friendly(&browser.page);
    world.tenant.faults().clear();
    assert_eq!(browser.follow("Sign in again").await.heading(), LIST);
}
