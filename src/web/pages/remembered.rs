//! The portal's record of a person: an entry gets a name, and all of it can be forgotten.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::error::Error;
use crate::mfa::{Entry, Overview, remembered};
use crate::web::extract::form::{CsrfChecked, NoFields};
use crate::web::extract::signed_in::{Fresh, List, NoScope, SignedIn};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::mistake::Mistake;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;

/// The longest name, in characters: as long as fits a line of the list on a phone.
const MAX_LENGTH: usize = 40;

#[derive(Template, WebTemplate)]
#[template(path = "name.html")]
pub(crate) struct NamePage {
    page: Page,
    entry: Entry,
    mistake: Option<String>,
    typed: String,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    id: String,
}

#[derive(Deserialize)]
pub(crate) struct NameForm {
    id: String,
    #[serde(default)]
    name: String,
}

/// The entry with this id, when it is one that the person can tell from others by a name.
fn nameable(person: &SignedIn<List>, overview: &Overview, id: &str) -> Result<Entry, Error> {
    let entry = overview.find(id).filter(|entry| entry.is_nameable());
    let entry = entry.filter(|_| remembered::is_on(&person.app));
    entry.cloned().ok_or(Error::NotFound)
}

pub(crate) async fn ask(person: Fresh<List>, Query(chosen): Query<Chosen>) -> Result<NamePage, Error> {
    let entry = nameable(&person, &person.account.overview().await?, &chosen.id)?;
    let mistake = person.problem().text(&person.reader.words);
    let typed = entry.called.clone().or_else(|| person.reader.device.called.map(ToOwned::to_owned));
    Ok(NamePage { page: person.page_about(&chosen.id), entry, mistake, typed: typed.unwrap_or_default() })
}

pub(crate) async fn name(
    person: Fresh<List>,
    CsrfChecked(form): CsrfChecked<NameForm>,
) -> Result<Response, Error> {
    let entry = nameable(&person, &person.account.overview().await?, &form.id)?;
    let name = form.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > MAX_LENGTH {
        let problem = FormProblem::mistake(Mistake::new("mistake-name-long"));
        return Ok(person.keep(problem, &person.paths().ask_name(&form.id)).await?.into_response());
    }
    remembered::name(&person.account, &entry, Some(name).filter(|name| !name.is_empty())).await;
    person.leave(Notice::new("notice-named")).await?;
    Ok(Redirect::to(&person.paths().list()).into_response())
}

/// A sign-in in between comes back here by GET; the button is on the list.
pub(crate) async fn show_forget(person: SignedIn<NoScope>) -> Redirect {
    Redirect::to(&person.paths().list())
}

pub(crate) async fn forget(person: Fresh<NoScope>, _: CsrfChecked<NoFields>) -> Result<Redirect, Error> {
    remembered::forget(&person.account).await?;
    person.leave(Notice::new("notice-forgotten")).await?;
    Ok(Redirect::to(&person.paths().list()))
}
