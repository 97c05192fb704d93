//! From a window to a frame: whoever signs in in a window that a frame on another site opened has a session there, but the
//! frame cannot see it, for browsers keep its cookies apart. So the window's script asks for a ticket and posts it to the
//! frame, which redeems it for the same session.
//!
//! A ticket works once, for a minute, and only beside the cookie of the frame that it is made out to. Who signs out in one
//! place is signed out in both. docs/embed.md names the attacks that this withstands.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use time::Duration;
use tower_sessions::Session;

use crate::app::{App, Portal};
use crate::cookies;
use crate::error::{Error, SignInFailure};
use crate::form::{Fields, Form};
use crate::frame;
use crate::notice::Notice;
use crate::session;
use crate::step_up::{SignedIn, Visit};
use crate::store::{Key, Kind};

/// The window posts it at once, and the frame redeems it at once.
const LIVES: Duration = Duration::MINUTE;
/// SHA-256 in base64url.
const CHALLENGE_LENGTH: usize = 43;

pub(crate) fn router() -> Router<App> {
    Router::new().route("/hand-over", post(make)).route("/hand-over/redeem", post(redeem))
}

/// What a ticket stands for.
#[derive(Serialize, Deserialize)]
struct Ticket {
    session: String,
    sub: String,
    /// Whose it is: see [`frame::Frame`].
    challenge: String,
}

/// What the script of a window needs, on the page where its errand ends.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// What the page says, sealed: the frame is to say it, for the window closes.
    pub notice: String,
}

impl HandOver {
    /// Nothing where there are no frames, or where this is one.
    #[must_use]
    pub fn offer(visit: &Visit, notice: Option<&Notice>) -> Option<Self> {
        let is_window = visit.app.config.is_embedded() && visit.frame.is_none();
        let sealed = || notice.and_then(|notice| notice.seal(&visit.app)).unwrap_or_default();
        is_window.then(|| Self { notice: sealed() })
    }
}

#[derive(Deserialize)]
struct Wanted {
    challenge: String,
    #[serde(default)]
    notice: String,
}

/// Makes a ticket for the frame with this challenge.
async fn make(person: SignedIn, Form(wanted): Form<Wanted>) -> Result<String, Error> {
    let app = &person.app;
    let session = person.session_id().filter(|_| app.config.is_embedded()).ok_or(Error::NotFound)?;
    if wanted.challenge.len() != CHALLENGE_LENGTH {
        return Err(Error::BadForm);
    }
    if let Some(notice) = Notice::open(app, &wanted.notice) {
        person.leave(notice).await?;
    }
    let ticket = Ticket { session, sub: person.person.identity.sub.clone(), challenge: wanted.challenge };
    let id = app.random.id();
    app.store.insert(key(&id), &ticket, LIVES).await?;
    Ok(id)
}

#[derive(Deserialize)]
struct Redeemed {
    ticket: String,
}

/// Gives the frame the session that the ticket stands for. A ticket that comes to the wrong place is spent as well.
async fn redeem(
    State(app): State<App>,
    visit: Visit,
    session: Session,
    jar: CookieJar,
    Fields(redeemed): Fields<Redeemed>,
) -> Result<(CookieJar, StatusCode), Error> {
    let ticket: Ticket = app.store.take(key(&redeemed.ticket)).await?.ok_or(Error::ForeignForm)?;
    if frame::challenge(&app, &jar).is_none_or(|own| own != ticket.challenge) {
        return Err(Error::ForeignForm);
    }
    if visit.person.as_ref().is_some_and(|before| before.identity.sub != ticket.sub) {
        session::end(&session).await?;
        return Err(SignInFailure::AnotherPerson.into());
    }
    if visit.session_id().is_some_and(|before| before != ticket.session) {
        session::end(&session).await?;
    }
    Ok((jar.add(cookie(&app, ticket.session)), StatusCode::NO_CONTENT))
}

fn cookie(portal: &Portal, session: String) -> axum_extra::extract::cookie::Cookie<'static> {
    // The layer that completes the session's cookie gives it its end.
    cookies::cookie(&portal.config, portal.session_cookie.clone(), session, LIVES)
}

fn key(ticket: &str) -> Key {
    Key::random_id(Kind::Ticket, ticket)
}
