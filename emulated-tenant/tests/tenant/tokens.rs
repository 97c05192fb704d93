//! Discovery, keys, tampered ID tokens and userinfo.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use emulated_tenant::Tamper;
use serde_json::{Value, json};

use crate::client::{NOTHING, World, decode, read};

impl World {
    async fn json(&self, path: &str) -> Value {
        read(self.http.get(self.at(path)).send().await.unwrap()).await.body
    }

    async fn id_token(&self) -> String {
        self.tokens(NOTHING, &[]).await.text("id_token")
    }

    /// Whether the token's signature is by the published key that its header names.
    async fn verifies(&self, token: &str) -> bool {
        let (input, signature) = token.rsplit_once('.').unwrap();
        let keys = self.json(".well-known/jwks.json").await;
        let kid = &decode(token).0["kid"];
        let Some(key) = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid) else {
            return false;
        };
        let bytes = |text: &Value| URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap();
        let key = RsaPublicKeyComponents { n: bytes(&key["n"]), e: bytes(&key["e"]) };
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        key.verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature).is_ok()
    }
}

#[tokio::test]
async fn discovery_follows_the_host_and_ends_the_issuer_with_a_slash() {
    let mut world = World::start().await;
    for base in [world.tenant.url(), world.tenant.custom_url()] {
        world.base = base;
        let document = world.json(".well-known/openid-configuration").await;
        assert_eq!(document["issuer"], world.base.as_str());
        assert_eq!(document["mfa_challenge_endpoint"], world.at("mfa/challenge").as_str());
        assert_eq!(document["end_session_endpoint"], world.at("oidc/logout").as_str());
        assert!(document.get("authorization_response_iss_parameter_supported").is_none());
    }
    world.tenant.configure(|settings| settings.end_session_endpoint = false);
    world.tenant.tamper_discovery(|document| document["issuer"] = json!("http://evil.example/"));
    let document = world.json(".well-known/openid-configuration").await;
    assert!(document.get("end_session_endpoint").is_none() && document["issuer"] == "http://evil.example/");
}

#[tokio::test]
async fn rotation_keeps_the_previous_key_published_until_it_is_forgotten() {
    let world = World::start().await;
    let count = async || world.json(".well-known/jwks.json").await["keys"].as_array().unwrap().len();
    let old = world.id_token().await;
    assert!(count().await == 2 && world.verifies(&old).await);
    world.tenant.rotate_keys();
    let new = world.id_token().await;
    assert_ne!(decode(&old).0["kid"], decode(&new).0["kid"]);
    assert!(count().await == 3 && world.verifies(&old).await && world.verifies(&new).await);
    world.tenant.forget_previous_keys();
    assert!(count().await == 2 && !world.verifies(&old).await && world.verifies(&new).await);
}

#[tokio::test]
async fn tampering_changes_the_next_id_token_only_and_signs_it() {
    let world = World::start().await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["sub"] = json!("auth0|somebody-else")));
    let changed = world.id_token().await;
    assert!(decode(&changed).1["sub"] == "auth0|somebody-else" && world.verifies(&changed).await);
    assert_eq!(decode(&world.id_token().await).1["sub"], "auth0|nothing");
}

#[tokio::test]
async fn forged_tokens_do_not_verify() {
    let world = World::start().await;
    for (tamper, header) in [
        (Tamper::unsigned(), json!({ "alg": "none" })),
        (Tamper::hs256_with_public_key(), json!({ "alg": "HS256" })),
        (Tamper::hs256_with_client_secret(), json!({ "alg": "HS256" })),
        (Tamper::unknown_kid(), json!({ "kid": "no-such-key" })),
        (Tamper::other_key(), json!({ "alg": "RS256" })),
        (Tamper::embedded_key(), json!({ "alg": "RS256" })),
        (
            Tamper::linked_key("http://evil.example/jwks.json"),
            json!({ "jku": "http://evil.example/jwks.json" }),
        ),
    ] {
        world.tenant.tamper_id_token(tamper.clone());
        let token = world.id_token().await;
        let (name, value) = header.as_object().unwrap().iter().next().unwrap();
        assert_eq!(decode(&token).0[name], *value, "{tamper:?}");
        assert!(!world.verifies(&token).await, "{tamper:?}");
    }
}

#[tokio::test]
async fn tampered_tokens_can_have_valid_signatures() {
    let world = World::start().await;
    world.tenant.tamper_id_token(Tamper::critical_header());
    assert_eq!(decode(&world.id_token().await).0["crit"], json!(["unheard-of"]));
    world.tenant.tamper_id_token(Tamper::without_kid().times(2));
    for _ in 0..2 {
        assert!(decode(&world.id_token().await).0.get("kid").is_none());
    }
    world.tenant.tamper_id_token(Tamper::huge(2_000_000));
    assert!(world.id_token().await.len() > 2_000_000);
    assert!(world.verifies(&world.id_token().await).await);
}

#[tokio::test]
async fn userinfo_returns_the_claims_that_the_scopes_allow() {
    let world = World::start().await;
    let token = world.tokens(NOTHING, &[("scope", "openid email")]).await.text("access_token");
    let answer = read(world.http.get(world.at("userinfo")).bearer_auth(token).send().await.unwrap()).await;
    let expected = json!({ "sub": "auth0|nothing", "email": NOTHING, "email_verified": false });
    assert_eq!(answer.body, expected);
    let refused = read(world.http.get(world.at("userinfo")).bearer_auth("x").send().await.unwrap()).await;
    assert_eq!(refused.line(), "401 invalid_token Unauthorized");
}
