//! Push: the Guardian app scans a code, and a page that refreshes itself waits for it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use time::Duration;

use super::code::{self, ButtonForm};
use super::qr::Qr;
use crate::app::App;
use crate::approval::{Ending, Glance, Impatience, Look};
use crate::enrollment::Enrollment;
use crate::errand::Onwards;
use crate::error::Error;
use crate::factor::Factor;
use crate::form::Form;
use crate::page::Page;
use crate::secret::Secret;
use crate::session::Permission;
use crate::step_up::Fresh;
use crate::tenant::Associate;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/factors/push", get(new).post(associate))
        .route("/factors/push/{enrollment}", get(show))
        .route("/factors/push/{enrollment}/cancel", post(cancel))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/push/new.html")]
struct NewPage {
    page: Page,
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/push/show.html")]
struct ShowPage {
    page: Page,
    enrollment: String,
    qr: Option<Qr>,
    otpauth: Option<String>,
    seconds: i64,
    /// Whether the person just looked, and there was nothing yet.
    looked: bool,
}

impl ShowPage {
    fn new(page: Page, enrollment: &Enrollment, again: Duration) -> Result<Self, Error> {
        let association = enrollment.association.as_ref().ok_or(Error::SetUpEnded)?;
        let uri = association.barcode_uri.as_ref().map(Secret::expose);
        let qr = uri.and_then(Qr::of);
        Ok(Self {
            enrollment: enrollment.id.clone(),
            otpauth: uri.filter(|_| qr.is_some() && page.device.opens_otpauth).map(ToOwned::to_owned),
            qr,
            seconds: again.whole_seconds(),
            looked: false,
            page,
        })
    }

    fn href(&self) -> String {
        format!("{}/factors/push/{}", self.page.base, self.enrollment)
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/push/ended.html")]
struct EndedPage {
    page: Page,
    enrollment: String,
    ending: Ending,
}

async fn new(person: Fresh) -> Result<NewPage, Error> {
    person.must(Permission::Add)?;
    Ok(NewPage { page: person.page() })
}

async fn associate(person: Fresh, _form: Form<ButtonForm>) -> Result<Redirect, Error> {
    person.must(Permission::Add)?;
    let enrollment = person.enrollments().start(Associate::Push).await?;
    Ok(Redirect::to(&person.href(&format!("/factors/push/{}", enrollment.id))))
}

/// Besides the callback the one GET that asks for more than it shows: no script is there to ask whether the phone has
/// approved.
async fn show(
    person: Fresh,
    Path(id): Path<String>,
    Query(impatience): Query<Impatience>,
    glance: Option<Glance>,
) -> Result<Response, Error> {
    let enrollment = code::enrollment(&person, Factor::Push, &id).await?;
    let look = person.enrollments().approval(&enrollment).await?;
    if glance.is_some() {
        return Ok(look.at_a_glance());
    }
    match look {
        Look::Approved => Ok(code::added(&person, Factor::Push).await?.into_response()),
        Look::Waiting(again) => {
            let page = ShowPage::new(person.page(), &enrollment, again)?;
            Ok(ShowPage { looked: impatience.is_shown(), ..page }.into_response())
        }
        Look::Ended(ending) => Ok(EndedPage { page: person.page(), enrollment: id, ending }.into_response()),
    }
}

async fn cancel(person: Fresh, Path(id): Path<String>, _form: Form<ButtonForm>) -> Result<Onwards, Error> {
    code::cancel(&person, Factor::Push, &id).await
}
