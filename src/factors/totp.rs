//! The authenticator app: a key is made, scanned or typed, and proved with a first code.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::code::{self, ButtonForm, CodeForm, Confirmed};
use super::qr::Qr;
use crate::app::App;
use crate::device::Device;
use crate::enrollment::Enrollment;
use crate::errand::Onwards;
use crate::error::Error;
use crate::factor::Factor;
use crate::form::Form;
use crate::mistake::Mistake;
use crate::page::Page;
use crate::secret::Secret;
use crate::session::Permission;
use crate::step_up::Fresh;
use crate::tenant::Associate;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/factors/totp", get(new).post(associate))
        .route("/factors/totp/{enrollment}", get(show))
        .route("/factors/totp/{enrollment}/confirm", post(confirm))
        .route("/factors/totp/{enrollment}/cancel", post(cancel))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/totp/new.html")]
struct NewPage {
    page: Page,
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/totp/show.html")]
struct ShowPage {
    page: Page,
    enrollment: String,
    qr: Option<Qr>,
    /// What opens the key in an app on this very device: the message of the link, and its address.
    links: Vec<(&'static str, String)>,
    key: String,
    mistake: Option<String>,
    typed: String,
}

impl ShowPage {
    fn new(page: Page, enrollment: &Enrollment) -> Result<Self, Error> {
        // A confirmed one has no key any more.
        let association = enrollment.association.as_ref().ok_or(Error::SetUpEnded)?;
        let uri = association.barcode_uri.as_ref().map(Secret::expose);
        let qr = uri.and_then(Qr::of);
        Ok(Self {
            enrollment: enrollment.id.clone(),
            links: uri.filter(|_| qr.is_some()).map_or_else(Vec::new, |uri| links(page.device, uri)),
            key: super::grouped(association.secret.as_ref().map_or("", |secret| secret.expose())),
            qr,
            mistake: None,
            typed: String::new(),
            page,
        })
    }

    /// What the second step is called, in which the key gets into the app.
    fn second_step(&self) -> &'static str {
        if self.links.is_empty() && self.qr.is_some() { "totp-step-scan" } else { "totp-step-add" }
    }
}

/// The links that lead somewhere on this device; both have the same grammar.
fn links(device: Device, uri: &str) -> Vec<(&'static str, String)> {
    let mut links = Vec::new();
    if device.opens_otpauth {
        links.push(("totp-tap", uri.to_owned()));
    }
    if device.opens_apple_otpauth {
        links.push(("totp-tap-apple", format!("apple-{uri}")));
    }
    links
}

async fn new(person: Fresh) -> Result<NewPage, Error> {
    person.must(Permission::Add)?;
    Ok(NewPage { page: person.page() })
}

async fn associate(person: Fresh, _form: Form<ButtonForm>) -> Result<Redirect, Error> {
    person.must(Permission::Add)?;
    let enrollment = person.enrollments().start(Associate::Totp).await?;
    Ok(Redirect::to(&person.href(&format!("/factors/totp/{}", enrollment.id))))
}

async fn show(person: Fresh, Path(id): Path<String>) -> Result<ShowPage, Error> {
    ShowPage::new(person.page(), &code::enrollment(&person, Factor::Totp, &id).await?)
}

async fn confirm(
    person: Fresh,
    Path(id): Path<String>,
    Form(form): Form<CodeForm>,
) -> Result<Response, Error> {
    match code::confirm(&person, Factor::Totp, &id, &form).await? {
        Confirmed::Done(onwards) => Ok(onwards.into_response()),
        Confirmed::Again(enrollment, mistake) => again(&person, &enrollment, &mistake, form.code),
    }
}

async fn cancel(person: Fresh, Path(id): Path<String>, _form: Form<ButtonForm>) -> Result<Onwards, Error> {
    code::cancel(&person, Factor::Totp, &id).await
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
