//! ID tokens: only one that is signed, current and ours says who signed in, and a claim of another type counts as
//! absent.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_portal::clock::Clock;
use mfa_portal::internals::{Expected, IdToken, Identity, Secret, Tenant};
use mfa_portal::random::Random;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{RUNTIME, config};

const NOW: i64 = 1_800_000_000;
const SKEW: i64 = 60;
const NONCE: &str = "nonce";
const KEY: &str = "key";
static SIGNER: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());
/// The signature of another token.
static OTHERS: LazyLock<String> = LazyLock::new(|| signed("another"));
static ISSUER: LazyLock<String> = LazyLock::new(|| format!("http://{}/", publish()));
static TENANT: LazyLock<Tenant> = LazyLock::new(|| {
    let options = config(&[("auth0-domain", &ISSUER), ("auth0-tenant-domain", &ISSUER)]).tenant();
    Tenant::new(options, Clock::from_fn(now), Random::system()).unwrap()
});

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW).unwrap()
}

/// The input is the header, a line end and the claims, in which ISSUER stands for the tenant's.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((header, claims)) = text.split_once('\n') else { return };
    let claims = claims.replace("ISSUER", &ISSUER);
    let content = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(&claims));
    let signature = signed(&content);
    let unsigned =
        [text.to_owned(), content.clone(), format!("{content}."), format!("{content}.{}", *OTHERS)];
    for token in unsigned {
        assert!(identify(&token).is_none(), "an unsigned token is accepted");
    }
    if let Some(identity) = identify(&format!("{content}.{signature}")) {
        check_header(&serde_json::from_str(header).unwrap());
        // Numbers out of range are claims of another type too, and no `Value` holds them.
        if let Ok(claims) = serde_json::from_str(&claims) {
            check_claims(&claims, &identity);
        }
    }
}

fn check_header(header: &Value) {
    assert_eq!(header["alg"], "RS256");
    assert!(header.get("kid").is_none_or(|kid| kid.is_null() || kid == KEY), "another key's");
    assert!(header.get("crit").is_none(), "an extension is ignored");
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or("jwt").to_ascii_lowercase();
    assert!(["jwt", "application/jwt"].contains(&typ.as_str()), "another kind of token");
}

fn check_claims(claims: &Value, identity: &Identity) {
    let text = |name: &str| claims[name].as_str().map(ToOwned::to_owned);
    let number = |name: &str| claims[name].as_i64();
    let or_absent = |name: &str| claims.get(name).map_or(Some(None), |_| number(name).map(Some));
    assert_eq!((text("iss").as_ref(), text("nonce").as_deref()), (Some(&*ISSUER), Some(NONCE)));
    let ours = config(&[]).client_id;
    let names_us = match &claims["aud"] {
        Value::Array(several) => {
            several.iter().all(Value::is_string)
                && several.contains(&json!(ours))
                && (several.len() == 1 || claims.get("azp").is_some())
        }
        one => *one == json!(ours),
    };
    assert!(names_us && claims.get("azp").is_none_or(|azp| *azp == json!(ours)), "for another client");
    let issued = number("iat").unwrap();
    assert!(
        (NOW - SKEW..=NOW + SKEW).contains(&issued) && number("exp").unwrap() > NOW - SKEW,
        "out of date"
    );
    assert!(or_absent("nbf").unwrap().is_none_or(|at| at <= NOW + SKEW), "not valid yet");
    assert!(or_absent("auth_time").unwrap().is_none_or(|at| at <= NOW + SKEW), "signed in tomorrow");

    assert_eq!(text("sub").as_deref(), Some(identity.sub.as_str()));
    assert!((1..=1024).contains(&identity.sub.chars().count()));
    let visible = |name: &str| text(name).filter(|text| !text.trim().is_empty());
    assert_eq!((&identity.name, &identity.email), (&visible("name"), &visible("email")));
    assert_eq!((&identity.locale, &identity.sid), (&text("locale"), &text("sid")));
    assert_eq!(identity.email_verified, [json!(true), json!("true")].contains(&claims["email_verified"]));
    let methods = claims["amr"].as_array().filter(|all| all.iter().all(Value::is_string));
    assert_eq!(identity.challenged, methods.is_some_and(|all| all.contains(&json!("mfa"))), "amr is misread");
}

fn identify(token: &str) -> Option<Identity> {
    let expected = Expected { nonce: NONCE, proved_since: None, asked: now(), organization: None };
    RUNTIME.block_on(TENANT.identify(&IdToken(Secret::from(token)), expected)).ok()
}

fn signed(content: &str) -> String {
    let mut signature = vec![0; SIGNER.public_modulus_len()];
    SIGNER.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, content.as_bytes()), &mut signature).unwrap();
    URL_SAFE_NO_PAD.encode(signature)
}

/// Publishes the tenant's two documents, which the portal fetches once.
fn publish() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let at = |path: &str| format!("http://{address}/{path}");
    let (issuer, keys) = (at(""), at("keys"));
    let discovery = json!({"issuer": issuer, "authorization_endpoint": issuer, "token_endpoint": issuer,
        "jwks_uri": keys});
    let public = SIGNER.public_key();
    let [n, e] = [public.modulus(), public.exponent()].map(|it| it.big_endian_without_leading_zero());
    let key = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY,
        "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e)});
    let (discovery, keys) = (discovery.to_string(), json!({ "keys": [key] }).to_string());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let lines = BufReader::new(connection.try_clone().unwrap()).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let asks_for_keys = head.first().is_some_and(|line| line.starts_with("GET /keys "));
            let body = if asks_for_keys { &keys } else { &discovery };
            let length = body.len();
            write!(
                connection,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    address
}
