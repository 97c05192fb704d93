//! The authenticator app: a key is made, scanned or typed, and proved with a first code.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::Path;
use axum::response::{Redirect, Response};
use axum_extra::extract::CookieJar;

use super::code::{self, CodeForm};
use super::name::{self, NameField, SetUpForm};
use super::next_page::NextPage;
use super::series::Part;
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
    part: String,
    name: Option<NameField>,
}

/// An authenticator app that the page links to for people who have none.
struct KnownApp {
    name: &'static str,
    app_store: &'static str,
    google_play: &'static str,
}

/// Free apps for every phone, by the two companies whose accounts most people set one up for.
const APPS: [KnownApp; 2] = [
    KnownApp {
        name: "Google Authenticator",
        app_store: "https://apps.apple.com/app/google-authenticator/id388497605",
        google_play: "https://play.google.com/store/apps/details?id=com.google.android.apps.authenticator2",
    },
    KnownApp {
        name: "Microsoft Authenticator",
        app_store: "https://apps.apple.com/app/microsoft-authenticator/id983156458",
        google_play: "https://play.google.com/store/apps/details?id=com.azure.authenticator",
    },
];

impl TotpIntroPage {
    /// The message id of what the person needs, which names the app that an iPhone has already.
    fn needs(&self) -> &'static str {
        match self.page.device {
            device if device.is_apple_phone() => "totp-new-apple",
            device if device.is_phone => "totp-new-phone",
            _ => "totp-new-text",
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "totp/key.html")]
pub(crate) struct TotpKeyPage {
    page: Page,
    part: String,
    enrollment: String,
    qr: Option<Qr>,
    /// The links that open the key in an app on this very device, each with its message id.
    links: Vec<(&'static str, String)>,
    key: String,
    /// The name of the account, as an app that is told the key by hand asks for it.
    called: String,
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
            part: Part::Second.words(person, Factor::Totp).await?,
            enrollment: enrollment.id.clone(),
            links: uri.filter(|_| qr.is_some()).map_or_else(Vec::new, |uri| links(page.device, uri)),
            key: grouped(association.secret.as_ref().map_or("", |secret| secret.expose())),
            called: person.account.person.called().to_owned(),
            qr,
            mistake: problem.text(&page.words),
            typed: problem.code(),
            drift: problem.drift(&person.app.clock),
            page,
        })
    }

    /// Whether the app is likely on the device that shows the page, which cannot scan its own screen.
    fn is_on_phone(&self) -> bool {
        self.page.device.is_phone && !self.links.is_empty()
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

pub(crate) async fn intro(
    person: Fresh<Add>,
    Extension(jar): Extension<CookieJar>,
) -> Result<TotpIntroPage, Error> {
    let part = Part::First.words(&person, Factor::Totp).await?;
    let name = NameField::of_set_up(&person, &jar);
    Ok(TotpIntroPage { part, name, page: person.page() })
}

pub(crate) async fn associate(
    person: Fresh<Add>,
    CsrfChecked(form): CsrfChecked<SetUpForm>,
) -> Result<Redirect, Error> {
    name::begin(&person, Associate::Totp, form).await
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
