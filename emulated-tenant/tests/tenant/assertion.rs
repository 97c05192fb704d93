//! Client assertions (`private_key_jwt`): only one that is signed, current, for this tenant and new proves an application.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::client::World;

const ID: &str = "mfa-portal";

struct Key(KeyPair);

impl Key {
    fn new() -> Self {
        Self(KeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    fn public(&self) -> String {
        let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = self.0.public_key().as_der().unwrap();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der.as_ref()))
    }

    fn signed(&self, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encode(header), encode(claims));
        let mut signature = vec![0; self.0.public_modulus_len()];
        let hash = digest::digest(&digest::SHA256, input.as_bytes());
        self.0.sign_digest(&RSA_PKCS1_SHA256, &hash, &mut signature).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The answer to a made-up MFA token: that it is invalid, once the application has proved itself.
async fn answer(world: &World, proof: &[(&str, &str)]) -> u16 {
    let form = [
        ("grant_type", "http://auth0.com/oauth/grant-type/mfa-otp"),
        ("mfa_token", "none"),
        ("otp", "000000"),
    ];
    let request = world.http.post(world.at("oauth/token")).form(&[&form, proof].concat());
    request.send().await.unwrap().status().as_u16()
}

async fn shown(world: &World, assertion: &str) -> u16 {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    answer(world, &[("client_id", ID), ("client_assertion_type", kind), ("client_assertion", assertion)])
        .await
}

// K-06
#[tokio::test]
async fn only_a_fresh_assertion_of_the_applications_own_key_is_accepted() {
    let (world, key, other) = (World::start().await, Key::new(), Key::new());
    world.tenant.configure(|settings| settings.client_keys = vec![Key::new().public(), key.public()]);
    let now = 1_800_000_000;
    let header = json!({ "alg": "RS256", "typ": "JWT" });
    let good = |id: &str| json!({ "iss": ID, "sub": ID, "aud": world.tenant.url().as_str(), "jti": id, "iat": now, "exp": now + 60 });
    let first = key.signed(&header, &good("first"));
    assert_ne!(shown(&world, &first).await, 401);
    assert_eq!(shown(&world, &first).await, 401, "it is for one request");
    assert_ne!(shown(&world, &key.signed(&header, &good("second"))).await, 401);
    for (name, value) in [
        ("iss", json!("another")),
        ("sub", json!("another")),
        ("aud", json!("https://another.example/")),
        ("aud", json!(world.tenant.url().as_str().trim_end_matches('/'))),
        ("exp", json!(now - 1)),
        ("exp", json!(now + 400)),
        ("iat", json!(now + 60)),
        ("nbf", json!(now + 60)),
        ("jti", Value::Null),
        ("jti", json!("x".repeat(65))),
    ] {
        let mut claims = good(&format!("with {name} {value}").chars().take(60).collect::<String>());
        claims[name] = value;
        assert_eq!(shown(&world, &key.signed(&header, &claims)).await, 401, "{claims}");
    }
    assert_eq!(shown(&world, &other.signed(&header, &good("by another key"))).await, 401);
    assert_eq!(shown(&world, &key.signed(&json!({ "alg": "none" }), &good("unsigned"))).await, 401);
    assert_eq!(shown(&world, "no.jwt").await, 401);
    let secret = world.tenant.settings().client_secret;
    assert_eq!(
        answer(&world, &[("client_id", ID), ("client_secret", &secret)]).await,
        401,
        "it has no secret"
    );
}
