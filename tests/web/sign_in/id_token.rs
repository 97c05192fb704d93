//! ID token validation (OpenID Connect Core §3.1.3.7): a token that is forged, expired, or meant for another client or
//! sign-in signs nobody in.

mod signature;

use emulated_tenant::Tamper;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{LIST, NORA, exchanges, has_session, is_friendly};
use crate::support::{Browser, World};

/// Changes one claim.
fn claim(name: &'static str, value: impl Into<Value>) -> Tamper {
    let value = value.into();
    Tamper::edit(move |token| token.claims[name] = value.clone())
}

/// Removes one claim.
fn without(name: &'static str) -> Tamper {
    Tamper::edit(move |token| drop(token.claims.as_object_mut().unwrap().remove(name)))
}

/// Sets a time claim to this many seconds after `iat`.
fn moved(name: &'static str, seconds: i64) -> Tamper {
    Tamper::edit(move |token| token.claims[name] = json!(token.claims["iat"].as_i64().unwrap() + seconds))
}

async fn sign_in_with(tamper: Tamper) -> (World, Browser) {
    let world = World::new().await;
    world.tenant.tamper_id_token(tamper);
    let browser = world.signed_in(NORA).await;
    assert_eq!(exchanges(&world), 1);
    (world, browser)
}

async fn is_accepted(tamper: Tamper) {
    let (_world, browser) = sign_in_with(tamper).await;
    assert_eq!(browser.page.heading(), LIST);
}

async fn is_refused(tamper: Tamper) {
    is_refused_with("The sign-in did not work", tamper).await;
}

async fn is_refused_with(heading: &str, tamper: Tamper) {
    let (world, mut browser) = sign_in_with(tamper).await;
    assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
    assert_eq!(browser.page.heading(), heading);
    is_friendly(&browser.page);
    assert!(!has_session(&browser), "{}", browser.cookies());
    assert_eq!(world.tenant.journal().count("GET", "/mfa/authenticators"), 0);
    assert_eq!(browser.follow("Sign in again").await.heading(), LIST, "the next token is genuine");
}

// L-06
#[tokio::test]
async fn a_wrong_nonce_is_refused() {
    is_refused(claim("nonce", "of another sign-in")).await;
}

// L-06
#[tokio::test]
async fn a_missing_nonce_is_refused() {
    is_refused(without("nonce")).await;
}

// L-07
#[tokio::test]
async fn a_foreign_issuer_is_refused() {
    is_refused(claim("iss", "https://evil.example/")).await;
}

// L-07
#[tokio::test]
async fn the_issuer_without_its_slash_is_refused() {
    is_refused(Tamper::edit(|token| {
        let issuer = token.claims["iss"].as_str().unwrap().trim_end_matches('/').to_owned();
        token.claims["iss"] = json!(issuer);
    }))
    .await;
}

// L-07
#[tokio::test]
async fn a_foreign_audience_is_refused() {
    is_refused(claim("aud", "another application")).await;
}

// L-07
#[tokio::test]
async fn an_audience_that_only_begins_like_ours_is_refused() {
    is_refused(claim("aud", "mfa-portal-management")).await;
}

// L-07
#[tokio::test]
async fn an_empty_audience_list_is_refused() {
    is_refused(claim("aud", json!([]))).await;
}

// L-07
#[tokio::test]
async fn an_audience_list_with_our_client_id_alone_is_accepted() {
    is_accepted(claim("aud", json!(["mfa-portal"]))).await;
}

// L-07
#[tokio::test]
async fn several_audiences_without_azp_are_refused() {
    is_refused(claim("aud", json!(["mfa-portal", "another application"]))).await;
}

// L-07
#[tokio::test]
async fn several_audiences_with_azp_naming_us_are_accepted() {
    is_accepted(Tamper::edit(|token| {
        token.claims["aud"] = json!(["another application", "mfa-portal"]);
        token.claims["azp"] = json!("mfa-portal");
    }))
    .await;
}

// L-07
#[tokio::test]
async fn a_foreign_azp_is_refused() {
    is_refused(claim("azp", "another application")).await;
}

// L-07
#[tokio::test]
async fn an_expired_token_is_refused() {
    is_refused(moved("exp", -61)).await;
}

// L-07
#[tokio::test]
async fn a_minute_of_clock_skew_is_accepted() {
    is_accepted(moved("exp", -59)).await;
    is_accepted(moved("iat", 59)).await;
    is_accepted(moved("nbf", 59)).await;
}

// L-07
#[tokio::test]
async fn a_missing_exp_is_refused() {
    is_refused(without("exp")).await;
}

// L-07, V-09
#[tokio::test]
async fn an_exp_as_a_string_is_refused() {
    is_refused(claim("exp", "4102444800")).await;
}

// L-07
#[tokio::test]
async fn an_exp_with_a_fraction_is_refused() {
    is_refused(claim("exp", 4_102_444_800.5)).await;
}

// L-07
#[tokio::test]
async fn a_missing_iat_is_refused() {
    is_refused(without("iat")).await;
}

// L-07
#[tokio::test]
async fn an_iat_in_the_future_is_refused() {
    is_refused(moved("iat", 61)).await;
}

// L-07
#[tokio::test]
async fn an_nbf_in_the_future_is_refused() {
    is_refused(moved("nbf", 61)).await;
}

// L-07, V-09
#[tokio::test]
async fn an_nbf_as_a_string_is_refused() {
    is_refused(claim("nbf", "4102444800")).await;
}

// L-07
#[tokio::test]
async fn a_missing_sub_is_refused() {
    is_refused(without("sub")).await;
}

// L-07
#[tokio::test]
async fn an_empty_sub_is_refused() {
    is_refused(claim("sub", "")).await;
}

// L-07
#[tokio::test]
async fn a_sub_of_more_than_1024_characters_is_refused() {
    is_refused(claim("sub", "a".repeat(1_025))).await;
    is_refused(claim("sub", "山".repeat(1_025))).await;
}

/// It separates the parts of a record's name, so that one person's records could be another's.
#[tokio::test]
async fn a_sub_with_a_nul_is_refused() {
    is_refused(claim("sub", "auth0|nora\0newest")).await;
}

// L-07
#[tokio::test]
async fn a_sub_of_1024_characters_is_accepted() {
    is_accepted(claim("sub", "山".repeat(1_024))).await;
}

// L-07
#[tokio::test]
async fn a_sub_that_is_not_a_string_is_refused() {
    is_refused(claim("sub", 42)).await;
}
