//! Clearing set-ups that were never finished. They are counted, never named: nobody could tell one from another.

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use serde::Deserialize;

use crate::app::App;
use crate::error::Error;
use crate::form::Form;
use crate::notice::Notice;
use crate::session::Permission;
use crate::step_up::{Fresh, SignedIn};

pub(super) fn router() -> Router<App> {
    // A GET comes back here from a sign-in on the way; the button stands on the list.
    Router::new().route("/authenticators/clear", get(back).post(clear))
}

#[derive(Deserialize)]
struct Button {}

async fn back(person: SignedIn) -> Redirect {
    Redirect::to(&person.href("/"))
}

async fn clear(person: Fresh, _form: Form<Button>) -> Result<Redirect, Error> {
    person.must(Permission::Remove)?;
    person.enrollments().clear_unfinished().await?;
    person.leave(Notice::new("notice-cleared")).await?;
    Ok(Redirect::to(&person.href("/")))
}
