//! Universal Login: the pages between `/authorize` and the callback, and what a sign-in under way has reached.

pub(crate) mod challenge;
pub(crate) mod password;
pub(crate) mod recovery;

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use time::{Duration, OffsetDateTime};

use crate::authorize::Authorization;
use crate::grants::authorization_code::AuthorizationCode;
use crate::pages::{error_page, found};
use crate::session::{self, BrowserSession};
use crate::tokens::{Grant, SignIn};
use crate::world::World;

/// How long a person may take on one page (contract §1.2).
const PATIENCE: Duration = Duration::minutes(5);
/// How long a code can be exchanged.
const CODE_LIFETIME: Duration = Duration::minutes(5);

/// A sign-in under way.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) authorization: Authorization,
    issuer: String,
    /// Who has typed the password, or is signed in already.
    sub: Option<String>,
    authenticated_at: OffsetDateTime,
    /// The cookie of a session that goes on.
    session: Option<String>,
    /// The authenticator that was chosen, with the handle of what was sent to it.
    chosen: Option<Chosen>,
    /// Whether a challenge was passed just now.
    challenged: bool,
    /// Whether one was passed earlier in this session.
    challenged_before: bool,
    /// The recovery code that replaces the one just used.
    new_recovery_code: Option<String>,
    expires_at: OffsetDateTime,
}

#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    authenticator: String,
    oob_code: Option<String>,
}

impl Login {
    pub(crate) fn new(authorization: Authorization, issuer: &str, now: OffsetDateTime) -> Self {
        Self {
            authorization,
            issuer: issuer.to_owned(),
            sub: None,
            authenticated_at: now,
            session: None,
            chosen: None,
            challenged: false,
            challenged_before: false,
            new_recovery_code: None,
            expires_at: now + PATIENCE,
        }
    }

    /// On from a session that the browser has.
    pub(crate) fn continuing(self, session: &BrowserSession, key: Option<String>) -> Self {
        Self {
            sub: Some(session.sub.clone()),
            authenticated_at: session.authenticated_at,
            challenged_before: session.challenged,
            session: key,
            ..self
        }
    }
}

impl World {
    /// Remembers a sign-in; gives the `state` of its pages.
    pub(crate) fn keep_login(&mut self, login: Login) -> String {
        let state = self.random.handle();
        self.logins.insert(state.clone(), login);
        state
    }

    /// The sign-in of a page, unless it took too long or is over.
    fn login(&mut self, state: &str) -> Result<&mut Login, Box<Response>> {
        let now = self.now();
        let login = self.logins.get_mut(state).filter(|login| now < login.expires_at);
        login.ok_or_else(|| {
            let text = "This sign-in is over or took too long. Go back to the application and start again.";
            Box::new(error_page(StatusCode::BAD_REQUEST, "Start again", text))
        })
    }

    /// Back to the application without a sign-in.
    fn cancel(&mut self, state: &str) -> Response {
        self.end_with_error(state, "access_denied", "User has canceled the interaction.")
    }

    fn end_with_error(&mut self, state: &str, error: &str, description: &str) -> Response {
        match self.login(state).map(|login| login.clone()) {
            Ok(login) => {
                self.logins.remove(state);
                let parameters = [("error", error.to_owned()), ("error_description", description.to_owned())];
                found(&self.callback(&login.authorization, &login.issuer, parameters))
            }
            Err(page) => *page,
        }
    }

    /// Ends a sign-in: the browser gets a session, the application a code.
    pub(crate) fn complete(&mut self, login: &Login) -> Response {
        let sub = login.sub.clone().unwrap_or_default();
        let (key, sid) = self.keep_session(login, &sub);
        let authorization = &login.authorization;
        let audience = authorization.audience.as_deref();
        let grant = Grant {
            sub,
            client_id: authorization.client_id.clone(),
            audience: authorization.audience.clone(),
            scope: self.granted(&authorization.scope, audience),
        };
        let sign_in = SignIn {
            nonce: authorization.nonce.clone(),
            sid: Some(sid),
            auth_time: authorization.wants_auth_time().then(|| login.authenticated_at.unix_timestamp()),
            challenged: login.challenged,
        };
        let code = self.random.handle();
        let expires_at = self.now() + CODE_LIFETIME;
        let redirect_uri = authorization.redirect_uri.clone();
        let code_challenge = authorization.code_challenge.clone();
        let entry = AuthorizationCode { grant, sign_in, redirect_uri, code_challenge, expires_at };
        self.codes.insert(code.clone(), entry);
        let mut response = found(&self.callback(authorization, &login.issuer, [("code", code)]));
        if let Ok(cookie) = session::cookie(key).to_string().parse() {
            response.headers_mut().insert(SET_COOKIE, cookie);
        }
        response
    }

    /// The session's cookie and `sid`; a person who signs in again keeps the `sid`.
    fn keep_session(&mut self, login: &Login, sub: &str) -> (String, String) {
        let (new_key, new_sid) = (self.random.handle(), self.random.handle());
        let previous = login.session.as_ref().and_then(|key| self.sessions.remove(key));
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
}
