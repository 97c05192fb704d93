//! The recovery code: it comes once, with a person's very first association, and waits sealed until it is saved. Where the
//! portal may ask the Management API, people can get a new one.

use std::time::Duration as Wait;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use time::Duration;
use time::macros::format_description;
use tokio::time::Instant;

use crate::app::{App, Portal};
use crate::errand::{Outcome, Status};
use crate::error::Error;
use crate::factor::Factor;
use crate::form::Form;
use crate::lock;
use crate::notice::Notice;
use crate::page::Page;
use crate::secret::Secret;
use crate::step_up::{Fresh, SignedIn};
use crate::store::{Key, Kind, Store};

/// How long a code waits for its owner to come back and save it.
const KEPT: Duration = Duration::DAY;
/// How often one that the store did not take is offered again, and for how long.
const KEEP_AGAIN: Wait = Wait::from_millis(500);
const KEEP_TRYING: Wait = Wait::from_secs(60 * 60);

pub(super) fn router() -> Router<App> {
    Router::new().route("/recovery-code", get(show).post(act)).route("/recovery-code/download", get(download))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/recovery_code/show.html")]
struct ShowPage {
    page: Page,
    notice: Option<Notice>,
    /// Whose code it is, of when, and of which site, for paper.
    called: String,
    date: String,
    site: String,
    codes: Vec<String>,
    mistake: Option<String>,
}

impl ShowPage {
    fn new(person: &Fresh, codes: &[Secret]) -> Self {
        let called = person.person.called().to_owned();
        let (page, date, codes) = (person.page(), today(&person.app), grouped(codes));
        Self { page, called, date, site: person.app.config.absolute("/"), codes, notice: None, mistake: None }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/recovery_code/none.html")]
struct NonePage {
    page: Page,
    can_regenerate: bool,
}

#[derive(Template)]
#[template(path = "factors/recovery_code/download.txt")]
struct Download {
    page: Page,
    called: String,
    date: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
struct ActForm {
    saved: Option<String>,
    regenerate: Option<String>,
}

async fn show(person: Fresh) -> Result<Response, Error> {
    let Some(codes) = codes(&person).await? else {
        let can_regenerate = person.app.tenant.can_regenerate();
        return Ok(NonePage { page: person.page(), can_regenerate }.into_response());
    };
    let notice = person.notice().await?;
    Ok(ShowPage { notice, ..ShowPage::new(&person, &codes) }.into_response())
}

async fn act(person: Fresh, Form(form): Form<ActForm>) -> Result<Response, Error> {
    match (form.regenerate, form.saved) {
        (Some(_), _) => regenerate(&person).await,
        (None, Some(_)) => saved(&person).await,
        (None, None) => not_saved(&person).await,
    }
}

/// The code as a text that says what it is, for whom and of when.
async fn download(person: Fresh) -> Result<Response, Error> {
    let codes = codes(&person).await?.ok_or(Error::NotFound)?;
    let date = today(&person.app);
    let called = person.person.called().to_owned();
    let text = Download { page: person.page(), called, date, codes: grouped(&codes) }.render();
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"recovery-code.txt\""),
    ];
    Ok((headers, text.map_err(|error| Error::Bug(error.into()))?).into_response())
}

async fn saved(person: &Fresh) -> Result<Response, Error> {
    person.app.store.remove(key(&person.app, &person.person.identity.sub)).await?;
    let outcome = person.done_so_far().unwrap_or(Outcome::new(Status::Unchanged, Factor::RecoveryCode));
    Ok(person.finish(Notice::new("notice-recovery-code-saved"), outcome).await?.into_response())
}

async fn not_saved(person: &Fresh) -> Result<Response, Error> {
    let Some(codes) = codes(person).await? else {
        return Ok(Redirect::to(&person.href("/")).into_response());
    };
    let mistake = Some(person.words.t("mistake-not-saved"));
    let page = ShowPage { mistake, ..ShowPage::new(person, &codes) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Of two clicks one asks the tenant: each answer ends the code before it.
async fn regenerate(person: &Fresh) -> Result<Response, Error> {
    let (portal, sub) = (&person.app, &person.person.identity.sub);
    let lock = portal.store.key_of(Kind::Starting, &[sub, "recovery-code"]);
    let make_new = async { if is_unsaved(person).await? { Ok(()) } else { make_new(portal, sub).await } };
    lock::alone(&portal.store, lock, make_new).await?;
    let outcome = Outcome::new(Status::Replaced, Factor::RecoveryCode);
    Ok(person.go_on("/recovery-code", outcome).into_response())
}

async fn make_new(portal: &Portal, sub: &str) -> Result<(), Error> {
    let code = portal.tenant.regenerate_recovery_code(sub).await?;
    keep(portal, sub, vec![code]).await
}

/// Keeps what an association brought, before anything else is done with it.
pub async fn keep(portal: &Portal, sub: &str, codes: Vec<Secret>) -> Result<(), Error> {
    if codes.is_empty() {
        return Ok(());
    }
    let key = key(portal, sub);
    let kept = portal.store.put(key, &codes, KEPT).await;
    if kept.is_err() {
        tokio::spawn(keep_later(portal.store.clone(), key, codes));
    }
    Ok(kept?)
}

/// The tenant tells it only once: while the store is away it waits in memory.
async fn keep_later(store: Store, key: Key, codes: Vec<Secret>) {
    let began = Instant::now();
    while began.elapsed() < KEEP_TRYING {
        tokio::time::sleep(KEEP_AGAIN).await;
        if store.put(key, &codes, KEPT).await.is_ok() {
            return;
        }
    }
    tracing::error!("a recovery code is lost: the session store stayed away");
}

/// Whether a code waits to be saved.
pub async fn is_unsaved(person: &SignedIn) -> Result<bool, Error> {
    Ok(codes(person).await?.is_some())
}

async fn codes(person: &SignedIn) -> Result<Option<Vec<Secret>>, Error> {
    Ok(person.app.store.get(key(&person.app, &person.person.identity.sub)).await?)
}

/// As `2026-11-22`, which is read alike everywhere.
fn today(portal: &Portal) -> String {
    portal.clock.now().format(format_description!("[year]-[month]-[day]")).unwrap_or_default()
}

fn key(portal: &Portal, sub: &str) -> Key {
    portal.store.key_of(Kind::RecoveryCode, &[sub])
}

/// In groups of four, as people copy them.
fn grouped(codes: &[Secret]) -> Vec<String> {
    codes.iter().map(|code| super::grouped(code.expose())).collect()
}
