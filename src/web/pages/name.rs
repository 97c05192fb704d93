//! The person's own name for an authenticator, which tells it from others: asked for when it is set up, and changed at
//! any time.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::error::Error;
use crate::i18n::visible::seen;
use crate::mfa::{Entry, Overview, enrollment, remembered};
use crate::tenant::Associate;
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Add, Fresh, List, SignedIn};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::mistake::Mistake;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;
use crate::web::request::form_draft::FormDraft;

/// The longest name, in characters: as long as fits a line of the list on a phone.
const MAX_LENGTH: usize = 40;

#[derive(Template, WebTemplate)]
#[template(path = "name.html")]
pub(crate) struct NamePage {
    page: Page,
    entry: Entry,
    name: NameField,
}

/// The field for a name.
pub(super) struct NameField {
    pub(super) mistake: Option<String>,
    pub(super) typed: String,
}

impl NameField {
    /// The optional field of a set-up, with the name of the device where its browser tells; `None` where nothing is
    /// remembered.
    pub(super) fn of_set_up(person: &Fresh<Add>, jar: &CookieJar) -> Option<Self> {
        if !remembered::is_on(&person.app) {
            return None;
        }
        let problem = person.problem();
        let mistake = problem.text(&person.reader.words);
        let draft = FormDraft::read(&person.app, jar, &person.account.person);
        let proposed = || person.reader.device.called.map(ToOwned::to_owned);
        let typed = problem.typed.name.or(draft.name).or_else(proposed).unwrap_or_default();
        Some(Self { mistake, typed })
    }
}

/// The form of a set-up whose only field is the optional name.
#[derive(Deserialize)]
pub(crate) struct SetUpForm {
    #[serde(default)]
    name: String,
}

impl SetUpForm {
    /// The name, or the problem with it.
    fn name(self) -> Result<Option<String>, Box<FormProblem>> {
        typed(&self.name).map_err(|mistake| Box::new(problem(mistake, self.name)))
    }
}

/// Begins a set-up whose first page asks for nothing but the name.
pub(super) async fn begin(person: &Fresh<Add>, what: Associate, form: SetUpForm) -> Result<Redirect, Error> {
    let factor = what.factor().slug();
    match form.name() {
        Ok(called) => {
            let enrollment = enrollment::start(&person.account, what, called).await?;
            Ok(Redirect::to(&person.paths().enrollment(factor, &enrollment.id)))
        }
        Err(problem) => person.keep(*problem, &person.paths().factor(factor)).await,
    }
}

/// A name as its readers see it, `None` if there is nothing to see.
fn typed(text: &str) -> Result<Option<String>, Mistake> {
    let name = seen(text);
    if name.as_ref().is_some_and(|name| name.chars().count() > MAX_LENGTH) {
        return Err(Mistake::new("mistake-name-long"));
    }
    Ok(name)
}

fn problem(mistake: Mistake, name: String) -> FormProblem {
    FormProblem::mistake(mistake).with_typed(FormDraft { name: Some(name), ..FormDraft::default() })
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
    let problem = person.problem();
    let proposed = || person.reader.device.called.map(ToOwned::to_owned);
    let typed = problem.typed.name.clone().or_else(|| entry.called.clone()).or_else(proposed);
    let name = NameField { mistake: problem.text(&person.reader.words), typed: typed.unwrap_or_default() };
    Ok(NamePage { page: person.page_about(&chosen.id), entry, name })
}

pub(crate) async fn name(
    person: Fresh<List>,
    CsrfChecked(form): CsrfChecked<NameForm>,
) -> Result<Response, Error> {
    let entry = nameable(&person, &person.account.overview().await?, &form.id)?;
    let name = match typed(&form.name) {
        Ok(name) => name,
        Err(mistake) => {
            let problem = problem(mistake, form.name);
            return Ok(person.keep(problem, &person.paths().ask_name(&form.id)).await?.into_response());
        }
    };
    remembered::name(&person.account, &entry, name).await?;
    person.leave(Notice::new("notice-named")).await?;
    Ok(Redirect::to(&person.paths().list()).into_response())
}
