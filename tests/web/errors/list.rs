//! Refusals of `GET /mfa/authenticators` (Auth0 API reference, *List Authenticators*), and the time to wait.

use emulated_tenant::FaultKind;

use super::{NOT_KNOWN, RENEW, RETRY, Refusal, TO_LIST, assert_error_page, refusal};
use crate::factors::APP_PHONE;
use crate::support::{LIST, World};

const REFUSALS: &[Refusal] = &[
    refusal(
        (401, "invalid_grant", "The mfa_token provided is invalid. Try getting a new token."),
        (401, "Your visit has ended", RENEW),
    ),
    refusal((401, "invalid_token", "The token is invalid"), (401, "Your visit has ended", RENEW)),
    refusal((403, "insufficient_scope", "Insufficient scope"), (403, "This is not allowed here", TO_LIST)),
    refusal(
        (429, "too_many_requests", "Rate limit exceeded."),
        (429, "Too many tries in a short time", RETRY),
    ),
    refusal((400, "invalid_request", "No idea."), (502, "The sign-in service refused this", TO_LIST)),
];

fn with_header(status: u16, name: &str, value: &str) -> FaultKind {
    FaultKind::Status {
        status,
        headers: vec![(name.to_owned(), value.to_owned())],
        content_type: "application/json".to_owned(),
        body: String::new(),
    }
}

#[tokio::test]
async fn each_refused_list_is_explained_with_a_next_step() {
    for case in REFUSALS {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        world.tenant.journal().clear();
        world.upset_always("GET", LIST, case.fault());
        browser.open("/").await;
        case.assert_explained(&browser.page);
        assert!(!browser.page.text().contains(NOT_KNOWN), "looking changes nothing: {:?}", case.answer);
        assert_eq!(world.calls("GET", LIST), 1, "a refusal is not asked for twice: {:?}", case.answer);
    }
}

// R-06, F-03
#[tokio::test]
async fn the_tenants_retry_time_is_passed_on() {
    for (status, name) in [(503, "retry-after"), (429, "retry-after"), (429, "x-ratelimit-reset")] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        let seconds = if name == "retry-after" { 90 } else { world.now().unix_timestamp() + 90 };
        let mut fault = with_header(status, name, &seconds.to_string());
        if let (FaultKind::Status { headers, .. }, "x-ratelimit-reset") = (&mut fault, name) {
            headers.push(("x-ratelimit-remaining".to_owned(), "0".to_owned()));
        }
        world.tenant.journal().clear();
        world.upset_always("GET", LIST, fault);
        browser.open("/").await;
        assert_eq!((browser.page.status.as_u16(), name), (status, name));
        assert_error_page(&browser.page, RETRY);
        assert_eq!((browser.page.header("retry-after"), name), ("90", name));
        assert!(browser.page.text().contains("Try again in 2 minutes"), "{}", browser.page.text());
        assert_eq!(world.calls("GET", LIST), 1, "nobody who asks for patience is asked again");
    }
}

/// The three forms of RFC 9110 §5.6.7.
fn dates(at: time::OffsetDateTime) -> [String; 3] {
    let (weekday, month) = (at.weekday().to_string(), at.month().to_string());
    let (short, month, day, year) = (&weekday[..3], &month[..3], at.day(), at.year());
    let time = format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
    [
        format!("{short}, {day:02} {month} {year} {time} GMT"),
        format!("{weekday}, {day:02}-{month}-{:02} {time} GMT", year % 100),
        format!("{short} {month} {day:2} {time} {year}"),
    ]
}

#[tokio::test]
async fn a_retry_time_may_be_a_date() {
    for (status, form) in [(503, 0), (429, 0), (429, 1), (503, 2)] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        let date = &dates(world.now() + time::Duration::seconds(90))[form];
        world.upset_always("GET", LIST, with_header(status, "retry-after", date));
        browser.open("/").await;
        assert_eq!((browser.page.status.as_u16(), date), (status, date));
        assert_eq!((browser.page.header("retry-after"), date), ("90", date));
        assert!(browser.page.text().contains("Try again in 2 minutes"), "{}", browser.page.text());
    }
}

#[tokio::test]
async fn a_nonsensical_retry_time_is_left_out() {
    for value in [
        "-5",
        "soon",
        "99999999999999999999",
        "0",
        "Sun, 22 Nov 2026 11:00:00 GMT",
        "Tue, 22 Nov 1994 13:00:00 GMT",
        "Sun, 32 Nov 2026 13:00:00 GMT",
        "2026-11-22T13:00:00Z",
    ] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        world.upset_always("GET", LIST, with_header(429, "retry-after", value));
        browser.open("/").await;
        assert_eq!((browser.page.status.as_u16(), value), (429, value));
        assert_eq!(browser.page.header("retry-after"), "", "{value}");
        assert!(!browser.page.text().contains("minute"), "{value}: {}", browser.page.text_of("main"));
    }
}
