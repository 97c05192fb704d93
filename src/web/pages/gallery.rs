//! Every component of the pages in every state, on one page, for changes of the look. Only the demo serves it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::{Entry, Overview};
use crate::portal::App;
use crate::tenant::Authenticator;
use crate::web::extract::visit::Visit;
use crate::web::layout::notice::Notice;
use crate::web::layout::offer::Offer;
use crate::web::layout::page::Page;
use crate::web::layout::qr::Qr;

/// `GET /gallery`, for [`crate::pages_with`].
pub fn router() -> Router<App> {
    Router::new().route("/gallery", get(show))
}

#[derive(Template, WebTemplate)]
#[template(path = "gallery.html")]
struct GalleryPage {
    page: Page,
    entries: Vec<Entry>,
    offers: Vec<Offer>,
    /// The names of the factors' pictures, and of the one for a number with both channels.
    badges: Vec<&'static str>,
    countries: Vec<Country>,
    qr: Option<Qr>,
    notice: Option<Notice>,
    mistake: Option<String>,
    right: Option<String>,
    wait: Option<String>,
}

struct Country {
    code: &'static str,
    name: &'static str,
    chosen: bool,
}

async fn show(visit: Visit) -> Result<GalleryPage, Error> {
    let words = &visit.reader.words;
    Ok(GalleryPage {
        entries: Overview::of(listed()?, Some("somebody@example.com")).entries,
        offers: Offer::all(&Factor::addable().collect::<Vec<_>>()),
        badges: Factor::all().map(Factor::slug).chain(["phone"]).collect(),
        countries: vec![Country { code: "CH", name: "Switzerland (+41)", chosen: true }],
        qr: Qr::of("otpauth://totp/Northwind:somebody@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Northwind"),
        notice: Some(Notice::new("notice-added-totp")),
        mistake: Some(words.t("mistake-code-shape")),
        right: None,
        wait: Some(words.count("resend-wait", 27)),
        page: visit.page(),
    })
}

/// One authenticator of every kind, as a tenant lists them.
fn listed() -> Result<Vec<Authenticator>, Error> {
    let one = |id: &str, name: Value| json!({ "id": id, "active": true, "name": name });
    let all = json!([
        one("totp|dev_a", Value::Null),
        one("sms|dev_b", json!("XXXXXXXX9167")),
        one("voice|dev_b", json!("XXXXXXXX9167")),
        one("voice|dev_c", json!("XXXXXXXX0018")),
        one("email|dev_d", json!("********@exam*******")),
        one("email|dev_e", json!("*****@other******")),
        one("push|dev_f", json!("Somebody’s phone")),
        one("recovery-code|dev_g", Value::Null),
        one("webauthn-roaming|dev_h", json!("Security key")),
        one("duo|dev_i", Value::Null),
    ]);
    serde_json::from_value(all).map_err(|error| Error::Bug(error.into()))
}
