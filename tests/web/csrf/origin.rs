//! A request says where it comes from: what did not come from a page of ours is refused even with a good token.

use super::Visit;

#[tokio::test]
async fn what_the_browser_says_of_the_site_decides_even_over_a_good_token() {
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
        let request = visit.start().header("sec-fetch-site", site);
        assert_eq!(visit.passes(request).await, passes, "{site}");
    }
}

#[tokio::test]
async fn a_browser_that_only_sends_an_origin_is_judged_by_it() {
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
        let request = visit.start().header("origin", &origin);
        assert_eq!(visit.passes(request).await, passes, "{origin}");
    }
}

#[tokio::test]
async fn an_origin_does_not_outweigh_what_the_browser_says_of_the_site() {
    let visit = Visit::new().await;
    let request =
        visit.start().header("sec-fetch-site", "cross-site").header("origin", "http://evil.example");
    assert!(!visit.passes(request).await);
    let request = visit.start().header("sec-fetch-site", "same-site").header("origin", "null");
    assert!(!visit.passes(request).await);
}

#[tokio::test]
async fn behind_a_proxy_the_public_origin_is_ours_and_its_neighbours_are_not() {
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
        // What the proxy passes on as the host is its own affair.
        assert_eq!(visit.passes(request).await, passes, "{origin}");
    }
}

#[tokio::test]
async fn where_a_request_says_nothing_the_token_alone_decides() {
    let visit = Visit::new().await;
    assert!(visit.passes(visit.start()).await);
    assert!(!visit.passes(visit.post("factors/totp", &[("csrf_token", "guessed")])).await);
}

#[tokio::test]
async fn a_foreign_form_does_not_even_learn_whether_somebody_is_signed_in() {
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
