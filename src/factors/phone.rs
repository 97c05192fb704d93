//! Text message and phone call: a number is asked for, and a code is sent to it.

mod number;

pub(super) use self::number::spaced;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;

use super::{Factor, sent};
use crate::app::App;
use crate::error::Error;
use crate::form::Form;
use crate::mistake::Mistake;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::Fresh;
use crate::tenant::{Associate, Reason};

pub(super) fn router() -> Router<App> {
    Router::new().merge(router_of(Factor::Sms)).merge(router_of(Factor::Voice))
}

fn router_of(factor: Factor) -> Router<App> {
    let start =
        get(move |person| new(factor, person)).post(move |person, form| associate(factor, person, form));
    Router::new().route(&format!("/factors/{}", factor.slug()), start).merge(sent::router(factor))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/phone/new.html")]
struct NewPage {
    page: Page,
    slug: &'static str,
    mistake: Option<String>,
    typed: String,
}

#[derive(Deserialize)]
struct NumberForm {
    #[serde(default)]
    phone_number: String,
}

async fn new(factor: Factor, person: Fresh) -> Result<NewPage, Error> {
    person.must(Permission::Add)?;
    Ok(NewPage { page: person.page(), slug: factor.slug(), mistake: None, typed: String::new() })
}

async fn associate(factor: Factor, person: Fresh, Form(form): Form<NumberForm>) -> Result<Response, Error> {
    person.must(Permission::Add)?;
    let number = match number::parse(&form.phone_number, None) {
        Ok(number) => number,
        Err(mistake) => return Ok(again(&person, factor, &mistake, form.phone_number)),
    };
    let what = if factor == Factor::Voice { Associate::Voice(number) } else { Associate::Sms(number) };
    match sent::start(&person, what).await {
        Err(Error::Tenant(error)) if error.reason() == Some(Reason::InvalidNumber) => {
            error.log();
            Ok(again(&person, factor, &Mistake::new("mistake-number-refused"), form.phone_number))
        }
        started => Ok(started?.into_response()),
    }
}

fn again(person: &Fresh, factor: Factor, mistake: &Mistake, typed: String) -> Response {
    let mistake = Some(mistake.text(&person.words));
    let page = NewPage { page: person.page(), slug: factor.slug(), mistake, typed };
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}
