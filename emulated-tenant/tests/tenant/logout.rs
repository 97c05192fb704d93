//! `/v2/logout` and `/oidc/logout`.

use reqwest::StatusCode;

use crate::client::{NOTHING, World, decode};

const SIGNED_OUT: &str = "http://127.0.0.1:3000/signed-out";

impl World {
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> reqwest::Response {
        self.http.get(self.at(path)).query(query).send().await.unwrap()
    }
}

#[tokio::test]
async fn a_logout_hint_with_the_sid_signs_out_without_confirmation() {
    let world = World::start().await;
    let (_, id) = decode(&world.tokens(NOTHING, &[]).await.text("id_token"));
    let sid = id["sid"].as_str().unwrap();
    let query = [("logout_hint", sid), ("post_logout_redirect_uri", SIGNED_OUT), ("state", "s")];
    let answer = world.get("oidc/logout", &query).await;
    assert_eq!(answer.headers()["location"], format!("{SIGNED_OUT}?state=s"));
    assert_eq!(world.authorize(&[]).await.path(), "/u/login");
}

#[tokio::test]
async fn an_id_token_hint_signs_out_without_confirmation() {
    let world = World::start().await;
    let token = world.tokens(NOTHING, &[]).await.text("id_token");
    let query = [("id_token_hint", &*token), ("post_logout_redirect_uri", SIGNED_OUT)];
    assert_eq!(world.get("oidc/logout", &query).await.headers()["location"], SIGNED_OUT);
    assert_eq!(world.get("oidc/logout", &[("id_token_hint", "x")]).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn signing_out_needs_confirmation_without_a_hint_and_fails_with_a_wrong_one() {
    let world = World::start().await;
    world.callback(NOTHING, &[]).await;
    let wrong =
        world.get("oidc/logout", &[("logout_hint", "x"), ("post_logout_redirect_uri", SIGNED_OUT)]).await;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    let asks = world.get("oidc/logout", &[("post_logout_redirect_uri", SIGNED_OUT)]).await;
    assert_eq!(asks.status(), StatusCode::OK);
    assert!(asks.text().await.unwrap().contains("Do you want to sign out?"));
    let form = [("post_logout_redirect_uri", SIGNED_OUT), ("confirmed", "yes")];
    let url = world.redirect(world.http.post(world.at("oidc/logout")).form(&form)).await;
    assert_eq!(url.as_str(), SIGNED_OUT);
    assert_eq!(world.authorize(&[]).await.path(), "/u/login");
}

#[tokio::test]
async fn v2_logout_returns_to_allowed_urls_only() {
    let world = World::start().await;
    world.callback(NOTHING, &[]).await;
    let evil =
        world.get("v2/logout", &[("client_id", "mfa-portal"), ("returnTo", "http://evil.example/")]).await;
    assert_eq!(evil.status(), StatusCode::BAD_REQUEST);
    assert_eq!(world.authorize(&[]).await.path(), "/callback", "still signed in");
    let good = world.get("v2/logout", &[("client_id", "mfa-portal"), ("returnTo", SIGNED_OUT)]).await;
    assert_eq!(good.headers()["location"], SIGNED_OUT);
    assert_eq!(world.authorize(&[]).await.path(), "/u/login");
}
