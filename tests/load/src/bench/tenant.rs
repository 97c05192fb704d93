//! A tenant that costs next to nothing: fixed lists of authenticators, and a sign-in without a page. What it must know
//! later it puts into codes and tokens. The browser chooses who signs in, by two parameters of its own.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use axum::extract::{Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{delete, get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use emulated_tenant::Clock;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::queue;

/// The application of every portal and peer.
pub(crate) const CLIENT_ID: &str = "benchmark";
/// Auth0's tokens for the MFA API have about this many characters.
pub(super) const TOKEN_LENGTH: usize = 700;
/// In seconds (Auth0, Manage factors).
const TOKEN_LIFETIME: u64 = 600;

/// Serves the tenant.
#[derive(clap::Args)]
pub(crate) struct StubTenant {
    /// The address to listen on
    #[arg(long)]
    listen: SocketAddr,
    /// How many milliseconds a list takes
    #[arg(long, default_value_t = 0)]
    delay: u64,
}

struct Stub {
    issuer: String,
    key: KeyPair,
    delay: Duration,
    /// How many lists were asked for.
    lists: AtomicU64,
    /// The serial numbers of people with an unfinished authenticator.
    associated: Mutex<HashSet<String>>,
    clock: Clock,
}

impl StubTenant {
    /// Serves until the process is killed.
    pub(crate) async fn serve(self) -> anyhow::Result<()> {
        let stub = Stub {
            issuer: format!("http://{}/", self.listen),
            key: KeyPair::generate(KeySize::Rsa2048)?,
            delay: Duration::from_millis(self.delay),
            lists: AtomicU64::new(0),
            associated: Mutex::default(),
            clock: Clock::system(),
        };
        let routes = Router::new()
            .route("/mfa/authenticators", get(list))
            .route("/mfa/authenticators/{id}", delete(StatusCode::NO_CONTENT))
            .route("/mfa/associate", post(associate))
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/.well-known/jwks.json", get(keys))
            .route("/authorize", get(authorize))
            .route("/oauth/token", post(token))
            .route("/lists", get(lists))
            .with_state(Arc::new(stub));
        let listener = queue::listen(self.listen)?;
        Ok(axum::serve(listener, routes).await?)
    }
}

type Tenant = State<Arc<Stub>>;

async fn discovery(State(stub): Tenant) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", stub.issuer);
    Json(json!({
        "issuer": stub.issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("oauth/token"),
        "jwks_uri": at(".well-known/jwks.json"),
        "end_session_endpoint": at("oidc/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

async fn keys(State(stub): Tenant) -> Json<Value> {
    let public = stub.key.public_key();
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Json(json!({ "keys": [{
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": "benchmark",
        "n": number(public.modulus().big_endian_without_leading_zero()),
        "e": number(public.exponent().big_endian_without_leading_zero()),
    }] }))
}

#[derive(Deserialize)]
struct Authorize {
    redirect_uri: Url,
    state: String,
    #[serde(default)]
    nonce: String,
    /// How many authenticators the person has; added by the browser.
    authenticators: usize,
    /// The person's number; added by the browser.
    serial: u64,
}

async fn authorize(Query(asked): Query<Authorize>) -> Redirect {
    let Authorize { mut redirect_uri, state, nonce, authenticators, serial } = asked;
    let code = format!("{authenticators}.{serial}.{nonce}");
    redirect_uri.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
    Redirect::to(redirect_uri.as_str())
}

#[derive(Deserialize)]
struct Exchange {
    code: String,
}

async fn token(State(stub): Tenant, Form(asked): Form<Exchange>) -> Result<Json<Value>, StatusCode> {
    let mut parts = asked.code.splitn(3, '.');
    let mut part = || parts.next().ok_or(StatusCode::BAD_REQUEST);
    let (authenticators, serial, nonce) = (part()?, part()?, part()?);
    let access_token = format!("{:.<TOKEN_LENGTH$}", format!("{authenticators}.{serial}."));
    Ok(Json(json!({
        "access_token": access_token,
        "id_token": stub.id_token(serial, nonce),
        "scope": "openid profile email enroll read:authenticators remove:authenticators",
        "expires_in": TOKEN_LIFETIME,
        "token_type": "Bearer",
    })))
}

impl Stub {
    /// An ID token of a sign-in with a factor, a moment ago.
    fn id_token(&self, serial: &str, nonce: &str) -> String {
        let now = self.clock.now().unix_timestamp();
        let mut claims = json!({
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": format!("auth0|benchmark{serial}"),
            "name": "Alexandra Example",
            "nickname": "alexandra",
            "email": format!("person.{serial}@load.example"),
            "email_verified": true,
            "iat": now,
            "exp": now + 36_000,
            "auth_time": now,
            "sid": format!("session-{serial}"),
            "amr": ["mfa"],
            "acr": "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        });
        if !nonce.is_empty() {
            claims["nonce"] = json!(nonce);
        }
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "benchmark" });
        let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let mut token = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        // Signing fails for lack of memory only, and then the portal refuses the token.
        let _ = self.key.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, token.as_bytes()), &mut signature);
        let _ = write!(token, ".{}", URL_SAFE_NO_PAD.encode(signature));
        token
    }
}

/// The number of authenticators and the serial number in the token; nobody else has tokens.
fn bearer(headers: &HeaderMap) -> Option<(usize, &str)> {
    let token = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    let mut parts = token.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?))
}

