//! A sign-in through Universal Login, from the authorization request to the code (OpenID Connect Core §3.1).

use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::world::World;
use crate::world::browser_session::BrowserSession;
use crate::world::person::Person;
use crate::world::tokens::{Grant, SignInClaims};

/// A person may spend this long on one page; Auth0 gives up after about five minutes.
pub(crate) const PAGE_TIMEOUT: Duration = Duration::minutes(5);
const CODE_LIFETIME: Duration = Duration::minutes(5);

/// The parameters of an authorization request. Unknown ones, such as `ui_locales`, are ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuthorizationRequest {
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
    pub(crate) organization: Option<String>,
    pub(crate) connection: Option<String>,
}

impl AuthorizationRequest {
    pub(crate) fn prompts(&self, value: &str) -> bool {
        self.prompt.split_whitespace().any(|one| one == value)
    }

    /// Whether the ID token gets `auth_time` (Auth0, Max age).
    fn wants_auth_time(&self) -> bool {
        self.max_age.is_some() || self.prompts("login")
    }
}

/// A sign-in in progress.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) request: AuthorizationRequest,
    issuer: String,
    /// The person, once the password was right or the browser's session was found.
    pub(crate) sub: Option<String>,
    pub(crate) authenticated_at: OffsetDateTime,
    /// The cookie value of the session that this sign-in continues.
    pub(crate) session_key: Option<String>,
    pub(crate) chosen: Option<ChosenAuthenticator>,
    /// Whether a challenge was passed in this sign-in.
    pub(crate) challenged: bool,
    /// Whether a challenge was passed earlier in this session.
    pub(crate) challenged_before: bool,
    /// The recovery code that replaces the one just used.
    pub(crate) new_recovery_code: Option<String>,
    pub(crate) expires_at: OffsetDateTime,
}

/// The authenticator that the person chose for the challenge.
#[derive(Clone, Debug)]
pub(crate) struct ChosenAuthenticator {
    pub(crate) authenticator: String,
    /// Set if a message or push notification went out.
    pub(crate) oob_code: Option<String>,
}

/// An authorization code, as the token endpoint redeems it.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) grant: Grant,
    pub(crate) claims: SignInClaims,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: Option<String>,
    pub(crate) expires_at: OffsetDateTime,
}

/// The outcome of a sign-in: the browser gets a session, the application a code.
pub(crate) struct FinishedLogin {
    pub(crate) callback: String,
    pub(crate) session_key: String,
}

impl Login {
    pub(crate) fn new(request: AuthorizationRequest, issuer: &str, now: OffsetDateTime) -> Self {
        Self {
            request,
            issuer: issuer.to_owned(),
            sub: None,
            authenticated_at: now,
            session_key: None,
            chosen: None,
            challenged: false,
            challenged_before: false,
            new_recovery_code: None,
            expires_at: now + PAGE_TIMEOUT,
        }
    }

    /// A sign-in for the person whom the browser's session names.
    pub(crate) fn continuing(self, session: &BrowserSession, key: Option<String>) -> Self {
        Self {
            sub: Some(session.sub.clone()),
            authenticated_at: session.authenticated_at,
            challenged_before: session.challenged,
            session_key: key,
            ..self
        }
    }
}

impl World {
    /// Saves a sign-in; returns the `state` of its pages.
    pub(crate) fn save_login(&mut self, login: Login) -> String {
        let state = self.random.handle();
        self.logins.insert(state.clone(), login);
        state
    }

    /// The sign-in with this `state`, unless it has ended or expired.
    pub(crate) fn login(&mut self, state: &str) -> Option<&mut Login> {
        let now = self.now();
        self.logins.get_mut(state).filter(|login| now < login.expires_at)
    }

    /// Whether a sign-in must pass a challenge. The MFA API's audience enforces one for people with an active
    /// factor other than e-mail (Auth0, Manage factors).
    pub(crate) fn must_challenge(&self, audience: Option<&str>, sub: &str) -> bool {
        let for_mfa_api = audience == Some(self.domains.mfa_audience().as_str());
        for_mfa_api && self.person(sub).is_some_and(Person::must_be_challenged)
    }

    /// Ends a sign-in without a person; returns the callback URL.
    pub(crate) fn end_login_with_error(
        &mut self,
        state: &str,
        error: &str,
        description: &str,
    ) -> Option<String> {
        let login = self.login(state)?.clone();
        self.logins.remove(state);
        let parameters = [("error", error.to_owned()), ("error_description", description.to_owned())];
        Some(self.callback_url(&login.request, &login.issuer, parameters))
    }

    /// Ends a sign-in with a session and a code.
    pub(crate) fn finish_login(&mut self, login: &Login) -> FinishedLogin {
        let sub = login.sub.clone().unwrap_or_default();
        let (session_key, sid) = self.save_session(login, &sub);
        let request = &login.request;
        let audience = request.audience.as_deref();
        let grant = Grant {
            sub,
            client_id: request.client_id.clone(),
            audience: request.audience.clone(),
            scope: self.granted_scopes(&request.scope, audience),
        };
        let claims = SignInClaims {
            nonce: request.nonce.clone(),
            sid: Some(sid),
            auth_time: request.wants_auth_time().then(|| login.authenticated_at.unix_timestamp()),
            challenged: login.challenged,
            used_recovery_code: login.new_recovery_code.is_some(),
            organization: self.organization(request).ok().flatten().cloned(),
        };
        let code = self.random.handle();
        let expires_at = self.now() + CODE_LIFETIME;
        let redirect_uri = request.redirect_uri.clone();
        let code_challenge = request.code_challenge.clone();
        let entry = AuthorizationCode { grant, claims, redirect_uri, code_challenge, expires_at };
        self.codes.insert(code.clone(), entry);
        FinishedLogin { callback: self.callback_url(request, &login.issuer, [("code", code)]), session_key }
    }

    /// Saves the browser's session; returns its cookie value and `sid`. A person who signs in again keeps the `sid`.
    fn save_session(&mut self, login: &Login, sub: &str) -> (String, String) {
        let (new_key, new_sid) = (self.random.handle(), self.random.handle());
        let previous = login.session_key.as_ref().and_then(|key| self.sessions.remove(key));
        let previous = previous.filter(|session| session.sub == sub);
        let session = BrowserSession {
            sub: sub.to_owned(),
            sid: previous.map_or(new_sid, |session| session.sid),
            authenticated_at: login.authenticated_at,
            challenged: login.challenged || login.challenged_before,
        };
        let sid = session.sid.clone();
        self.sessions.insert(new_key.clone(), session);
        (new_key, sid)
    }

    /// The callback URL with these parameters, `state`, and `iss` if the tenant sends it (RFC 9207), in the fragment where the
    /// application asks for tokens (OAuth 2.0 Multiple Response Type Encoding Practices §2.1).
    pub(crate) fn callback_url<const N: usize>(
        &self,
        request: &AuthorizationRequest,
        issuer: &str,
        parameters: [(&str, String); N],
    ) -> String {
        let Ok(mut url) = Url::parse(&request.redirect_uri) else { return request.redirect_uri.clone() };
        url.query_pairs_mut().extend_pairs(parameters);
        if let Some(state) = &request.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        if self.settings.callback_issuer {
            url.query_pairs_mut().append_pair("iss", issuer);
        }
        if request.response_type.contains("token") {
            let answer = url.query().map(ToOwned::to_owned);
            url.set_query(None);
            url.set_fragment(answer.as_deref());
        }
        url.into()
    }
}
