//! The signer, the size and the purpose of an ID token: only a small RS256 token by a current key of the tenant signs
//! somebody in (RFC 8725 §3).

use emulated_tenant::{Fault, FaultKind, Tamper};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::super::{LIST, NORA, has_session};
use super::{is_accepted, is_refused, is_refused_with, sign_in_with};
use crate::support::{Log, World};

/// Asserts that the token signs nobody in, that the log names the setting once, and that the page does not blame
/// chance.
async fn is_of_the_wrong_algorithm(name: &str, tamper: Tamper) {
    let log = Log::begin();
    is_refused_with("This page is not set up correctly", tamper.clone()).await;
    let text = log.text();
    let lines: Vec<_> = text.lines().filter(|line| line.contains("sign-in failed")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(lines[0].contains("Advanced Settings → OAuth → JsonWebToken Signature Algorithm"), "{lines:?}");
    assert!(lines[0].contains(name), "{lines:?}");
    let (_world, browser) = sign_in_with(tamper).await;
    assert!(!browser.page.text().to_lowercase().contains("try again"), "{}", browser.page.text());
}

// L-07
#[tokio::test]
async fn an_unsigned_token_is_refused() {
    is_of_the_wrong_algorithm("none", Tamper::unsigned()).await;
}

// L-07
#[tokio::test]
async fn an_hs256_token_keyed_with_the_public_key_is_refused() {
    is_of_the_wrong_algorithm("HS256", Tamper::hs256_with_public_key()).await;
}

// L-07
#[tokio::test]
async fn an_hs256_token_keyed_with_the_client_secret_is_refused() {
    is_of_the_wrong_algorithm("HS256", Tamper::hs256_with_client_secret()).await;
}

// L-07
#[tokio::test]
async fn any_algorithm_but_rs256_is_refused() {
    for name in ["RS512", "PS256", "ES256", "ES256K", "EdDSA", "HS512", "None", "rs256", ""] {
        is_of_the_wrong_algorithm(name, Tamper::edit(move |token| token.header["alg"] = json!(name))).await;
    }
    for alg in [json!(null), json!(7), json!(["RS256"]), json!({})] {
        is_refused(Tamper::edit(move |token| token.header["alg"] = alg.clone())).await;
    }
}

// L-07
#[tokio::test]
async fn a_signature_by_another_key_is_refused() {
    is_refused(Tamper::other_key()).await;
}

// L-07
#[tokio::test]
async fn an_unknown_kid_is_refused() {
    is_refused(Tamper::unknown_kid()).await;
}

// L-07
#[tokio::test]
async fn a_missing_kid_is_refused_when_there_are_two_keys() {
    is_refused(Tamper::without_kid()).await;
}

// L-07
#[tokio::test]
async fn a_missing_kid_is_accepted_when_there_is_one_key() {
    let world = World::new().await;
    let url = world.tenant.url().join(".well-known/jwks.json").unwrap();
    let mut keys: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    keys["keys"].as_array_mut().unwrap().truncate(1);
    let only = FaultKind::json(200, &keys.to_string());
    world.tenant.faults().inject(Fault::new("GET", "/.well-known/jwks.json", only));
    world.tenant.tamper_id_token(Tamper::without_kid());
    assert_eq!(world.signed_in(NORA).await.page.heading(), LIST);
}

// L-07
#[tokio::test]
async fn an_unknown_critical_header_is_refused() {
    is_refused(Tamper::critical_header()).await;
}

// L-07
#[tokio::test]
async fn an_embedded_key_is_ignored() {
    is_refused(Tamper::embedded_key()).await;
}

// L-07
#[tokio::test]
async fn a_linked_key_set_is_neither_used_nor_fetched() {
    let elsewhere = World::new().await;
    let jku = elsewhere.tenant.url().join(".well-known/jwks.json").unwrap();
    is_refused(Tamper::linked_key(jku.as_str())).await;
    assert!(elsewhere.tenant.journal().requests().is_empty());
}

// L-07
#[tokio::test]
async fn a_token_of_forty_kilobytes_is_refused() {
    is_refused(Tamper::huge(40_000)).await;
}

// L-07
#[tokio::test]
async fn a_token_of_two_megabytes_is_not_read_to_its_end() {
    let (_world, browser) = sign_in_with(Tamper::huge(2_000_000)).await;
    assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
    assert_eq!(browser.page.heading(), "The sign-in service gave an unexpected answer");
    assert!(!has_session(&browser));
}

/// An access token is signed with the same key, but is no proof of who signed in (RFC 9068 §2.1).
// L-07
#[tokio::test]
async fn a_typ_of_another_kind_of_token_is_refused() {
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "JWE",
        "JWT ",
        "",
        "xJWT",
    ] {
        is_refused(Tamper::edit(move |token| token.header["typ"] = json!(typ))).await;
    }
    for typ in [json!(7), json!(["JWT"]), json!({})] {
        is_refused(Tamper::edit(move |token| token.header["typ"] = typ.clone())).await;
    }
}

// L-07
#[tokio::test]
async fn a_typ_of_jwt_or_none_is_accepted() {
    for typ in ["JWT", "jwt", "application/jwt"] {
        is_accepted(Tamper::edit(move |token| token.header["typ"] = json!(typ))).await;
    }
    is_accepted(Tamper::edit(|token| drop(token.header.as_object_mut().unwrap().remove("typ")))).await;
}
