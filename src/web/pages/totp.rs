//! The authenticator app: a key is made, scanned or typed, and proved with a first code.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::response::{Redirect, Response};

use super::code::{self, CodeForm};
use super::next_page::NextPage;
use super::series::Step;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::enrollment::{self, Enrollment};
use crate::secret::Secret;
use crate::tenant::Associate;
use crate::web::extract::form::{CsrfChecked, NoFields};
use crate::web::extract::signed_in::{Add, Fresh};
use crate::web::layout::grouped;
use crate::web::layout::page::Page;
use crate::web::layout::qr::Qr;
use crate::web::request::device::Device;

#[derive(Template, WebTemplate)]
#[template(path = "totp/intro.html")]
pub(crate) struct TotpIntroPage {
    page: Page,
    step: String,
}

#[derive(Template, WebTemplate)]
#[template(path = "totp/key.html")]
pub(crate) struct TotpKeyPage {
    page: Page,
    step: String,
    enrollment: String,
    qr: Option<Qr>,
    /// The links that open the key in an app on this very device, each with its message id.
    links: Vec<(&'static str, String)>,
    key: String,
    mistake: Option<String>,
    typed: String,
    /// Our time, when the phone's clock may be the cause of the mistake.
    drift: Option<i128>,
}

impl TotpKeyPage {
    async fn new(person: &Fresh<Add>, enrollment: &Enrollment) -> Result<Self, Error> {
        let (page, problem) = (person.page(), person.problem());
        // A confirmed enrollment has no key any more.
        let association = enrollment.association.as_ref().ok_or(Error::SetUpEnded)?;
        let uri = association.barcode_uri.as_ref().map(Secret::expose);
        let qr = uri.and_then(Qr::of);
        Ok(Self {
            step: Step::Second.words(person, Factor::Totp).await?,
            enrollment: enrollment.id.clone(),
            links: uri.filter(|_| qr.is_some()).map_or_else(Vec::new, |uri| links(page.device, uri)),
            key: grouped(association.secret.as_ref().map_or("", |secret| secret.expose())),
            qr,
            mistake: problem.text(&page.words),
            typed: problem.code(),
            drift: problem.drift(&person.app.clock),
            page,
        })
    }

    /// The message id of the second step, which brings the key into the app.
    fn second_step(&self) -> &'static str {
        if self.links.is_empty() && self.qr.is_some() { "totp-step-scan" } else { "totp-step-add" }
    }
}

/// The links that open an app on this device. Both have the same grammar.
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

pub(crate) async fn intro(person: Fresh<Add>) -> Result<TotpIntroPage, Error> {
    Ok(TotpIntroPage { step: Step::First.words(&person, Factor::Totp).await?, page: person.page() })
}

pub(crate) async fn associate(person: Fresh<Add>, _: CsrfChecked<NoFields>) -> Result<Redirect, Error> {
    let enrollment = enrollment::start(&person.account, Associate::Totp).await?;
    Ok(Redirect::to(&person.paths().enrollment(Factor::Totp.slug(), &enrollment.id)))
}

pub(crate) async fn show(person: Fresh<Add>, Path(id): Path<String>) -> Result<TotpKeyPage, Error> {
    TotpKeyPage::new(&person, &enrollment::find(&person.account, Factor::Totp, &id).await?).await
}

pub(crate) async fn confirm(
    person: Fresh<Add>,
    Path(id): Path<String>,
    CsrfChecked(form): CsrfChecked<CodeForm>,
) -> Result<Response, Error> {
    code::confirm(&person, Factor::Totp, &id, form).await
}

pub(crate) async fn cancel(
    person: Fresh<Add>,
    Path(id): Path<String>,
    _: CsrfChecked<NoFields>,
) -> Result<NextPage, Error> {
    code::cancel(&person, Factor::Totp, &id).await
}
