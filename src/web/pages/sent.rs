//! A code that was sent by text message, call or e-mail: typed, sent again, or given up.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::code::{self, CodeForm};
use super::next_page::NextPage;
use super::phone;
use super::series::Part;
use crate::error::Error;
use crate::factor::{AsksFor, Factor};
use crate::mfa::enrollment::{self, Enrollment};
use crate::tenant::Associate;
use crate::web::extract::form::{CsrfChecked, NoFields};
use crate::web::extract::signed_in::{Add, Fresh};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;

#[derive(Template, WebTemplate)]
#[template(path = "sent.html")]
pub(crate) struct SentPage {
    page: Page,
    part: String,
    slug: &'static str,
    lead: String,
    enrollment: String,
    notice: Option<Notice>,
    wait: Option<String>,
    mistake: Option<String>,
    typed: String,
}

impl SentPage {
    async fn new(person: &Fresh<Add>, enrollment: &Enrollment) -> Result<Self, Error> {
        enrollment.association.as_ref().ok_or(Error::SetUpEnded)?;
        let (page, problem) = (person.page(), person.problem());
        let slug = enrollment.what.factor().slug();
        // A number stays on one line.
        let target = readable(&enrollment.what).replace(' ', "\u{a0}");
        Ok(Self {
            part: Part::Second.words(person, enrollment.what.factor()).await?,
            slug,
            lead: page.words.with(&format!("sent-lead-{slug}"), "target", &target),
            enrollment: enrollment.id.clone(),
            notice: None,
            wait: problem.patience(&page.words, &person.app.clock),
            mistake: problem.text(&page.words),
            typed: problem.code(),
            page,
        })
    }
}

/// The query of a person who comes back from an enrollment to change its number or address.
#[derive(Deserialize)]
pub(crate) struct EarlierEnrollment {
    id: Option<String>,
}

impl EarlierEnrollment {
    pub(super) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }
}

/// The number or address of that enrollment, so that nobody types it twice (WCAG 2.2, success criterion 3.3.7).
pub(super) async fn earlier_target(
    person: &Fresh<Add>,
    factor: Factor,
    earlier: &EarlierEnrollment,
) -> Option<String> {
    let enrollment = enrollment::find(&person.account, factor, earlier.id.as_deref()?).await.ok()?;
    Some(readable(&enrollment.what))
}

/// Starts the enrollment, and leads to the page on which the code is typed.
pub(super) async fn start(person: &Fresh<Add>, what: Associate) -> Result<Redirect, Error> {
    let enrollment = enrollment::start(&person.account, what, None).await?;
    Ok(Redirect::to(&address(person, &enrollment)))
}

pub(crate) async fn show(
    factor: Factor,
    person: Fresh<Add>,
    Path(id): Path<String>,
) -> Result<SentPage, Error> {
    let enrollment = enrollment::find(&person.account, factor, &id).await?;
    Ok(SentPage { notice: person.notice().await?, ..SentPage::new(&person, &enrollment).await? })
}

pub(crate) async fn confirm(
    factor: Factor,
    person: Fresh<Add>,
    Path(id): Path<String>,
    CsrfChecked(form): CsrfChecked<CodeForm>,
) -> Result<Response, Error> {
    code::confirm(&person, factor, &id, form).await
}

pub(crate) async fn resend(
    factor: Factor,
    person: Fresh<Add>,
    Path(id): Path<String>,
    _: CsrfChecked<NoFields>,
) -> Result<Response, Error> {
    let enrollment = enrollment::find(&person.account, factor, &id).await?;
    let wait = enrollment::cools_down(&person.account, &enrollment);
    if wait.is_positive() {
        let problem = FormProblem::wait(person.app.clock.now() + wait);
        return Ok(person.keep(problem, &address(&person, &enrollment)).await?.into_response());
    }
    if !enrollment::resend(&person.account, &enrollment).await? {
        return Ok(code::added(&person, factor).await?.into_response());
    }
    person.leave(Notice::new(format!("notice-resent-{}", factor.slug()))).await?;
    Ok(Redirect::to(&address(&person, &enrollment)).into_response())
}

pub(crate) async fn cancel(
    factor: Factor,
    person: Fresh<Add>,
    Path(id): Path<String>,
    _: CsrfChecked<NoFields>,
) -> Result<NextPage, Error> {
    code::cancel(&person, factor, &id).await
}

/// The number as people write it, or the address.
fn readable(what: &Associate) -> String {
    let target = what.target().unwrap_or_default();
    match what.factor().asks_for() {
        AsksFor::PhoneNumber => phone::spaced(target),
        AsksFor::EmailAddress | AsksFor::Nothing => target.to_owned(),
    }
}

fn address(person: &Fresh<Add>, enrollment: &Enrollment) -> String {
    person.paths().enrollment(enrollment.what.factor().slug(), &enrollment.id)
}
