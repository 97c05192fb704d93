//! `Sec-Fetch-Site` and `Origin`: a request from another site is refused even with a valid token.

use super::Visit;

// L-20, C-03
#[tokio::test]
async fn sec_fetch_site_overrules_a_valid_token() {
    let visit = Visit::new().await;
    for (site, passes) in [
        ("same-origin", true),
        ("none", true),
        ("cross-site", false),
        ("same-site", false),
        ("Same-Origin", false),
        ("same-origin, cross-site", false),
        ("anything else", false),
    ] {
        let request = visit.start_totp().header("sec-fetch-site", site);
        assert_eq!(visit.is_accepted(request).await, passes, "{site}");
    }
}

// C-04
#[tokio::test]
async fn without_sec_fetch_site_the_origin_decides() {
    let visit = Visit::new().await;
    let port = visit.world.portal.port().unwrap();
    for (origin, passes) in [
        (format!("http://127.0.0.1:{port}"), true),
        ("null".to_owned(), false),
        ("http://evil.example".to_owned(), false),
        ("http://127.0.0.1".to_owned(), false),
        (format!("http://127.0.0.1:{}", port - 1), false),
        (format!("http://localhost:{port}"), false),
        (format!("http://127.0.0.1:{port}.evil.example"), false),
        (format!("http://evil.example/?127.0.0.1:{port}"), false),
        (format!("http://127.0.0.1:{port}@evil.example"), false),
        (format!("http://127.0.0.1:{port} http://evil.example"), false),
        ("file://".to_owned(), false),
        (visit.world.tenant.url().origin().ascii_serialization(), false),
    ] {
        let request = visit.start_totp().header("origin", &origin);
        assert_eq!(visit.is_accepted(request).await, passes, "{origin}");
    }
}

// C-03
#[tokio::test]
async fn an_origin_does_not_overrule_sec_fetch_site() {
    let visit = Visit::new().await;
    let request =
        visit.start_totp().header("sec-fetch-site", "cross-site").header("origin", "http://evil.example");
    assert!(!visit.is_accepted(request).await);
    let request = visit.start_totp().header("sec-fetch-site", "same-site").header("origin", "null");
    assert!(!visit.is_accepted(request).await);
}

/// No browser sends both, because a page of our own origin is on the same site.
// C-03
#[tokio::test]
async fn our_own_origin_passes_whatever_sec_fetch_site_says() {
    let visit = Visit::new().await;
    let own = visit.world.portal.origin().ascii_serialization();
    for site in ["cross-site", "same-site", "anything else"] {
        let request = visit.start_totp().header("sec-fetch-site", site).header("origin", &own);
        assert!(visit.is_accepted(request).await, "{site}");
        let guessed = visit.post("factors/totp", &[("csrf_token", "guessed")]).header("sec-fetch-site", site);
        assert!(
            !visit.is_accepted(guessed.header("origin", &own)).await,
            "{site}, but not without the token"
        );
    }
}

// C-05, V-36
#[tokio::test]
async fn behind_a_proxy_only_the_public_origin_is_accepted() {
    let visit = Visit::with(&[("app-base-url", "https://mfa.example.com/security")]).await;
    let url = visit.world.portal.join("factors/totp").unwrap();
    for (origin, passes) in [
        ("https://mfa.example.com", true),
        ("https://evil.example.com", false),
        ("https://example.com", false),
        ("https://mfa.example.com.evil.example", false),
        ("https://mfa.example.com:8443", false),
        ("https://mfa.example.com/", false),
        ("http://mfa.example.com", false),
        ("https://MFA.example.com", false),
    ] {
        let form = [("csrf_token", visit.token.as_str())];
        let request = visit.browser.client().post(url.clone()).form(&form).header("origin", origin);
        // The request's Host, which the proxy may set to anything, plays no part.
        assert_eq!(visit.is_accepted(request).await, passes, "{origin}");
    }
}

/// The host is what the browser was led to, so a page of the same name by http, or of any name, has it too.
// C-04
#[tokio::test]
async fn an_origin_that_only_the_requests_host_names_is_foreign() {
    let visit = Visit::with(&[("app-base-url", "https://mfa.example.com/security")]).await;
    let url = visit.world.portal.join("factors/totp").unwrap();
    for (host, origin, passes) in [
        ("mfa.example.com", "https://mfa.example.com", true),
        ("evil.example", "https://mfa.example.com", true),
        ("mfa.example.com", "http://mfa.example.com", false),
        ("mfa.example.com:80", "http://mfa.example.com:80", false),
        ("mfa.example.com:443", "https://mfa.example.com:443", false),
        ("mfa.example.com", "https://mfa.example.com/", false),
        ("evil.example", "https://evil.example", false),
        ("evil.example", "http://evil.example", false),
        ("MFA.example.com", "https://MFA.example.com", false),
    ] {
        let form = [("csrf_token", visit.token.as_str())];
        let request = visit.browser.client().post(url.clone()).form(&form);
        let request = request.header("host", host).header("origin", origin);
        assert_eq!(visit.is_accepted(request).await, passes, "{host} {origin}");
    }
}

// C-04
#[tokio::test]
async fn without_sec_fetch_site_and_origin_the_token_decides() {
    let visit = Visit::new().await;
    assert!(visit.is_accepted(visit.start_totp()).await);
    assert!(!visit.is_accepted(visit.post("factors/totp", &[("csrf_token", "guessed")])).await);
}

#[tokio::test]
async fn a_foreign_form_cannot_tell_whether_a_session_exists() {
    let visit = Visit::new().await;
    let stranger = visit.world.browser();
    let url = visit.world.portal.join("factors/totp").unwrap();
    let mut answers = Vec::new();
    for client in [visit.browser.client(), stranger.client()] {
        let answer = client.post(url.clone()).header("origin", "http://evil.example").send().await.unwrap();
        answers.push((answer.status(), answer.headers().get("set-cookie").cloned()));
    }
    assert_eq!(answers[0], answers[1]);
}
