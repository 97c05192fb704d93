//! The recovery code's page: shown until it is saved, as text to download, and replaced by a new one where the portal
//! may ask the Management API.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde::Deserialize;

use super::next_page::NextPage;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::phone_change;
use crate::mfa::recovery_code::{self, Unsaved};
use crate::secret::Secret;
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Fresh, NoScope};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::grouped;
use crate::web::layout::mistake::Mistake;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;
use crate::web::request::deep_link::{Outcome, Status};
use crate::web::request::navigation::is_foreign;

#[derive(Template, WebTemplate)]
#[template(path = "recovery_code/code.html")]
struct CodePage {
    page: Page,
    notice: Option<Notice>,
    /// Name, date and site of the code, for paper.
    called: String,
    date: String,
    site: String,
    codes: Vec<String>,
    /// The id of the codes, which comes back when they are saved.
    id: String,
    mistake: Option<String>,
}

impl CodePage {
    fn new(person: &Fresh<NoScope>, Unsaved { id, codes, .. }: Unsaved) -> Self {
        Self {
            page: person.page(),
            notice: None,
            called: person.account.person.called().to_owned(),
            date: today(person),
            site: person.app.config.absolute("/"),
            codes: all_grouped(&codes),
            id,
            mistake: person.problem().text(&person.reader.words),
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "recovery_code/none.html")]
struct NonePage {
    page: Page,
    can_regenerate: bool,
}

impl NonePage {
    fn title(&self) -> &'static str {
        if self.can_regenerate { "recovery-new" } else { "recovery-none-title" }
    }
}

#[derive(Template)]
#[template(path = "recovery_code/download.txt")]
struct Download {
    page: Page,
    called: String,
    date: String,
    site: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct ActForm {
    saved: Option<String>,
    /// The id of the saved codes.
    id: Option<String>,
    regenerate: Option<String>,
}

pub(crate) async fn show(person: Fresh<NoScope>) -> Result<Response, Error> {
    let Some(codes) = recovery_code::show(&person.account).await? else {
        // The list says that a factor comes first.
        if recovery_code::waits_for_factor(&person.account).await? {
            return Ok(Redirect::to(&person.paths().list()).into_response());
        }
        let can_regenerate = recovery_code::may_regenerate(&person.account).await?;
        return Ok(NonePage { page: person.page(), can_regenerate }.into_response());
    };
    let notice = person.notice().await?;
    // The code is shown even where the list cannot be read.
    let is_unprotected = notice.as_ref().is_some_and(Notice::adds_address)
        && person.account.overview().await.is_ok_and(|overview| overview.protections() == 0);
    let notice = if is_unprotected { notice.map(Notice::unprotected) } else { notice };
    Ok(CodePage { notice, ..CodePage::new(&person, codes) }.into_response())
}

pub(crate) async fn act(
    person: Fresh<NoScope>,
    CsrfChecked(form): CsrfChecked<ActForm>,
) -> Result<Response, Error> {
    match (form.regenerate, form.saved) {
        (Some(_), _) => regenerate(&person).await,
        (None, Some(_)) => saved(&person, &form.id.unwrap_or_default()).await,
        (None, None) => not_saved(&person).await,
    }
}

/// The code as a text that names its owner, its date and its use. A link of another site's page leaves no file behind: it
/// leads to the code's page.
pub(crate) async fn download(person: Fresh<NoScope>, headers: HeaderMap) -> Result<Response, Error> {
    if is_foreign(&headers) {
        return Ok(Redirect::to(&person.paths().recovery_code()).into_response());
    }
    let Unsaved { codes, .. } = recovery_code::show(&person.account).await?.ok_or(Error::NotFound)?;
    let called = person.account.person.called().to_owned();
    let (page, date, codes) = (person.page(), today(&person), all_grouped(&codes));
    let site = person.app.config.absolute("/");
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, disposition(&format!("{} {called}", page.brand))),
    ];
    let text = Download { page, called, date, site, codes }.render();
    let text = text.map_err(|error| Error::Bug(error.into()))?;
    // Marks around arguments are for pages; in a file they are copied along.
    Ok((headers, text.replace(['\u{2068}', '\u{2069}'], "")).into_response())
}

/// Saves the file under the names of site and account (RFC 6266 §4.3), because people have several.
fn disposition(whose: &str) -> String {
    let plain = whose.replace(|c: char| c.is_control() || "/\\:".contains(c), "-");
    let encoded = percent_encode(plain.as_bytes(), NON_ALPHANUMERIC);
    format!("attachment; filename=\"recovery-code.txt\"; filename*=UTF-8''{encoded}%20recovery-code.txt")
}

async fn saved(person: &Fresh<NoScope>, id: &str) -> Result<Response, Error> {
    if !recovery_code::saved(&person.account, id).await? {
        // Another tab has made a newer one.
        return Ok(Redirect::to(&person.paths().recovery_code()).into_response());
    }
    let before = person.reader.deep_link.outcome;
    let outcome = before.unwrap_or(Outcome::new(Status::Unchanged, Factor::RecoveryCode));
    Ok(NextPage::after(person, Notice::new("notice-recovery-code-saved"), outcome).await?.into_response())
}

async fn not_saved(person: &Fresh<NoScope>) -> Result<Response, Error> {
    if !recovery_code::is_unsaved(&person.account).await? {
        return Ok(Redirect::to(&person.paths().list()).into_response());
    }
    let problem = FormProblem::mistake(Mistake::new("mistake-not-saved"));
    Ok(person.keep(problem, &person.paths().recovery_code()).await?.into_response())
}

async fn regenerate(person: &Fresh<NoScope>) -> Result<Response, Error> {
    if recovery_code::regenerate(&person.account).await? {
        phone_change::note_renewed(&person.account).await;
    }
    let outcome = Outcome::new(Status::Replaced, Factor::RecoveryCode);
    Ok(NextPage::on_the_way(person, person.paths().recovery_code(), outcome).into_response())
}

fn today(person: &Fresh<NoScope>) -> String {
    person.reader.words.date(person.app.clock.now())
}

fn all_grouped(codes: &[Secret]) -> Vec<String> {
    codes.iter().map(|code| grouped(code.expose())).collect()
}
