//! The recovery code: it comes once, with a person's very first association, and waits sealed until it is saved.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use time::Duration;

use crate::app::{App, Portal};
use crate::error::Error;
use crate::form::Form;
use crate::notice::Notice;
use crate::page::Page;
use crate::secret::Secret;
use crate::step_up::{Fresh, SignedIn};
use crate::store::{Key, Kind};

/// How long a code waits for its owner to come back and save it.
const KEPT: Duration = Duration::DAY;

pub(super) fn router() -> Router<App> {
    Router::new().route("/recovery-code", get(show).post(saved))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/recovery_code/show.html")]
struct ShowPage {
    page: Page,
    notice: Option<Notice>,
    codes: Vec<String>,
    mistake: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/recovery_code/none.html")]
struct NonePage {
    page: Page,
}

#[derive(Deserialize)]
struct SavedForm {
    saved: Option<String>,
}

async fn show(person: Fresh) -> Result<Response, Error> {
    match codes(&person).await? {
        Some(codes) => {
            let (notice, codes) = (person.notice().await?, grouped(&codes));
            Ok(ShowPage { page: person.page(), notice, codes, mistake: None }.into_response())
        }
        None => Ok(NonePage { page: person.page() }.into_response()),
    }
}

async fn saved(person: Fresh, Form(form): Form<SavedForm>) -> Result<Response, Error> {
    let codes = codes(&person).await?;
    if let (None, Some(codes)) = (form.saved, codes) {
        let mistake = Some(person.words.t("mistake-not-saved"));
        let page = ShowPage { page: person.page(), notice: None, codes: grouped(&codes), mistake };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    person.app.store.remove(key(&person.app, &person.person.identity.sub)).await?;
    person.leave(Notice::new("notice-recovery-code-saved")).await?;
    Ok(Redirect::to(&person.href("/")).into_response())
}

/// Keeps what an association brought, before anything else is done with it.
pub async fn keep(portal: &Portal, sub: &str, codes: Vec<Secret>) -> Result<(), Error> {
    if codes.is_empty() {
        return Ok(());
    }
    Ok(portal.store.put(key(portal, sub), &codes, KEPT).await?)
}

/// Whether a code waits to be saved.
pub async fn is_unsaved(person: &SignedIn) -> Result<bool, Error> {
    Ok(codes(person).await?.is_some())
}

async fn codes(person: &SignedIn) -> Result<Option<Vec<Secret>>, Error> {
    Ok(person.app.store.get(key(&person.app, &person.person.identity.sub)).await?)
}

fn key(portal: &Portal, sub: &str) -> Key {
    portal.store.key_of(Kind::RecoveryCode, &[sub])
}

/// In groups of four, as people copy them.
fn grouped(codes: &[Secret]) -> Vec<String> {
    codes.iter().map(|code| super::grouped(code.expose())).collect()
}
