//! Bytes outside ASCII in others' cookies lock nobody out.

use reqwest::StatusCode;

use super::{NORA, cookie, get, https, joined, pair, set_cookies};

/// Cookies as applications and scripts leave them on a shared domain.
fn odd() -> Vec<Vec<u8>> {
    let mut all = vec![
        "city=Zürich".as_bytes().to_vec(),
        b"city=Z\xfcrich".to_vec(),
        "stadt=東京".as_bytes().to_vec(),
        "größe=1".as_bytes().to_vec(),
        b"gr\xf6\xdfe=1".to_vec(),
        b"a=\xff\xfe\xc3".to_vec(),
        b"a=%FF%00%0D%0A".to_vec(),
        b"a=\"open".to_vec(),
        b"a=\"b;c\"".to_vec(),
        b"a={\"b\":[1,2]}".to_vec(),
        b"$Version=1".to_vec(),
        b"=x".to_vec(),
        b"x".to_vec(),
        b"=".to_vec(),
        b";;; ;".to_vec(),
        b"a\tb=c\td".to_vec(),
    ];
    all.push([b"every=".to_vec(), (0x80..=0xff).collect()].concat());
    all
}

// S-17, V-31
#[tokio::test]
async fn odd_bytes_beside_a_session_change_nothing() {
    let world = https().await;
    let (name, id) = cookie(&world.signed_in(NORA).await, "session");
    let own = pair(&name, &id);
    for odd in odd() {
        for lines in [
            vec![joined(&[&odd, &own])],
            vec![joined(&[&own, &odd])],
            vec![odd.clone(), own.clone()],
            vec![own.clone(), odd.clone()],
        ] {
            let answer = get(&world, "/", &lines).await;
            let shown = String::from_utf8_lossy(&odd);
            assert_eq!((answer.status(), set_cookies(&answer)), (StatusCode::OK, vec![]), "{shown}");
        }
    }
}

// S-17
#[tokio::test]
async fn a_sign_in_finishes_beside_odd_bytes() {
    let world = https().await;
    let odd = odd();
    let all_odd = joined(&odd.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for planted in odd.iter().chain([&all_odd]) {
        let mut browser = world.browser();
        let callback = browser.until_callback(NORA).await;
        let (name, sealed) = cookie(&browser, "sign-in");
        let address = format!("{}?{}", callback.path(), callback.query().unwrap());
        let answer = get(&world, &address, &[joined(&[planted, &pair(&name, &sealed)])]).await;
        let shown = String::from_utf8_lossy(planted);
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{shown}");
        let set = set_cookies(&answer);
        assert!(set.iter().any(|it| it.starts_with("__Host-mfa-portal-session=")), "{shown}: {set:?}");
    }
}

#[tokio::test]
async fn others_cookies_do_not_disturb_static_files() {
    let world = https().await;
    let mut browser = world.browser();
    browser.open("/signed-out").await;
    let file = browser.page.attr("link[rel=stylesheet]", "href").unwrap();
    for odd in odd() {
        let answer = get(&world, &file, &[odd]).await;
        assert_eq!((answer.status(), set_cookies(&answer)), (StatusCode::OK, vec![]));
    }
}
