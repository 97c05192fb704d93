//! A code that was sent, by text message, call or e-mail: typed, sent again, or given up.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::code::{self, ButtonForm, CodeForm, Confirmed};
use super::phone;
use crate::app::App;
use crate::enrollment::Enrollment;
use crate::errand::Onwards;
use crate::error::Error;
use crate::factor::Factor;
use crate::form::Form;
use crate::mistake::Mistake;
use crate::notice::Notice;
use crate::page::Page;
use crate::step_up::Fresh;
use crate::tenant::Associate;

/// The pages of a factor whose code is sent, once it has been sent.
pub(super) fn router(factor: Factor) -> Router<App> {
    let at = |rest: &str| format!("/factors/{}/{{enrollment}}{rest}", factor.slug());
    Router::new()
        .route(&at(""), get(move |person, id| show(factor, person, id)))
        .route(&at("/confirm"), post(move |person, id, form| confirm(factor, person, id, form)))
        .route(&at("/resend"), post(move |person, id, form| resend(factor, person, id, form)))
        .route(&at("/cancel"), post(move |person, id, form| cancel(factor, person, id, form)))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/sent/show.html")]
struct ShowPage {
    page: Page,
    slug: &'static str,
    lead: String,
    enrollment: String,
    notice: Option<Notice>,
    wait: Option<String>,
    mistake: Option<String>,
    typed: String,
}

impl ShowPage {
    fn new(page: Page, enrollment: &Enrollment) -> Result<Self, Error> {
        enrollment.association.as_ref().ok_or(Error::SetUpEnded)?;
        let slug = enrollment.what.factor().slug();
        let target = readable(&enrollment.what);
        Ok(Self {
            slug,
            lead: page.words.with(&format!("sent-lead-{slug}"), "target", &target),
            enrollment: enrollment.id.clone(),
            notice: None,
            wait: None,
            mistake: None,
            typed: String::new(),
            page,
        })
    }
}

/// The set-up that a person comes back from, to change the number or address.
#[derive(Deserialize)]
pub(super) struct Begun {
    id: Option<String>,
}

/// What the code was sent to there, so that nobody types it twice (WCAG 2.2, success criterion 3.3.7).
pub(super) async fn before(person: &Fresh, factor: Factor, begun: &Begun) -> Option<String> {
    let enrollment = person.enrollments().find(factor, begun.id.as_deref()?).await.ok()?;
    Some(readable(&enrollment.what))
}

/// Begins, and leads to the page on which the code is typed.
pub(super) async fn start(person: &Fresh, what: Associate) -> Result<Redirect, Error> {
    let enrollment = person.enrollments().start(what).await?;
    Ok(Redirect::to(&address(person, &enrollment)))
}

async fn show(factor: Factor, person: Fresh, Path(id): Path<String>) -> Result<ShowPage, Error> {
    let enrollment = code::enrollment(&person, factor, &id).await?;
    Ok(ShowPage { notice: person.notice().await?, ..ShowPage::new(person.page(), &enrollment)? })
}

async fn confirm(
    factor: Factor,
    person: Fresh,
    Path(id): Path<String>,
    Form(form): Form<CodeForm>,
) -> Result<Response, Error> {
    match code::confirm(&person, factor, &id, &form).await? {
        Confirmed::Done(onwards) => Ok(onwards.into_response()),
        Confirmed::Again(enrollment, mistake) => again(&person, &enrollment, &mistake, form.code),
    }
}

async fn resend(
    factor: Factor,
    person: Fresh,
    Path(id): Path<String>,
    _form: Form<ButtonForm>,
) -> Result<Response, Error> {
    let enrollment = code::enrollment(&person, factor, &id).await?;
    let wait = person.enrollments().cools_down(&enrollment);
    if wait.is_positive() {
        let wait = Some(person.words.count("resend-wait", wait.whole_seconds().max(1)));
        let page = ShowPage { wait, ..ShowPage::new(person.page(), &enrollment)? };
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    person.enrollments().resend(&enrollment).await?;
    person.leave(Notice::new(format!("notice-resent-{}", factor.slug()))).await?;
    Ok(Redirect::to(&address(&person, &enrollment)).into_response())
}

async fn cancel(
    factor: Factor,
    person: Fresh,
    Path(id): Path<String>,
    _form: Form<ButtonForm>,
) -> Result<Onwards, Error> {
    code::cancel(&person, factor, &id).await
}

fn again(
    person: &Fresh,
    enrollment: &Enrollment,
    mistake: &Mistake,
    typed: String,
) -> Result<Response, Error> {
    let mistake = Some(mistake.text(&person.words));
    let page = ShowPage { mistake, typed, ..ShowPage::new(person.page(), enrollment)? };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The number as people write it, or the address.
fn readable(what: &Associate) -> String {
    match what {
        Associate::Sms(number) | Associate::Voice(number) => phone::spaced(number),
        other => other.target().unwrap_or_default().to_owned(),
    }
}

fn address(person: &Fresh, enrollment: &Enrollment) -> String {
    person.href(&format!("/factors/{}/{}", enrollment.what.factor().slug(), enrollment.id))
}
