//! The pages that play a person's phone and mailbox: received codes, push notifications, an authenticator app.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::wire::page::{error_page, page, redirect};
use crate::world::authenticator::{Authenticator, Factor};
use crate::world::person::{Decision, Letter, Message, Person, PushRequest};
use crate::world::totp::totp_code;
use crate::world::{Shared, World};

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    people: Vec<Person>,
}

#[derive(Template)]
#[template(path = "devices.html")]
struct DevicesPage {
    name: String,
    email: String,
    messages: Vec<MessageRow>,
    letters: Vec<LetterRow>,
    pushes: Vec<PushRow>,
    apps: Vec<AppRow>,
}

struct MessageRow {
    label: &'static str,
    to: String,
    text: String,
    code: String,
    at: String,
}

struct LetterRow {
    subject: String,
    text: String,
    /// The link in it.
    href: Option<String>,
}

struct PushRow {
    id: String,
    question: &'static str,
    answer: &'static str,
    waiting: bool,
    at: String,
}

struct AppRow {
    code: String,
    seconds: u64,
    note: &'static str,
    id: String,
}

/// The answer to a push notification.
#[derive(Deserialize)]
pub(crate) struct PushForm {
    id: String,
    decision: String,
}

/// `GET /devices`
pub(crate) async fn index(State(shared): State<Shared>) -> Response {
    page(StatusCode::OK, &PeoplePage { people: shared.world().people.clone() })
}

/// `GET /devices/{email}`
pub(crate) async fn show(State(shared): State<Shared>, Path(email): Path<String>) -> Response {
    let world = shared.world();
    match world.person_by_email(&email) {
        Some(person) => page(StatusCode::OK, &world.devices_page(person)),
        None => error_page(StatusCode::NOT_FOUND, "Nobody here", "Nobody has this e-mail address."),
    }
}

/// `POST /devices/{email}`: approves or denies a push notification.
pub(crate) async fn answer(
    State(shared): State<Shared>,
    Path(email): Path<String>,
    Form(form): Form<PushForm>,
) -> Response {
    let decision = if form.decision == "approve" { Decision::Approved } else { Decision::Denied };
    if let Some(person) = shared.world().person_by_email_mut(&email) {
        person.answer_push(&form.id, decision);
    }
    redirect(&format!("/devices/{email}"))
}

impl World {
    fn devices_page(&self, person: &Person) -> DevicesPage {
        let now = self.now();
        DevicesPage {
            name: person.name.clone(),
            email: person.email.clone(),
            messages: person.messages.iter().rev().map(message_row).collect(),
            letters: person.letters.iter().rev().map(letter_row).collect(),
            pushes: person.pushes.iter().rev().map(|push| push_row(push, now)).collect(),
            apps: person.authenticators.iter().rev().filter_map(|one| self.app_row(one)).collect(),
        }
    }

    fn app_row(&self, authenticator: &Authenticator) -> Option<AppRow> {
        let unix_time = self.unix_time();
        let secret = authenticator.secret.as_deref().filter(|_| authenticator.factor == Factor::Totp)?;
        let note = match (authenticator.active, &authenticator.twin) {
            (true, None) => "set up",
            (false, None) => "not confirmed yet",
            (true, Some(_)) => "set up, comes with push notifications",
            (false, Some(_)) => "not confirmed yet, comes with push notifications",
        };
        let code = totp_code(secret, unix_time)?;
        Some(AppRow { code, seconds: 30 - unix_time % 30, note, id: authenticator.id.clone() })
    }
}

fn message_row(message: &Message) -> MessageRow {
    let (label, to) = (message.channel.label(), message.to.clone());
    MessageRow {
        label,
        to,
        text: message.text.clone(),
        code: message.code.clone(),
        at: time_of_day(message.at),
    }
}

fn letter_row(letter: &Letter) -> LetterRow {
    let is_link = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    let href = letter.text.split_whitespace().find(is_link).map(ToOwned::to_owned);
    LetterRow { subject: letter.subject.clone(), text: letter.text.clone(), href }
}

fn push_row(push: &PushRequest, now: OffsetDateTime) -> PushRow {
    let question =
        if push.enrollment { "Scan the QR code of a new set-up?" } else { "Is it you who is signing in?" };
    let answer = match push.decision {
        Decision::Waiting if now >= push.expires_at => "Too late",
        Decision::Waiting => "Waiting for you",
        Decision::Approved => "Approved",
        Decision::Denied => "Denied",
    };
    let waiting = push.decision == Decision::Waiting && now < push.expires_at;
    PushRow { id: push.id.clone(), question, answer, waiting, at: time_of_day(push.at) }
}

/// Hours, minutes and seconds in UTC.
fn time_of_day(at: OffsetDateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}
