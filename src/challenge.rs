//! Trying an authenticator out: the person proves now what would be asked for at sign-in. Nothing is changed by it.

mod record;
mod trial;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use time::Duration;

pub use self::trial::Trial;

use self::record::{Begun, Challenge, Tried};
use crate::app::App;
use crate::approval::{Ending, Glance, Impatience, Look};
use crate::error::Error;
use crate::factor::Factor;
use crate::factors::code::{self, CodeForm};
use crate::factors::{Entry, Overview};
use crate::form::Form;
use crate::mistake::Mistake;
use crate::notice::Notice;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::SignedIn;
use crate::tenant::Reason;

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/authenticators/try", get(ask).post(begin))
        .route("/authenticators/try/{challenge}", get(show))
        .route("/authenticators/try/{challenge}/confirm", post(confirm))
}

#[derive(Template, WebTemplate)]
#[template(path = "challenge/ask.html")]
struct AskPage {
    page: Page,
    entry: Entry,
    /// The tenant takes a code of any app, so the person has to look into the right one.
    several_apps: bool,
    wait: Option<String>,
}

impl AskPage {
    fn new(page: Page, overview: &Overview, entry: &Entry) -> Self {
        let apps = overview.entries.iter().flat_map(|entry| &entry.factors);
        let is_app = |factor: &Factor| *factor == Factor::Totp;
        let several_apps = entry.factors.iter().any(is_app) && apps.copied().filter(is_app).count() > 1;
        Self { page, entry: entry.clone(), several_apps, wait: None }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "challenge/code.html")]
struct CodePage {
    page: Page,
    challenge: Challenge,
    wait: Option<String>,
    mistake: Option<String>,
    /// Whether the phone's clock may be the cause.
    may_drift: bool,
    typed: String,
}

impl CodePage {
    fn new(page: Page, challenge: Challenge) -> Self {
        Self { page, challenge, wait: None, mistake: None, may_drift: false, typed: String::new() }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "challenge/waiting.html")]
struct WaitingPage {
    page: Page,
    challenge: Challenge,
    seconds: i64,
    /// Whether the person just looked, and there was nothing yet.
    looked: bool,
}

impl WaitingPage {
    fn href(&self) -> String {
        format!("{}/authenticators/try/{}", self.page.base, self.challenge.id)
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "challenge/ended.html")]
struct EndedPage {
    page: Page,
    challenge: Challenge,
    ending: Ending,
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    id: String,
}

async fn ask(person: SignedIn, Query(chosen): Query<Chosen>) -> Result<AskPage, Error> {
    let overview = person.tryable().await?;
    let (entry, _) = Trial::find(&overview, &chosen.id)?;
    Ok(AskPage::new(person.page(), &overview, entry))
}

async fn begin(person: SignedIn, Form(chosen): Form<Chosen>) -> Result<Response, Error> {
    let overview = person.tryable().await?;
    let (entry, trial) = Trial::find(&overview, &chosen.id)?;
    match person.begin_try(entry, trial).await? {
        Begun::Open(challenge) => Ok(Redirect::to(&address(&person, &challenge)).into_response()),
        Begun::TooSoon(wait, open) => {
            let ask = AskPage::new(person.page(), &overview, entry);
            Ok(too_soon(&person, ask, wait, open))
        }
    }
}

/// Of a push request this is, besides the push set-up's, the one GET that asks whether the phone has approved.
async fn show(
    person: SignedIn,
    Path(id): Path<String>,
    Query(impatience): Query<Impatience>,
    glance: Option<Glance>,
) -> Result<Response, Error> {
    let challenge = person.challenge(&id).await?;
    if challenge.factor == Factor::Push {
        let look = person.look(challenge.clone()).await?;
        return match glance {
            Some(Glance) => Ok(look.at_a_glance()),
            None => wait_for_phone(&person, challenge, look, &impatience).await,
        };
    }
    if challenge.works() {
        return Ok(Redirect::to(&person.href("/")).into_response());
    }
    Ok(CodePage::new(person.page(), challenge).into_response())
}

async fn wait_for_phone(
    person: &SignedIn,
    challenge: Challenge,
    look: Look,
    impatience: &Impatience,
) -> Result<Response, Error> {
    let page = person.page();
    Ok(match look {
        Look::Approved => works(person, &challenge).await?.into_response(),
        Look::Waiting(again) => {
            let looked = impatience.is_shown();
            WaitingPage { page, challenge, seconds: again.whole_seconds(), looked }.into_response()
        }
        Look::Ended(ending) => EndedPage { page, challenge, ending }.into_response(),
    })
}

async fn confirm(
    person: SignedIn,
    Path(id): Path<String>,
    Form(form): Form<CodeForm>,
) -> Result<Response, Error> {
    let challenge = person.challenge(&id).await?;
    let code = match code::digits(&form.code) {
        Ok(code) => code,
        Err(mistake) => return Ok(unprocessable(wrong(&person, challenge, &mistake, form.code))),
    };
    match person.prove(&id, code).await? {
        Tried::Works => Ok(works(&person, &challenge).await?.into_response()),
        Tried::Not(reason) => {
            let mistake = code::why(&person, challenge.factor, reason);
            let may_drift = challenge.factor == Factor::Totp && reason == Reason::WrongCode;
            let page = CodePage { may_drift, ..wrong(&person, challenge, &mistake, form.code) };
            Ok(unprocessable(page))
        }
    }
}

impl SignedIn {
    async fn tryable(&self) -> Result<Overview, Error> {
        self.must(Permission::List)?;
        self.overview().await
    }
}

/// Says that it works, on the list.
async fn works(person: &SignedIn, challenge: &Challenge) -> Result<Redirect, Error> {
    let numbered = if challenge.number.is_some() { "-ending" } else { "" };
    let id = format!("notice-works-{}{numbered}", challenge.factor.slug());
    person.leave(Notice { id, ending: challenge.number.clone() }).await?;
    Ok(Redirect::to(&person.href("/")))
}

/// Where the last try is still open, a second click leads to it; otherwise the person waits.
fn too_soon(person: &SignedIn, ask: AskPage, wait: Duration, open: Option<Challenge>) -> Response {
    let wait = Some(person.words.count("resend-wait", wait.whole_seconds().max(1)));
    match open.filter(Challenge::is_open) {
        Some(challenge) if challenge.factor == Factor::Push => {
            Redirect::to(&address(person, &challenge)).into_response()
        }
        Some(challenge) => {
            let page = CodePage { wait, ..CodePage::new(person.page(), challenge) };
            (StatusCode::TOO_MANY_REQUESTS, page).into_response()
        }
        None => (StatusCode::TOO_MANY_REQUESTS, AskPage { wait, ..ask }).into_response(),
    }
}

fn wrong(person: &SignedIn, challenge: Challenge, mistake: &Mistake, typed: String) -> CodePage {
    let mistake = Some(mistake.text(&person.words));
    CodePage { mistake, typed, ..CodePage::new(person.page(), challenge) }
}

fn unprocessable(page: CodePage) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

fn address(person: &SignedIn, challenge: &Challenge) -> String {
    person.href(&format!("/authenticators/try/{}", challenge.id))
}
