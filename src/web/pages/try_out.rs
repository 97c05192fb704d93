//! Trying an authenticator out: the person gives now the proof that a sign-in would ask for. Nothing is changed by it.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use time::Duration;

use super::code::{self, CodeForm};
use super::waiting::{BackgroundPoll, PressedCheck};
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::approval::{Ending, PollResult};
use crate::mfa::challenge::{self, Beginning, Candidate, Challenge, Trial};
use crate::mfa::{Entry, Overview};
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Fresh, List, NoScope, SignedIn};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;

#[derive(Template, WebTemplate)]
#[template(path = "try_out/ask.html")]
pub(crate) struct AskPage {
    page: Page,
    entry: Entry,
    candidates: Vec<Candidate>,
    /// The tenant accepts a code of any app, so the page tells which one to open.
    several_apps: bool,
    wait: Option<String>,
}

impl AskPage {
    fn new(person: &Fresh<List>, overview: &Overview, entry: &Entry) -> Self {
        let apps = overview.entries.iter().flat_map(|entry| &entry.factors);
        let is_app = |factor: &Factor| *factor == Factor::Totp;
        let several_apps = entry.factors.iter().any(is_app) && apps.copied().filter(is_app).count() > 1;
        let candidates = Candidate::all(entry);
        let wait = person.problem().patience(&person.reader.words, &person.app.clock);
        Self { page: person.page_about(entry.id()), entry: entry.clone(), candidates, several_apps, wait }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "try_out/code.html")]
struct CodePage {
    page: Page,
    challenge: Challenge,
    wait: Option<String>,
    mistake: Option<String>,
    /// Our time, when the phone's clock may be the cause of the mistake.
    drift: Option<i128>,
    typed: String,
}

impl CodePage {
    fn new(person: &SignedIn<NoScope>, challenge: Challenge) -> Self {
        let (page, problem) = (person.page(), person.problem());
        Self {
            wait: problem.patience(&page.words, &person.app.clock),
            mistake: problem.text(&page.words),
            drift: problem.drift(&person.app.clock).filter(|_| challenge.factor == Factor::Totp),
            typed: problem.code(),
            page,
            challenge,
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "try_out/waiting.html")]
struct WaitingPage {
    page: Page,
    challenge: Challenge,
    /// The pause until the next poll.
    seconds: i64,
    /// Whether the person pressed the button, and there is no answer yet.
    looked: bool,
}

#[derive(Template, WebTemplate)]
#[template(path = "try_out/ended.html")]
struct EndedPage {
    page: Page,
    challenge: Challenge,
    ending: Ending,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    id: String,
}

pub(crate) async fn ask(person: Fresh<List>, Query(chosen): Query<Chosen>) -> Result<AskPage, Error> {
    let overview = person.account.overview().await?;
    let (entry, _) = Candidate::find(&overview, &chosen.id)?;
    Ok(AskPage::new(&person, &overview, entry))
}

pub(crate) async fn begin(
    person: Fresh<List>,
    CsrfChecked(chosen): CsrfChecked<Chosen>,
) -> Result<Redirect, Error> {
    let overview = person.account.overview().await?;
    let (entry, candidate) = Candidate::find(&overview, &chosen.id)?;
    let detail = entry.destination(&person.reader.words);
    match challenge::begin(&person.account, candidate, entry, detail).await? {
        Beginning::Open(challenge) => Ok(Redirect::to(&person.paths().challenge(&challenge.id))),
        Beginning::TooSoon(wait, open) => too_soon(&person, &chosen.id, wait, open).await,
    }
}

/// Besides the push enrollment's, the one GET that asks the tenant whether the phone has approved.
pub(crate) async fn show(
    person: SignedIn<NoScope>,
    Path(id): Path<String>,
    Query(check): Query<PressedCheck>,
    background: Option<BackgroundPoll>,
) -> Result<Response, Error> {
    let challenge = challenge::find(&person.account, &id).await?;
    if challenge.factor == Factor::Push {
        let polled = challenge::poll(&person.account, challenge.clone()).await?;
        return match background {
            Some(BackgroundPoll) => Ok(BackgroundPoll::answer(polled)),
            None => wait_for_phone(&person, challenge, polled, &check).await,
        };
    }
    if challenge.works() {
        return Ok(Redirect::to(&person.paths().list()).into_response());
    }
    Ok(CodePage::new(&person, challenge).into_response())
}

async fn wait_for_phone(
    person: &SignedIn<NoScope>,
    challenge: Challenge,
    polled: PollResult,
    check: &PressedCheck,
) -> Result<Response, Error> {
    let page = person.page();
    Ok(match polled {
        PollResult::Approved => works(person, &challenge).await?.into_response(),
        PollResult::Waiting(pause) => {
            let looked = check.was_pressed();
            WaitingPage { page, challenge, seconds: pause.whole_seconds(), looked }.into_response()
        }
        PollResult::Ended(ending) => EndedPage { page, challenge, ending }.into_response(),
    })
}

pub(crate) async fn confirm(
    person: SignedIn<NoScope>,
    Path(id): Path<String>,
    CsrfChecked(form): CsrfChecked<CodeForm>,
) -> Result<Response, Error> {
    let challenge = challenge::find(&person.account, &id).await?;
    let code = match code::digits(&form.code) {
        Ok(code) => code,
        Err(mistake) => return again(&person, &id, FormProblem::misshapen_code(mistake, form.code)).await,
    };
    match challenge::prove(&person.account, &id, code).await? {
        Trial::Works => Ok(works(&person, &challenge).await?.into_response()),
        Trial::Refused(reason) => {
            let mistake = code::mistake(challenge.factor, reason);
            again(&person, &id, FormProblem::refused_code(mistake, &person.problem())).await
        }
    }
}

/// Says on the list that it works.
async fn works(person: &SignedIn<NoScope>, challenge: &Challenge) -> Result<Redirect, Error> {
    let numbered = if challenge.ending.is_some() { "-ending" } else { "" };
    let id = format!("notice-works-{}{numbered}", challenge.factor.slug());
    person.leave(Notice::new(id).ending(challenge.ending.as_deref())).await?;
    Ok(Redirect::to(&person.paths().list()))
}

/// A second click leads to the challenge of the first while that is open; otherwise the person waits.
async fn too_soon(
    person: &Fresh<List>,
    id: &str,
    wait: Duration,
    open: Option<Challenge>,
) -> Result<Redirect, Error> {
    let problem = FormProblem::wait(person.app.clock.now() + wait);
    match open.filter(Challenge::is_open) {
        Some(challenge) if challenge.factor == Factor::Push => {
            Ok(Redirect::to(&person.paths().challenge(&challenge.id)))
        }
        Some(challenge) => person.keep(problem, &person.paths().challenge(&challenge.id)).await,
        None => person.keep(problem, &person.paths().ask_try_out(id)).await,
    }
}

/// Leads back to the page on which the code is typed.
async fn again(person: &SignedIn<NoScope>, id: &str, problem: FormProblem) -> Result<Response, Error> {
    Ok(person.keep(problem, &person.paths().challenge(id)).await?.into_response())
}
