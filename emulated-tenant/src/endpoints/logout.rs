//! `/v2/logout` and `/oidc/logout` (Auth0, Logout).

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use url::Url;

use crate::wire::page::{error_page, page, redirect};
use crate::wire::session_cookie;
use crate::world::jws;
use crate::world::{Shared, World};

/// The parameters of `/v2/logout`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct V2Logout {
    client_id: Option<String>,
    #[serde(rename = "returnTo")]
    return_to: Option<String>,
}

/// The parameters of `/oidc/logout` (OpenID Connect RP-Initiated Logout §2).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct OidcLogout {
    id_token_hint: Option<String>,
    /// The `sid` of the session.
    logout_hint: Option<String>,
    post_logout_redirect_uri: Option<String>,
    client_id: Option<String>,
    state: Option<String>,
    /// Set by the button on the confirmation page.
    confirmed: Option<String>,
}

#[derive(Template)]
#[template(path = "logout.html")]
struct LogoutPage<'a> {
    parameters: Vec<(&'a str, &'a str)>,
}

/// `GET /v2/logout`
pub(crate) async fn v2(
    State(shared): State<Shared>,
    jar: CookieJar,
    Query(query): Query<V2Logout>,
) -> Response {
    let mut world = shared.world();
    if query.client_id.is_some_and(|client_id| client_id != world.settings.client_id) {
        return refused("Unknown client.");
    }
    world.end_session(session_cookie::key(&jar), query.return_to, None)
}

/// `GET /oidc/logout`
pub(crate) async fn oidc_get(
    state: State<Shared>,
    jar: CookieJar,
    Query(query): Query<OidcLogout>,
) -> Response {
    oidc_post(state, jar, Form(query)).await
}

/// `POST /oidc/logout`
pub(crate) async fn oidc_post(
    State(shared): State<Shared>,
    jar: CookieJar,
    Form(form): Form<OidcLogout>,
) -> Response {
    let mut world = shared.world();
    if form.client_id.as_ref().is_some_and(|client_id| *client_id != world.settings.client_id) {
        return refused("Unknown client.");
    }
    let key = session_cookie::key(&jar);
    match world.is_confirmed_by_hint(&form, key.as_deref()) {
        Err(text) => refused(text),
        Ok(false) if form.confirmed.is_none() => {
            page(StatusCode::OK, &LogoutPage { parameters: form.parameters() })
        }
        Ok(_) => world.end_session(key, form.post_logout_redirect_uri, form.state),
    }
}

impl OidcLogout {
    fn parameters(&self) -> Vec<(&str, &str)> {
        let all = [
            ("post_logout_redirect_uri", &self.post_logout_redirect_uri),
            ("client_id", &self.client_id),
            ("state", &self.state),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }
}

impl World {
    /// Whether a hint names this browser's session, so that no confirmation page is needed. A hint that names another
    /// session is an error. Without a session there is nothing to confirm.
    fn is_confirmed_by_hint(&self, form: &OidcLogout, key: Option<&str>) -> Result<bool, &'static str> {
        let session = self.session(key);
        if let Some(token) = &form.id_token_hint {
            let keys = self.keys.published();
            let claims =
                jws::verified(token, keys.iter().map(AsRef::as_ref)).ok_or("Invalid id_token_hint.")?;
            let fits = session.is_none_or(|session| claims["sub"] == session.sub.as_str());
            return if fits { Ok(true) } else { Err("The id_token_hint is of another session.") };
        }
        match (&form.logout_hint, session) {
            (_, None) => Ok(true),
            (Some(hint), Some(session)) if *hint == session.sid => Ok(true),
            (Some(_), Some(_)) => Err("The logout_hint is of another session."),
            (None, Some(_)) => Ok(false),
        }
    }

    /// Ends the browser's session and redirects to an allowed logout URL.
    fn end_session(&mut self, key: Option<String>, to: Option<String>, state: Option<String>) -> Response {
        let to = to.or_else(|| self.settings.logout_urls.first().cloned()).unwrap_or_default();
        if !self.settings.logout_urls.contains(&to) {
            let text = format!("\"{to}\" is not defined as a valid URL in \"Allowed Logout URLs\".");
            return refused(&format!("The \"returnTo\" querystring parameter {text}"));
        }
        if let Some(key) = key {
            self.sessions.remove(&key);
        }
        let Ok(mut url) = Url::parse(&to) else { return refused("The logout URL is not an address.") };
        if let Some(state) = state {
            url.query_pairs_mut().append_pair("state", &state);
        }
        redirect(url.as_str())
    }
}

fn refused(text: &str) -> Response {
    error_page(StatusCode::BAD_REQUEST, "Signing out was not possible", text)
}
