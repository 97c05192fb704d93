//! The page that asks for e-mail address and password.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::pages::page;
use crate::person::DEMO_PASSWORD;
use crate::session;
use crate::world::{Shared, World};

/// The `state` that names a sign-in under way.
#[derive(Deserialize)]
pub(crate) struct StateQuery {
    pub(crate) state: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    state: &'a str,
    friendly_name: &'a str,
    username: &'a str,
    password: &'a str,
    error: Option<&'a str>,
    people: Vec<Hint>,
}

/// Somebody whom one click signs in.
struct Hint {
    name: String,
    email: String,
    situation: String,
}

/// What the page sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct LoginForm {
    state: String,
    username: String,
    password: String,
    /// Instead of typing: one of the people listed.
    person: Option<String>,
    action: String,
}

/// `GET /u/login`
pub(crate) async fn show(State(shared): State<Shared>, Query(query): Query<StateQuery>) -> Response {
    let mut world = shared.world();
    match world.login(&query.state).map(|login| login.authorization.login_hint.clone()) {
        Ok(hint) => world.login_page(&query.state, &hint.unwrap_or_default(), None),
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
        return world.cancel(&form.state);
    }
    if let Err(page) = world.login(&form.state) {
        return *page;
    }
    let person = match &form.person {
        Some(email) => world.person_at(email),
        None => world.person_at(form.username.trim()).filter(|person| person.password == form.password),
    };
    match person.map(|person| (person.sub.clone(), person.blocked)) {
        None => world.login_page(&form.state, &form.username, Some("Wrong email or password")),
        Some((_, true)) => world.end_with_error(&form.state, "unauthorized", "user is blocked"),
        Some((sub, false)) => world.signed_in(&form.state, &sub, session::key(&jar)),
    }
}

impl World {
    fn login_page(&self, state: &str, username: &str, error: Option<&str>) -> Response {
        let hint = |person: &crate::Person| Hint {
            name: person.name.clone(),
            email: person.email.clone(),
            situation: person.situation.clone(),
        };
        let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        let people = self.people.iter().map(hint).collect();
        let friendly_name = &self.settings.friendly_name;
        page(status, &LoginPage { state, friendly_name, username, password: DEMO_PASSWORD, error, people })
    }

    /// The password was right: on to the challenge, or back to the application.
    fn signed_in(&mut self, state: &str, sub: &str, session: Option<String>) -> Response {
        let now = self.now();
        let Some(mut login) = self.logins.remove(state) else { return self.cancel(state) };
        login.sub = Some(sub.to_owned());
        login.session = session;
        login.authenticated_at = now;
        login.expires_at = now + super::PATIENCE;
        if self.must_challenge(&login.authorization, sub) {
            return self.ask_for_challenge(login);
        }
        self.complete(&login)
    }
}
