//! The route list.

use axum::Router;
use axum::routing::{delete, get, post};

use crate::login::{challenge, password, recovery};
use crate::mfa::{associate, challenge as mfa_challenge, list, remove};
use crate::world::Shared;
use crate::{authorize, devices, discovery, logout, management, pages, token, userinfo};

/// Everything the tenant answers.
pub(crate) fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration))
        .route("/.well-known/jwks.json", get(discovery::jwks))
        .route("/authorize", get(authorize::authorize))
        .route("/oauth/token", post(token::token))
        .route("/userinfo", get(userinfo::userinfo))
        .route("/mfa/authenticators", get(list::list))
        .route("/mfa/authenticators/{id}", delete(remove::remove))
        .route("/mfa/associate", post(associate::associate))
        .route("/mfa/challenge", post(mfa_challenge::challenge))
        .route("/v2/logout", get(logout::old))
        .route("/oidc/logout", get(logout::by_link).post(logout::by_form))
        .route("/api/v2/users/{id}/recovery-code-regeneration", post(management::regenerate))
        .route("/u/login", get(password::show).post(password::submit))
        .route("/u/challenge", get(challenge::show).post(challenge::submit))
        .route("/u/recovery-code", get(recovery::show).post(recovery::submit))
        .route("/devices", get(devices::index))
        .route("/devices/{email}", get(devices::show).post(devices::answer))
        .route("/", get(pages::welcome))
        .route("/tenant.css", get(pages::stylesheet))
        .with_state(shared)
}
