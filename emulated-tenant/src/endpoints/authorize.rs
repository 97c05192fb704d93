//! `GET /authorize`: refuses the request, signs the person in from the browser's session, or opens the login pages
//! (OpenID Connect Core §3.1.2).

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use time::OffsetDateTime;
use url::Url;

use super::issuer::Issuer;
use super::login::{challenge, finish};
use crate::wire::page::{error_page, redirect};
use crate::wire::session_cookie;
use crate::world::browser_session::BrowserSession;
use crate::world::login::{AuthorizationRequest, Login};
use crate::world::{Shared, World};

/// `error` and `error_description` of a refusal that is redirected to the application.
type RedirectedError = (String, String);

/// `GET /authorize`
pub(crate) async fn authorize(
    State(shared): State<Shared>,
    issuer: Issuer,
    jar: CookieJar,
    Query(request): Query<AuthorizationRequest>,
) -> Response {
    let mut world = shared.world();
    if let Err(text) = world.check_application(&request) {
        return world.error_without_redirect(&request.client_id, &text);
    }
    match world.sign_in(&request, &issuer.0, session_cookie::key(&jar)) {
        Ok(response) => response,
        Err((error, description)) => {
            let parameters = [("error", error), ("error_description", description)];
            redirect(&world.callback_url(&request, &issuer.0, parameters))
        }
    }
}

impl World {
    /// An unknown client or callback URL must not be redirected to.
    fn check_application(&self, request: &AuthorizationRequest) -> Result<(), String> {
        if request.client_id != self.settings.client_id {
            return Err(format!("Unknown client: {}", request.client_id));
        }
        if !self.settings.callback_urls.contains(&request.redirect_uri) {
            let url = &request.redirect_uri;
            return Err(format!("Callback URL mismatch. {url} is not in the list of allowed callback URLs."));
        }
        Ok(())
    }

    /// Shows the error on the company's error page if the tenant has one, else on a page of its own (Auth0,
    /// Error pages).
    fn error_without_redirect(&self, client_id: &str, text: &str) -> Response {
        let own = self.settings.error_page.as_ref().and_then(|page| Url::parse(page).ok());
        let Some(mut page) = own else {
            return error_page(StatusCode::FORBIDDEN, "Something is not set up correctly", text);
        };
        let parameters =
            [("client_id", client_id), ("error", "invalid_request"), ("error_description", text)];
        page.query_pairs_mut().extend_pairs(parameters);
        redirect(page.as_str())
    }

    fn sign_in(
        &mut self,
        request: &AuthorizationRequest,
        issuer: &str,
        key: Option<String>,
    ) -> Result<Response, RedirectedError> {
        let now = self.now();
        let usable = |session: &&BrowserSession| {
            self.settings.silent_sign_in && !demands_password(request, session, now)
        };
        let session = self.session(key.as_deref()).filter(usable).cloned();
        let silent = request.prompts("none");
        if !(self.settings.login_required_first && silent && session.is_none()) {
            self.check_request(request)?;
        }
        let login = Login::new(request.clone(), issuer, now);
        if let Some(text) = session.as_ref().and_then(|it| self.refusal_of_stranger(request, &it.sub)) {
            return Err(refusal("access_denied", &text));
        }
        let Some(session) = session else {
            return if silent {
                Err(refusal("login_required", "Login required"))
            } else {
                Ok(redirect(&format!("/u/login?state={}", self.save_login(login))))
            };
        };
        let challenge_due = self.must_challenge(request.audience.as_deref(), &session.sub);
        let spared = session.challenged && self.settings.session_skips_challenge;
        let login = login.continuing(&session, key);
        if challenge_due && !spared {
            return if silent {
                Err(refusal("interaction_required", "Multifactor authentication required"))
            } else {
                Ok(challenge::start(self, login))
            };
        }
        Ok(finish(self, &login))
    }

    /// The checks that depend on the request alone and not on the person.
    fn check_request(&self, request: &AuthorizationRequest) -> Result<(), RedirectedError> {
        if let Some(refusal) = &self.settings.authorize_error {
            return Err(refusal.clone());
        }
        let implicit = ["token", "id_token", "token id_token", "id_token token"];
        if implicit.contains(&&*request.response_type) && !self.settings.implicit_grant {
            return Err(refusal("unauthorized_client", "Grant type 'implicit' not allowed for the client."));
        }
        // Such a sign-in is never finished here, so only the silent request gets further.
        if request.response_type != "code" && !request.prompts("none") {
            return Err(refusal("unsupported_response_type", "Only the response type code is supported"));
        }
        if request.code_challenge.is_some() && request.code_challenge_method.as_deref() != Some("S256") {
            return Err(refusal("invalid_request", "code_challenge_method must be S256"));
        }
        self.organization(request).map_err(|text| refusal("invalid_request", text))?;
        let Some(audience) = &request.audience else { return Ok(()) };
        let mfa_api = *audience == self.domains.mfa_audience();
        let custom_api = self.settings.custom_domain_api && *audience == self.domains.custom_mfa_audience();
        // Every tenant has these two APIs. A custom domain does not change their identifiers (Auth0, Custom domains).
        let built_in = [self.domains.management_audience(), format!("{}userinfo", self.domains.canonical)];
        if !mfa_api && !custom_api && !built_in.contains(audience) {
            return Err(refusal("access_denied", &format!("Service not found: {audience}")));
        }
        if mfa_api && !self.settings.mfa_grant {
            return Err(refusal("unauthorized_client", "Grant type 'mfa' not allowed for the client."));
        }
        Ok(())
    }
}

/// Whether `max_age` or `prompt` rules out the existing session.
fn demands_password(request: &AuthorizationRequest, session: &BrowserSession, now: OffsetDateTime) -> bool {
    let age = (now - session.authenticated_at).whole_seconds();
    let too_old = request.max_age.is_some_and(|allowed| allowed == 0 || age > allowed);
    too_old || request.prompts("login") || request.prompts("select_account")
}

fn refusal(error: &str, description: &str) -> RedirectedError {
    (error.to_owned(), description.to_owned())
}
