//! Request methods, content types and CORS.

use reqwest::{Method, StatusCode};

use super::Visit;

const PAGES: [&str; 7] =
    ["", "factors", "factors/totp", "authenticators/remove?id=x", "recovery-code", "sign-out", "signed-out"];

// C-08
#[tokio::test]
async fn unsupported_methods_are_refused_with_an_allow_header() {
    let visit = Visit::new().await;
    for path in PAGES {
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE, Method::OPTIONS] {
            let url = visit.world.portal.join(path).unwrap();
            let answer = visit.browser.client().request(method.clone(), url).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert!(answer.headers()["allow"].to_str().unwrap().contains("GET"), "{method} {path}");
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
            assert!(!answer.text().await.unwrap().contains("TRACE /"), "nothing is echoed");
        }
    }
    assert!(visit.world.tenant.journal().requests().is_empty());
}

// C-08
#[tokio::test]
async fn method_overrides_are_ignored() {
    let visit = Visit::new().await;
    let url = visit.world.portal.join("factors/totp?_method=POST").unwrap();
    let request = visit.browser.client().get(url).header("x-http-method-override", "POST");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    let fields = [("csrf_token", visit.token.as_str()), ("_method", "DELETE")];
    assert!(
        visit.is_accepted(visit.post("factors/totp", &fields)).await,
        "the field is one too many, and ignored"
    );
    assert_eq!(visit.world.tenant.journal().count("POST", "/mfa/associate"), 1);
}

// C-06, X-03
#[tokio::test]
async fn only_urlencoded_forms_are_accepted() {
    let visit = Visit::new().await;
    let body = format!("csrf_token={}", visit.token);
    let json = format!("{{\"csrf_token\":\"{}\"}}", visit.token);
    let url = visit.world.portal.join("factors/totp").unwrap();
    for (kind, body) in [
        ("application/json", &json),
        ("text/plain", &body),
        ("multipart/form-data; boundary=x", &body),
        ("application/x-www-form-urlencoded-not", &body),
        ("application/xml", &body),
        ("", &body),
        (";", &body),
    ] {
        let request =
            visit.browser.client().post(url.clone()).header("content-type", kind).body(body.clone());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert!(answer.text().await.unwrap().contains("We could not read this form"), "{kind}");
    }
    let without_kind = visit.browser.client().post(url.clone()).body(body.clone());
    assert_eq!(without_kind.send().await.unwrap().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(visit.world.tenant.journal().requests().is_empty());
    let kind = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
    assert!(
        visit.is_accepted(visit.browser.client().post(url).header("content-type", kind).body(body)).await
    );
}

// C-09
#[tokio::test]
async fn no_route_sends_cors_headers() {
    let visit = Visit::new().await;
    for path in PAGES.iter().copied().chain(["callback", "no-such-page", "static/app.css", "sign-in"]) {
        for origin in ["https://evil.example", "null", visit.world.portal.as_str().trim_end_matches('/')] {
            for method in [Method::GET, Method::POST, Method::OPTIONS] {
                let url = visit.world.portal.join(path).unwrap();
                let request = visit.browser.client().request(method, url).header("origin", origin);
                let request = request.header("access-control-request-method", "POST");
                let answer =
                    request.header("access-control-request-headers", "x-csrf-token").send().await.unwrap();
                let names: Vec<_> = answer.headers().keys().map(ToString::to_string).collect();
                assert!(!names.iter().any(|name| name.starts_with("access-control-")), "{path} {names:?}");
            }
        }
    }
}
