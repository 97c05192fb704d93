//! `/authenticators/replace/{factor}` and `/authenticators/remove/{factor}`, for links that know the kind and no id: straight
//! on where the person has one of the kind; where they have several, they choose.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::app::App;
use crate::errand::{Outcome, Status};
use crate::error::Error;
use crate::factor::Factor;
use crate::factors::{Entry, Overview};
use crate::notice::Notice;
use crate::page::Page;
use crate::step_up::Fresh;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/authenticators/replace/{factor}", get(replace))
        .route("/authenticators/remove/{factor}", get(remove))
}

#[derive(Template, WebTemplate)]
#[template(path = "authenticators/which.html")]
struct WhichPage {
    page: Page,
    act: &'static str,
    entries: Vec<Entry>,
}

/// Who has none to replace adds one.
async fn replace(person: Fresh, Path(name): Path<String>) -> Result<Response, Error> {
    let (factor, overview) = (named(&name)?, person.overview().await?);
    let entries = akin(&overview, factor, |entry| person.replaceable(Some(entry.clone())).is_ok());
    if entries.is_empty() {
        return Ok(person.to(&format!("/factors/{}", factor.slug())).into_response());
    }
    Ok(choose(&person, "replace", entries))
}

async fn remove(person: Fresh, Path(name): Path<String>) -> Result<Response, Error> {
    let (factor, overview) = (named(&name)?, person.overview().await?);
    let entries = akin(&overview, factor, |entry| person.removable(&overview, entry.id()).is_ok());
    if entries.is_empty() {
        let outcome = Outcome::new(Status::Unchanged, factor);
        return Ok(person.finish(Notice::new("notice-already-removed"), outcome).await?.into_response());
    }
    Ok(choose(&person, "remove", entries))
}

fn named(name: &str) -> Result<Factor, Error> {
    Factor::named(name).ok_or(Error::NotFound)
}

/// What is of this kind and may be dealt with.
fn akin(overview: &Overview, factor: Factor, may: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    overview.entries.iter().filter(|entry| entry.factor().is_akin(factor) && may(entry)).cloned().collect()
}

/// On to the only one, or the page on which one is chosen.
fn choose(person: &Fresh, act: &'static str, entries: Vec<Entry>) -> Response {
    let [only] = &entries[..] else {
        return WhichPage { page: person.page(), act, entries }.into_response();
    };
    let id: String = url::form_urlencoded::byte_serialize(only.id().as_bytes()).collect();
    person.to(&format!("/authenticators/{act}?id={id}")).into_response()
}
