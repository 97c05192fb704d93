//! The page that shows the next recovery code after one was used.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{StateQuery, cancel, finish, login};
use crate::wire::page::page;
use crate::world::Shared;

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage<'a> {
    state: &'a str,
    code: &'a str,
}

/// `GET /u/recovery-code`
pub(crate) async fn show(State(shared): State<Shared>, Query(query): Query<StateQuery>) -> Response {
    match login(&mut shared.world(), &query.state) {
        Ok(login) => {
            let code = login.new_recovery_code.as_deref().unwrap_or_default();
            page(StatusCode::OK, &RecoveryPage { state: &query.state, code })
        }
        Err(page) => *page,
    }
}

/// `POST /u/recovery-code`
pub(crate) async fn submit(State(shared): State<Shared>, Form(form): Form<StateQuery>) -> Response {
    let mut world = shared.world();
    match login(&mut world, &form.state).map(|login| login.clone()) {
        Ok(login) if login.challenged => {
            world.logins.remove(&form.state);
            finish(&mut world, &login)
        }
        Ok(_) => cancel(&mut world, &form.state),
        Err(page) => *page,
    }
}
