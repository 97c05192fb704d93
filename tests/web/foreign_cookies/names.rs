//! Names that only look like ours.

use reqwest::StatusCode;

use super::{ALEX, NORA, cookie, disguises, get, get_with, https, is_strangers, joined, pair, set_cookies};

// S-01
#[tokio::test]
async fn a_disguised_session_name_opens_no_session_and_is_not_deleted() {
    let world = https().await;
    let (name, id) = cookie(&world.signed_in(ALEX).await, "session");
    assert!(name.starts_with("__Host-"), "{name}");
    for disguise in disguises(&name) {
        is_strangers(&get_with(&world, "/", pair(&disguise, &id)).await, &disguise);
    }
    assert_eq!(get_with(&world, "/", pair(&name, &id)).await.status(), StatusCode::OK, "the control");
}

// S-01
#[tokio::test]
async fn a_disguised_cookie_never_overrides_a_live_session() {
    let world = https().await;
    let attackers = cookie(&world.signed_in(ALEX).await, "session").1;
    let (name, id) = cookie(&world.signed_in(NORA).await, "session");
    let own = pair(&name, &id);
    for disguise in disguises(&name) {
        let planted = pair(&disguise, &attackers);
        let shown = String::from_utf8_lossy(&planted).into_owned();
        for lines in [
            vec![joined(&[&own, &planted])],
            vec![joined(&[&planted, &own])],
            vec![own.clone(), planted.clone()],
            vec![planted.clone(), own.clone()],
        ] {
            let answer = get(&world, "/", &lines).await;
            assert_eq!((answer.status(), set_cookies(&answer)), (StatusCode::OK, vec![]), "{shown}");
            let html = answer.text().await.unwrap();
            assert!(html.contains(NORA) && !html.contains(ALEX), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_name_that_begins_like_a_sign_in_is_ours_only_with_a_state() {
    let world = https().await;
    let planted: Vec<Vec<u8>> =
        ["", "A", "AAAAAAA", "AAAAAAAAA", "AAAA AAA", "AAAA.AAA", "ÄAAAAAA", "AAAA%41AA"]
            .map(|state| format!("__Host-mfa-portal-sign-in.{state}=x").into_bytes())
            .to_vec();
    let answer = get(&world, "/sign-in", &planted).await;
    assert_eq!(set_cookies(&answer).len(), 1, "only the new sign-in: {:?}", set_cookies(&answer));
}

#[tokio::test]
async fn spaces_and_tabs_around_a_pair_do_no_harm() {
    let world = https().await;
    let (name, id) = cookie(&world.signed_in(NORA).await, "session");
    for line in [format!(" {name}={id}"), format!("a=b;{name}={id}"), format!("a=b; \t {name}={id}\t ;c=d")] {
        assert_eq!(get_with(&world, "/", &line).await.status(), StatusCode::OK, "{line:?}");
    }
}
