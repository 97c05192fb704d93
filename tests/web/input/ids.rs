//! Authenticator ids: only one on the person's own list is sent to the tenant, as one path segment.

use emulated_tenant::{Authenticator, Factor};
use reqwest::{StatusCode, Url};

use super::{NORA, Visit};

const ALEX: &str = "app.phone@example.com";
const ALEXS: &str = "totp|dev_AppPhoneTotp0001";

/// Ids that would become another URL, header or log line if they were inserted unescaped.
const PAYLOADS: &[&str] = &[
    "../../api/v2/users",
    "..%2f..%2fapi%2fv2",
    "totp|../../api/v2/users",
    "totp|dev_A/../../../api/v2",
    "totp|dev_A%2F..%2F..",
    "totp|dev_A?x=y",
    "totp|dev_A#x",
    "totp|dev_A\0",
    "totp|dev_A\r\nX-Evil: 1",
    "totp|dev_A;totp|dev_B",
    "totp|dev_A totp|dev_B",
    "totp|dev_Ä",
    "TOTP|dev_A",
    "|dev_A",
    "totp|dev_",
    "totp%7Cdev_A",
    "",
    " ",
    "*",
];

// I-01, V-07
#[tokio::test]
async fn another_persons_authenticator_cannot_be_removed_or_even_seen() {
    let mut visit = Visit::of(NORA).await;
    let page = format!("authenticators/remove?id={}", url_encoded(ALEXS));
    visit.browser.open(&page).await;
    let (status, theirs) = (visit.browser.page.status, without_id(&visit.browser.page.html));
    assert_eq!(status, StatusCode::NOT_FOUND);
    visit.browser.open("authenticators/remove?id=totp%7Cdev_NobodysNobodys01").await;
    assert_eq!(without_id(&visit.browser.page.html), theirs, "as if nobody had it");
    let answer = visit.post("authenticators/remove", &[("id", ALEXS)]).await;
    assert!(answer.status().is_redirection() || answer.status().is_client_error());
    assert_eq!(visit.changes(), [""; 0]);
    assert!(visit.world.tenant.authenticators(ALEX).iter().any(|it| it.id == ALEXS));
}

// I-02, X-04
#[tokio::test]
async fn a_malformed_id_never_reaches_the_tenant() {
    let mut visit = Visit::of(ALEX).await;
    let long = "totp|dev_".to_owned() + &"A".repeat(5_000);
    for payload in PAYLOADS.iter().copied().chain([long.as_str()]) {
        visit.browser.open(&format!("authenticators/remove?id={}", url_encoded(payload))).await;
        assert_eq!(visit.browser.page.status, StatusCode::NOT_FOUND, "{payload:?}");
        assert!(!visit.browser.page.headers.contains_key("x-evil"));
        let answer = visit.post("authenticators/remove", &[("id", payload)]).await;
        assert!(answer.status().is_redirection() || answer.status().is_client_error(), "{payload:?}");
    }
    assert_eq!(visit.changes(), [""; 0]);
    let asked = visit.world.tenant.journal().requests();
    assert!(asked.iter().all(|it| it.path == "/mfa/authenticators"), "{asked:?}");
}

// I-02
#[tokio::test]
async fn an_id_is_sent_as_one_path_segment() {
    let visit = Visit::of(ALEX).await;
    assert_eq!(visit.post("authenticators/remove", &[("id", ALEXS)]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(visit.changes(), ["DELETE /mfa/authenticators/totp%7Cdev_AppPhoneTotp0001"]);
}

// I-02
#[tokio::test]
async fn a_malformed_id_from_the_tenants_list_never_enters_a_url() {
    for id in ["totp|../../api/v2/users", "totp|dev_A/..", "totp|dev_<script>", "sms|dev_A%2e%2e"] {
        let mut visit = Visit::of(NORA).await;
        let odd = Authenticator { id: id.to_owned(), ..Authenticator::new(Factor::Totp, "dev_A").active() };
        visit.world.tenant.change_person(NORA, |person| person.authenticators.push(odd));
        visit.browser.open("/").await;
        assert_eq!(visit.browser.page.status, StatusCode::OK, "{id}");
        assert!(!visit.browser.page.html.contains("<script>"));
        visit.post("authenticators/remove", &[("id", id)]).await;
        assert_eq!(visit.changes(), [""; 0], "{id}");
    }
}

// I-08, X-04
#[tokio::test]
async fn a_malformed_enrollment_id_never_reaches_the_tenant() {
    let mut visit = Visit::of(NORA).await;
    for payload in [
        "..%2f..%2fapi%2fv2",
        "%00",
        "%0d%0aX-Evil:%201",
        "%ff%fe",
        "%252e%252e",
        "a%2Fconfirm",
        &"A".repeat(5_000),
    ] {
        visit.browser.open(&format!("factors/totp/{payload}")).await;
        assert!(visit.browser.page.status.is_client_error(), "{payload}: {}", visit.browser.page.status);
        assert!(visit.browser.page.title().starts_with("Error:"), "{payload}");
        let answer = visit.post(&format!("factors/totp/{payload}/confirm"), &[("code", "123456")]).await;
        assert!(answer.status().is_client_error(), "{payload}");
        assert!(!answer.headers().contains_key("x-evil"));
    }
    assert!(visit.world.tenant.journal().requests().is_empty());
}

fn url_encoded(text: &str) -> String {
    let mut url = Url::parse("http://x").unwrap();
    url.query_pairs_mut().append_pair("x", text);
    url.query().unwrap()[2..].to_owned()
}

/// The page without its request id.
fn without_id(html: &str) -> String {
    html.lines().filter(|line| !line.contains("class=\"hint\"")).collect()
}
