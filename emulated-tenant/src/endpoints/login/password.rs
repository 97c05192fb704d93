//! The page that asks for e-mail address and password.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::{StateQuery, cancel, challenge, end_with_error, finish, login};
use crate::wire::page::page;
use crate::wire::session_cookie;
use crate::world::login::{AuthorizationRequest, PAGE_TIMEOUT};
use crate::world::person::{DEMO_PASSWORD, Person};
use crate::world::{Shared, World};

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    state: &'a str,
    friendly_name: &'a str,
    username: &'a str,
    password: &'a str,
    error: Option<&'a str>,
    /// As the application asked for them.
    organization: Option<&'a str>,
    connection: Option<&'a str>,
    people: Vec<OneClick>,
}

/// A person whom one click signs in.
struct OneClick {
    name: String,
    email: String,
    situation: String,
}

/// The login form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct LoginForm {
    state: String,
    username: String,
    password: String,
    /// The person of a one-click button.
    person: Option<String>,
    action: String,
}

/// `GET /u/login`
pub(crate) async fn show(State(shared): State<Shared>, Query(query): Query<StateQuery>) -> Response {
    let mut world = shared.world();
    match login(&mut world, &query.state).map(|login| login.request.clone()) {
        Ok(AuthorizationRequest { login_hint, .. }) => {
            world.login_page(&query.state, &login_hint.unwrap_or_default(), None)
        }
        Err(page) => *page,
    }
}

/// `POST /u/login`
pub(crate) async fn submit(
    State(shared): State<Shared>,
    jar: CookieJar,
    Form(form): Form<LoginForm>,
) -> Response {
    let mut world = shared.world();
    if form.action == "cancel" {
        return cancel(&mut world, &form.state);
    }
    if let Err(page) = login(&mut world, &form.state) {
        return *page;
    }
    let person = match &form.person {
        Some(email) => world.person_by_email(email),
        None => world.person_by_email(form.username.trim()).filter(|person| person.password == form.password),
    };
    match person.map(|person| (person.sub.clone(), person.blocked)) {
        None => world.login_page(&form.state, &form.username, Some("Wrong email or password")),
        Some((_, true)) => end_with_error(&mut world, &form.state, "unauthorized", "user is blocked"),
        Some((sub, false)) => world.password_accepted(&form.state, &sub, session_cookie::key(&jar)),
    }
}

impl World {
    fn login_page(&self, state: &str, username: &str, error: Option<&str>) -> Response {
        let one_click = |person: &Person| OneClick {
            name: person.name.clone(),
            email: person.email.clone(),
            situation: person.situation.clone(),
        };
        let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        let people = self.people.iter().map(one_click).collect();
        let friendly_name = &self.settings.friendly_name;
        let request = self.logins.get(state).map(|login| &login.request);
        let organization = request.and_then(|it| it.organization.as_deref());
        let connection = request.and_then(|it| it.connection.as_deref());
        let password = DEMO_PASSWORD;
        page(
            status,
            &LoginPage { state, friendly_name, username, password, error, organization, connection, people },
        )
    }

    /// Starts the challenge, or ends the sign-in if none is due.
    fn password_accepted(&mut self, state: &str, sub: &str, session_key: Option<String>) -> Response {
        let now = self.now();
        let stranger = self.login(state).map(|login| login.request.clone());
        if let Some(text) = stranger.and_then(|request| self.refusal_of_stranger(&request, sub)) {
            return end_with_error(self, state, "access_denied", &text);
        }
        let Some(mut login) = self.logins.remove(state) else { return cancel(self, state) };
        login.sub = Some(sub.to_owned());
        let passed = self.session(session_key.as_deref()).is_some_and(|it| it.sub == sub && it.challenged);
        let spared = passed && self.settings.forced_sign_in_skips_challenge;
        login.challenged_before |= spared;
        login.session_key = session_key;
        login.authenticated_at = now;
        login.expires_at = now + PAGE_TIMEOUT;
        if !spared && self.must_challenge(login.request.audience.as_deref(), sub) {
            return challenge::start(self, login);
        }
        finish(self, &login)
    }
}
