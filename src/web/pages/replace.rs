//! Replacing an entry: explains the two steps, and begins with the first one, adding the new authenticator.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use axum::response::Redirect;
use serde::Deserialize;

use crate::error::Error;
use crate::mfa::{Entry, replacement};
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Fresh, Replace};
use crate::web::layout::page::Page;

#[derive(Template, WebTemplate)]
#[template(path = "replace.html")]
pub(crate) struct ReplacePage {
    page: Page,
    entry: Entry,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    id: String,
}

pub(crate) async fn ask(person: Fresh<Replace>, Query(chosen): Query<Chosen>) -> Result<ReplacePage, Error> {
    let overview = person.account.overview().await?;
    let entry = replacement::replaceable(&person.account, overview.find(&chosen.id))?;
    Ok(ReplacePage { page: person.page_about(&chosen.id), entry })
}

pub(crate) async fn begin(
    person: Fresh<Replace>,
    CsrfChecked(chosen): CsrfChecked<Chosen>,
) -> Result<Redirect, Error> {
    let entry = replacement::begin(&person.account, &chosen.id).await?;
    Ok(Redirect::to(&person.paths().factor(entry.factor().slug())))
}