async fn list(State(stub): Tenant, headers: HeaderMap) -> impl IntoResponse {
    let (count, serial) = bearer(&headers).ok_or(StatusCode::UNAUTHORIZED)?;
    stub.lists.fetch_add(1, Ordering::Relaxed);
    if !stub.delay.is_zero() {
        tokio::time::sleep(stub.delay).await;
    }
    let associated = stub.associated.lock().unwrap_or_else(PoisonError::into_inner).contains(serial);
    Ok::<_, StatusCode>(([(CONTENT_TYPE, "application/json")], authenticators(count, associated)))
}

/// The JSON of so many authenticators, of all kinds in turn.
fn authenticators(count: usize, has_unfinished: bool) -> String {
    let mut listed = String::from("[");
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let (kind, rest) = [
            ("totp", r#""authenticator_type":"otp""#),
            ("sms", r#""authenticator_type":"oob","oob_channel":"sms","name":"XXXXXXXXX9167""#),
            ("email", r#""authenticator_type":"oob","oob_channel":"email","name":"****@exam*******""#),
            ("push", r#""authenticator_type":"oob","oob_channel":"auth0","name":"Alexandra's phone""#),
        ][number % 4];
        let _ = write!(listed, r#"{comma}{{"id":"{kind}|dev_{number:016}","active":true,{rest}}}"#);
    }
    if has_unfinished {
        let comma = if count == 0 { "" } else { "," };
        let _ = write!(
            listed,
            r#"{comma}{{"id":"totp|dev_unfinished0000001","active":false,"authenticator_type":"otp"}}"#
        );
    }
    listed.push(']');
    listed
}

async fn associate(State(stub): Tenant, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let (_, serial) = bearer(&headers).ok_or(StatusCode::UNAUTHORIZED)?;
    stub.associated.lock().unwrap_or_else(PoisonError::into_inner).insert(serial.to_owned());
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let label = "Example%20Company:person%40load.example";
    Ok(Json(json!({
        "authenticator_type": "otp",
        "secret": secret,
        "barcode_uri": format!(
            "otpauth://totp/{label}?secret={secret}&issuer=Example%20Company&algorithm=SHA1&digits=6&period=30"
        ),
    })))
}

async fn lists(State(stub): Tenant) -> String {
    stub.lists.load(Ordering::Relaxed).to_string()
}
