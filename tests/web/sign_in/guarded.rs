//! Pages that need a session: no spelling of an address and no header opens one without it.

use reqwest::StatusCode;
use reqwest::header::{HeaderName, HeaderValue};

use super::{ALEX, NORA};
use crate::support::World;
use crate::support::raw::Raw;

// V-41
#[tokio::test]
async fn no_spelling_of_an_open_path_opens_a_protected_page() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    world.tenant.journal().clear();
    for target in [
        "/?/signed-out",
        "/?signed-out",
        "/;/signed-out",
        "/factors?next=/signed-out",
        "/factors;/signed-out",
        "/factors/%2e%2e/signed-out",
        "/signed-out/../factors",
        "/signed-out/%2e%2e/factors",
        "/signed-out/..%2ffactors",
        "/static/../factors",
        "/static/%2e%2e/factors",
        "/static/..%2ffactors",
        "/embed.js/../factors",
        "/factors%3f/static/app.css",
        "/factors/%23/signed-out",
        "/FACTORS",
        "//factors",
        "/healthz/../factors",
        "/recovery-code?/healthz",
        "http://127.0.0.1/factors?/signed-out",
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n");
        let answer = Raw::open(&world.portal).await.ask(request).await.unwrap();
        assert!([303, 400, 404].contains(&answer.status), "{target}: {}", answer.status);
    }
    assert!(world.tenant.journal().requests().is_empty(), "no list was read");
}

// V-40
#[tokio::test]
async fn no_header_opens_a_protected_page() {
    let world = World::new().await;
    for (name, value) in [
        ("user-agent", "kube-probe/1.33"),
        ("user-agent", "GoogleHC/1.0"),
        ("user-agent", "ELB-HealthChecker/2.0"),
        ("user-agent", "mfa-portal/0.1.0"),
        ("authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
        ("authorization", "Basic YWRtaW46YWRtaW4="),
        ("x-forwarded-user", ALEX),
        ("x-auth-request-email", ALEX),
        ("remote-user", ALEX),
        ("x-original-url", "/signed-out"),
        ("x-rewrite-url", "/signed-out"),
        ("x-forwarded-uri", "/signed-out"),
        ("x-original-method", "OPTIONS"),
    ] {
        for path in ["", "factors", "recovery-code", "authenticators/remove?id=x"] {
            let request = world.browser().client().get(world.portal.join(path).unwrap());
            let request = request.header(HeaderName::from_static(name), HeaderValue::from_static(value));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path} with {name}: {value}");
            assert!(answer.headers()["location"].to_str().unwrap().contains("/sign-in"), "{path}");
        }
    }
    assert_eq!(world.tenant.journal().count("GET", "/mfa/authenticators"), 0);
}
