//! E-mail: an address is asked for, and a code is sent to it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::sent::{self, Begun};
use crate::app::App;
use crate::draft::Draft;
use crate::error::Error;
use crate::factor::Factor;
use crate::form::Form;
use crate::mistake::Mistake;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::Fresh;
use crate::tenant::Associate;

/// The longest address there is (RFC 5321 §4.5.3.1.3).
const MAX_LENGTH: usize = 254;

pub(super) fn router() -> Router<App> {
    Router::new().route("/factors/email", get(new).post(associate)).merge(sent::router(Factor::Email))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/email/new.html")]
struct NewPage {
    page: Page,
    mistake: Option<String>,
    typed: String,
}

#[derive(Deserialize)]
struct AddressForm {
    #[serde(default)]
    email: String,
}

async fn new(person: Fresh, Query(begun): Query<Begun>, jar: CookieJar) -> Result<NewPage, Error> {
    person.must(Permission::Add)?;
    let before = sent::before(&person, Factor::Email, &begun).await;
    let typed = before.unwrap_or_else(|| Draft::read(&person.app, &jar).email);
    Ok(NewPage { typed, page: person.page(), mistake: None })
}

async fn associate(person: Fresh, Form(form): Form<AddressForm>) -> Result<Response, Error> {
    person.must(Permission::Add)?;
    match address(&form.email) {
        Ok(address) => Ok(sent::start(&person, Associate::Email(address)).await?.into_response()),
        Err(mistake) => {
            let mistake = Some(mistake.text(&person.words));
            let page = NewPage { page: person.page(), mistake, typed: form.email };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Only what cannot be an address is refused; whether it is one, the code that arrives will show.
fn address(typed: &str) -> Result<String, Mistake> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Mistake::new("mistake-email-empty"));
    }
    let plausible = typed.rsplit_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && !user.contains('@')
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
    });
    let clean = typed.len() <= MAX_LENGTH
        && !typed.chars().any(|c| c.is_whitespace() || c.is_control() || ",;<>".contains(c));
    if plausible && clean { Ok(typed.to_owned()) } else { Err(Mistake::new("mistake-email-shape")) }
}
