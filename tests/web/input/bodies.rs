//! Form bodies: size, unknown, doubled and malformed fields, and codes as people paste them.

use emulated_tenant::Factor;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{NORA, Visit};

const ENGINE_WORDS: [&str; 5] = ["Failed to", "deserialize", "expected", "missing field", "invalid type"];

// I-05, V-46
#[tokio::test]
async fn an_oversized_form_is_refused_with_a_page() {
    let visit = Visit::of(NORA).await;
    let body = format!("csrf_token={}&phone_number={}", visit.token, "1".repeat(17_000));
    for body in
        [reqwest::Body::from(body.clone()), reqwest::Body::from("x=".to_owned() + &"y".repeat(2_000_000))]
    {
        let answer = visit.post_body("factors/sms", body).await;
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.text().await.unwrap().contains("That was too much text"));
    }
    let fits = "1".repeat(16_000 - visit.token.len());
    assert_eq!(visit.post("factors/sms", &[("phone_number", &fits)]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(visit.changes(), [""; 0]);
}

// I-05, X-03
#[tokio::test]
async fn doubled_missing_and_malformed_fields_are_explained() {
    let visit = Visit::of(NORA).await;
    let token = format!("csrf_token={}", visit.token);
    for (path, rest, status) in [
        ("authenticators/remove", "", 400),
        ("authenticators/remove", "&id=a&id=b", 400),
        ("factors/sms", "&phone_number=1&phone_number=2", 400),
        ("factors/sms", "&phone_number[]=1", 303),
        ("factors/sms", "&phone_number=%FF%FE%00", 303),
        ("factors/sms", "&phone_number=%zz%", 303),
        ("factors/email", "&email=a&email=b", 400),
        ("factors/email", "&email=%ED%A0%80@example.org%0D%0ABcc: x", 303),
        ("factors/sms", "&&&&=&=&;", 303),
    ] {
        let answer = visit.post_body(path, format!("{token}{rest}")).await;
        assert_eq!(answer.status().as_u16(), status, "{path} {rest}");
        let html = match status {
            303 => visit.browser.client().get(visit.world.portal.join(path).unwrap()),
            _ => visit.browser.client().get(visit.world.portal.join("authenticators/remove").unwrap()),
        };
        let html = html.send().await.unwrap().text().await.unwrap();
        assert!(html.contains("<title>Error:"), "{rest}");
        assert!(!ENGINE_WORDS.iter().any(|words| html.contains(words)), "{html}");
    }
    let many = "&field=x&other=y".repeat(250);
    assert_eq!(visit.post_body("factors/sms", format!("{token}{many}")).await.status().as_u16(), 303);
    assert_eq!(visit.changes(), [""; 0]);
}

// I-05
#[tokio::test]
async fn a_malformed_query_is_explained() {
    let mut visit = Visit::of(NORA).await;
    for query in ["", "?", "?id", "?id=a&id=b", "?%FF=%FF", "?id=%zz&&", "?ID=x"] {
        visit.browser.open(&format!("authenticators/remove{query}")).await;
        assert!(visit.browser.page.status.is_client_error(), "{query}");
        assert!(visit.browser.page.title().starts_with("Error:"), "{query}");
        let html = &visit.browser.page.html;
        assert!(!ENGINE_WORDS.iter().any(|words| html.contains(words)), "{html}");
    }
}

// I-09, V-44
#[tokio::test]
async fn unknown_form_fields_never_reach_the_tenant() {
    let visit = Visit::of(NORA).await;
    let more = [
        ("phone_number", "+447700900123"),
        ("user_id", "auth0|app.phone"),
        ("sub", "auth0|app.phone"),
        ("authenticator_types", "otp"),
        ("oob_channels", "voice"),
        ("audience", "https://evil.example/"),
        ("scope", "admin"),
        ("client_id", "evil"),
        ("verified", "true"),
    ];
    assert_eq!(visit.post("factors/sms", &more).await.status(), StatusCode::SEE_OTHER);
    let sent = visit.world.tenant.journal().last("POST", "/mfa/associate").unwrap();
    let expected =
        json!({ "authenticator_types": ["oob"], "oob_channels": ["sms"], "phone_number": "+447700900123" });
    assert_eq!(serde_json::from_str::<Value>(&sent.body).unwrap(), expected);
    assert_eq!(sent.sub.as_deref(), Some("auth0|nothing"));
}

// I-04
#[tokio::test]
async fn malformed_codes_are_not_sent_to_the_tenant_but_pasted_ones_are() {
    let visit = Visit::of(NORA).await;
    let started = visit.post("factors/sms", &[("phone_number", "+447700900123")]).await;
    let page = started.headers()["location"].to_str().unwrap().trim_start_matches('/').to_owned();
    let confirm = format!("{page}/confirm");
    visit.world.tenant.journal().clear();
    let huge = "1".repeat(10_000);
    for code in [
        "",
        " ",
        "12345",
        "1234567",
        "abcdef",
        "12345a",
        "12 34 5",
        "-123456-7",
        "١٢٣٤٥",
        "½２３４５６",
        "123456\0",
        "+12345",
        "0x1234",
        "1e5000",
        "' OR 1",
        "<b>12</b>",
        &huge,
    ] {
        let answer = visit.post(&confirm, &[("code", code)]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{code:?}");
        let html = visit.browser.client().get(visit.world.portal.join(&page).unwrap());
        let html = html.send().await.unwrap().text().await.unwrap();
        assert!(html.contains("role=\"alert\"") && !html.contains("<b>12"), "{code:?}");
    }
    assert!(visit.world.tenant.journal().requests().is_empty());
    let code = visit.world.devices(NORA).last_code(Factor::Sms).unwrap();
    // Full-width digits of a Japanese keyboard, with the spaces that pasting adds.
    let wide = |digits: &str| {
        digits.chars().map(|it| char::from_u32(u32::from(it) - 0x30 + 0xff10).unwrap()).collect::<String>()
    };
    let pasted = format!("\u{a0}{} {}\u{2009}\n", &code[..3], wide(&code[3..]));
    assert_eq!(visit.post(&confirm, &[("code", &pasted)]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(visit.changes(), ["POST /oauth/token"]);
}
