//! The route list.

use axum::Router;
use axum::routing::{delete, get, post};

use crate::endpoints::login::{challenge, password, recovery};
use crate::endpoints::{authorize, devices, discovery, logout, management, mfa, token, userinfo, welcome};
use crate::world::Shared;

/// Every endpoint and page of the tenant.
pub(super) fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration))
        .route("/.well-known/jwks.json", get(discovery::jwks))
        .route("/authorize", get(authorize::authorize))
        .route("/oauth/token", post(token::token))
        .route("/userinfo", get(userinfo::userinfo))
        .route("/mfa/authenticators", get(mfa::list::list))
        .route("/mfa/authenticators/{id}", delete(mfa::remove::remove))
        .route("/mfa/associate", post(mfa::associate::associate))
        .route("/mfa/challenge", post(mfa::challenge::challenge))
        .route("/v2/logout", get(logout::v2))
        .route("/oidc/logout", get(logout::oidc_get).post(logout::oidc_post))
        .route("/api/v2/users/{id}/recovery-code-regeneration", post(management::regenerate))
        .route("/u/login", get(password::show).post(password::submit))
        .route("/u/challenge", get(challenge::show).post(challenge::submit))
        .route("/u/recovery-code", get(recovery::show).post(recovery::submit))
        .route("/devices", get(devices::index))
        .route("/devices/{email}", get(devices::show).post(devices::answer))
        .route("/", get(welcome::welcome))
        .route("/tenant.css", get(welcome::stylesheet))
        .with_state(shared)
}
