//! `/.well-known/openid-configuration` and `/.well-known/jwks.json`, with exactly the fields of a live tenant.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::issuer::Issuer;
use crate::world::{Shared, World};

/// `GET /.well-known/openid-configuration`, for the domain that the request was made on.
pub(crate) async fn configuration(State(shared): State<Shared>, issuer: Issuer) -> Json<Value> {
    let world = shared.world();
    let mut document = document(&issuer.0);
    world.add_optional_fields(&mut document, &issuer.0);
    if let Some(tamper) = world.discovery_tamper.clone() {
        drop(world);
        tamper(&mut document);
    }
    Json(document)
}

/// `GET /.well-known/jwks.json`: the current key, the next one, and previous ones until they are forgotten.
pub(crate) async fn jwks(State(shared): State<Shared>) -> Json<Value> {
    let keys: Vec<Value> = shared.world().keys.published().iter().map(|key| key.jwk()).collect();
    Json(json!({ "keys": keys }))
}

impl World {
    fn add_optional_fields(&self, document: &mut Value, issuer: &str) {
        if self.settings.end_session_endpoint {
            document["end_session_endpoint"] = json!(format!("{issuer}oidc/logout"));
        }
        if self.settings.callback_issuer {
            document["authorization_response_iss_parameter_supported"] = json!(true);
        }
    }
}

fn document(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("oauth/token"),
        "device_authorization_endpoint": at("oauth/device/code"),
        "userinfo_endpoint": at("userinfo"),
        "mfa_challenge_endpoint": at("mfa/challenge"),
        "jwks_uri": at(".well-known/jwks.json"),
        "registration_endpoint": at("oidc/register"),
        "revocation_endpoint": at("oauth/revoke"),
        "scopes_supported": [
            "openid", "profile", "offline_access", "name", "given_name", "family_name", "nickname", "email",
            "email_verified", "picture", "created_at", "identities", "phone", "address",
        ],
        "response_types_supported": [
            "code", "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token",
        ],
        "code_challenge_methods_supported": ["S256", "plain"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "PS256"],
        "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
        "claims_supported": [
            "aud", "auth_time", "created_at", "email", "email_verified", "exp", "family_name", "given_name", "iat",
            "identities", "iss", "name", "nickname", "phone_number", "picture", "sub",
        ],
        "request_uri_parameter_supported": false,
        "request_parameter_supported": false,
    })
}
