//! `GET /authorize`: who may ask, what is refused by a redirect, and whether the browser's session will do
//! (contract §1, OpenID Connect Core §3.1.2).

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use url::Url;

use crate::domains::Issuer;
use crate::login::Login;
use crate::pages::{error_page, found};
use crate::session::{self, BrowserSession};
use crate::world::{Shared, World};

/// The parameters of an authorization request. Others, such as `ui_locales`, are accepted and change nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Authorization {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_type: String,
    pub(crate) scope: String,
    pub(crate) audience: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) code_challenge_method: Option<String>,
    pub(crate) prompt: String,
    pub(crate) max_age: Option<i64>,
    pub(crate) login_hint: Option<String>,
}

/// `error` and `error_description` of a refusal by redirect.
pub(crate) type Refusal = (String, String);

/// Signs a person in: at once, through pages, or not at all.
pub(crate) async fn authorize(
    State(shared): State<Shared>,
    issuer: Issuer,
    jar: CookieJar,
    Query(authorization): Query<Authorization>,
) -> Response {
    let mut world = shared.world();
    if let Err(text) = world.knows_application(&authorization) {
        return world.unredirectable(&authorization.client_id, &text);
    }
    match world.begin(&authorization, &issuer.0, &jar) {
        Ok(response) => response,
        Err((error, description)) => {
            let parameters = [("error", error), ("error_description", description)];
            found(&world.callback(&authorization, &issuer.0, parameters))
        }
    }
}

impl Authorization {
    fn prompts(&self, value: &str) -> bool {
        self.prompt.split_whitespace().any(|one| one == value)
    }

    /// `auth_time` is in the ID token only then (contract §1.1).
    pub(crate) fn wants_auth_time(&self) -> bool {
        self.max_age.is_some() || self.prompts("login")
    }

    fn demands_sign_in(&self, session: &BrowserSession, now: time::OffsetDateTime) -> bool {
        let age = (now - session.authenticated_at).whole_seconds();
        let too_old = self.max_age.is_some_and(|allowed| allowed == 0 || age > allowed);
        too_old || self.prompts("login") || self.prompts("select_account")
    }
}

impl World {
    /// An unknown application or callback is never redirected to.
    fn knows_application(&self, authorization: &Authorization) -> Result<(), String> {
        if authorization.client_id != self.settings.client_id {
            return Err(format!("Unknown client: {}", authorization.client_id));
        }
        if !self.settings.callback_urls.contains(&authorization.redirect_uri) {
            let url = &authorization.redirect_uri;
            return Err(format!("Callback URL mismatch. {url} is not in the list of allowed callback URLs."));
        }
        Ok(())
    }

    /// An error that no application may be told: a page of the tenant, or of the company where it has one.
    fn unredirectable(&self, client_id: &str, text: &str) -> Response {
        let own = self.settings.error_page.as_ref().and_then(|page| Url::parse(page).ok());
        let Some(mut page) = own else {
            return error_page(StatusCode::FORBIDDEN, "Something is not set up correctly", text);
        };
        let parameters =
            [("client_id", client_id), ("error", "invalid_request"), ("error_description", text)];
        page.query_pairs_mut().extend_pairs(parameters);
        found(page.as_str())
    }

    fn begin(
        &mut self,
        authorization: &Authorization,
        issuer: &str,
        jar: &CookieJar,
    ) -> Result<Response, Refusal> {
        let now = self.now();
        let usable = |session: &&BrowserSession| {
            self.settings.silent_sign_in && !authorization.demands_sign_in(session, now)
        };
        let session = self.session(jar).filter(usable).cloned();
        let silent = authorization.prompts("none");
        if !(self.settings.login_required_first && silent && session.is_none()) {
            self.acceptable(authorization)?;
        }
        let Some(session) = session else {
            return if silent {
                Err(refusal("login_required", "Login required"))
            } else {
                let login = Login::new(authorization.clone(), issuer, now);
                Ok(found(&format!("/u/login?state={}", self.keep_login(login))))
            };
        };
        let person_needs_it = self.must_challenge(authorization, &session.sub);
        let spared = session.challenged && self.settings.session_skips_challenge;
        let login = Login::new(authorization.clone(), issuer, now).continuing(&session, session::key(jar));
        if person_needs_it && !spared {
            return if silent {
                Err(refusal("interaction_required", "Multifactor authentication required"))
            } else {
                Ok(self.ask_for_challenge(login))
            };
        }
        Ok(self.complete(&login))
    }

    /// What is refused whoever the person is (contract §1.2).
    fn acceptable(&self, authorization: &Authorization) -> Result<(), Refusal> {
        if let Some(refusal) = &self.settings.authorize_error {
            return Err(refusal.clone());
        }
        if authorization.response_type != "code" {
            return Err(refusal("unsupported_response_type", "Only the response type code is supported"));
        }
        if authorization.code_challenge.is_some()
            && authorization.code_challenge_method.as_deref() != Some("S256")
        {
            return Err(refusal("invalid_request", "code_challenge_method must be S256"));
        }
        let Some(audience) = &authorization.audience else { return Ok(()) };
        let mfa_api = *audience == self.domains.mfa_audience();
        let by_trap = self.settings.custom_domain_api && *audience == self.domains.custom_mfa_audience();
        // Every tenant has these two; their identifiers do not change with a custom domain (contract §1.3).
        let of_auth0 = [self.domains.management_audience(), format!("{}userinfo", self.domains.canonical)];
        if !mfa_api && !by_trap && !of_auth0.contains(audience) {
            return Err(refusal("access_denied", &format!("Service not found: {audience}")));
        }
        if mfa_api && !self.settings.mfa_grant {
            return Err(refusal("unauthorized_client", "Grant type 'mfa' not allowed for the client."));
        }
        Ok(())
    }

    /// With the MFA API's audience a second factor is enforced, for people who have one besides e-mail.
    pub(crate) fn must_challenge(&self, authorization: &Authorization, sub: &str) -> bool {
        let for_mfa_api = authorization.audience.as_deref() == Some(self.domains.mfa_audience().as_str());
        for_mfa_api && self.person(sub).is_some_and(crate::person::Person::must_be_challenged)
    }

    /// The callback with these parameters, `state`, and `iss` where RFC 9207 is switched on.
    pub(crate) fn callback<const N: usize>(
        &self,
        authorization: &Authorization,
        issuer: &str,
        parameters: [(&str, String); N],
    ) -> String {
        let Ok(mut url) = Url::parse(&authorization.redirect_uri) else {
            return authorization.redirect_uri.clone();
        };
        url.query_pairs_mut().extend_pairs(parameters);
        if let Some(state) = &authorization.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        if self.settings.callback_issuer {
            url.query_pairs_mut().append_pair("iss", issuer);
        }
        url.into()
    }
}

pub(crate) fn refusal(error: &str, description: &str) -> Refusal {
    (error.to_owned(), description.to_owned())
}
