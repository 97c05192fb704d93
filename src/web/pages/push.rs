//! The push app: a code is scanned, and the page waits until the phone has accepted it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use time::Duration;

use super::code;
use super::name::{self, NameField, SetUpForm};
use super::next_page::NextPage;
use super::series::Part;
use super::waiting::{BackgroundPoll, PressedCheck};
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::approval::{Ending, PollResult};
use crate::mfa::enrollment::{self, Enrollment};
use crate::secret::Secret;
use crate::tenant::Associate;
use crate::web::extract::form::{CsrfChecked, NoFields};
use crate::web::extract::signed_in::{Add, Fresh};
use crate::web::layout::page::Page;
use crate::web::layout::qr::Qr;

#[derive(Template, WebTemplate)]
#[template(path = "push/intro.html")]
pub(crate) struct PushIntroPage {
    page: Page,
    part: String,
    name: Option<NameField>,
}

#[derive(Template, WebTemplate)]
#[template(path = "push/waiting.html")]
struct PushWaitingPage {
    page: Page,
    part: String,
    enrollment: String,
    qr: Option<Qr>,
    otpauth: Option<String>,
    /// The pause until the next poll.
    seconds: i64,
    /// Whether the person pressed the button, and there is no answer yet.
    looked: bool,
}

impl PushWaitingPage {
    async fn new(
        person: &Fresh<Add>,
        enrollment: &Enrollment,
        pause: Duration,
        looked: bool,
    ) -> Result<Self, Error> {
        let page = person.page();
        let association = enrollment.association.as_ref().ok_or(Error::SetUpEnded)?;
        let uri = association.barcode_uri.as_ref().map(Secret::expose);
        let qr = uri.and_then(Qr::of);
        Ok(Self {
            part: Part::Second.words(person, Factor::Push).await?,
            enrollment: enrollment.id.clone(),
            otpauth: uri.filter(|_| qr.is_some() && page.device.opens_otpauth).map(ToOwned::to_owned),
            qr,
            seconds: pause.whole_seconds(),
            looked,
            page,
        })
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "push/ended.html")]
struct PushEndedPage {
    page: Page,
    enrollment: String,
    ending: Ending,
}

pub(crate) async fn intro(
    person: Fresh<Add>,
    Extension(jar): Extension<CookieJar>,
) -> Result<PushIntroPage, Error> {
    let part = Part::First.words(&person, Factor::Push).await?;
    let name = NameField::of_set_up(&person, &jar);
    Ok(PushIntroPage { part, name, page: person.page() })
}

pub(crate) async fn associate(
    person: Fresh<Add>,
    CsrfChecked(form): CsrfChecked<SetUpForm>,
) -> Result<Redirect, Error> {
    name::begin(&person, Associate::Push, form).await
}

/// Besides the callback the one GET that asks the tenant for more than it shows, because without scripts nothing else
/// could ask whether the phone has approved.
pub(crate) async fn show(
    person: Fresh<Add>,
    Path(id): Path<String>,
    Query(check): Query<PressedCheck>,
    background: Option<BackgroundPoll>,
) -> Result<Response, Error> {
    let enrollment = enrollment::find(&person.account, Factor::Push, &id).await?;
    let polled = enrollment::poll(&person.account, &enrollment).await?;
    if background.is_some() {
        return Ok(BackgroundPoll::answer(polled));
    }
    match polled {
        PollResult::Approved => Ok(code::added(&person, Factor::Push).await?.into_response()),
        PollResult::Waiting(pause) => {
            let page = PushWaitingPage::new(&person, &enrollment, pause, check.was_pressed()).await?;
            Ok(page.into_response())
        }
        PollResult::Ended(ending) => {
            Ok(PushEndedPage { page: person.page(), enrollment: id, ending }.into_response())
        }
    }
}

pub(crate) async fn cancel(
    person: Fresh<Add>,
    Path(id): Path<String>,
    _: CsrfChecked<NoFields>,
) -> Result<NextPage, Error> {
    code::cancel(&person, Factor::Push, &id).await
}
