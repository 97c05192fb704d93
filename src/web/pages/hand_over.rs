//! The hand-over of a session from a window to the frame that opened it. Browsers keep the cookies of a frame on
//! another site apart, so the frame cannot see the window's session. The window's script asks for a ticket and posts it
//! to the frame, which redeems it for the same session.
//!
//! A ticket works once, for a minute, and only beside the cookie of the frame that it is made out to. A sign-out in one
//! place signs out the other. docs/embed.md names the attacks that this withstands.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use time::Duration;
use tower_sessions::Session;
use tower_sessions::session::Id;

use crate::deadline;
use crate::error::{Error, SignInFailure};
use crate::mfa::limits;
use crate::portal::App;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};
use crate::web::extract::form::{CsrfChecked, Unchecked};
use crate::web::extract::session::{self, GoesOn};
use crate::web::extract::signed_in::{NoScope, SignedIn};
use crate::web::extract::visit::Visit;
use crate::web::layout::notice::Notice;
use crate::web::request::frame;

/// The window posts a ticket at once, and the frame redeems it at once.
const TICKET_LASTS: Duration = Duration::MINUTE;
/// The owner of tickets, so that an invented one costs the store nothing.
const OWNER: &str = "hand-over ticket";
/// SHA-256 in base64url.
const CHALLENGE_LENGTH: usize = 43;

/// The session that a ticket is good for.
#[derive(Serialize, Deserialize)]
struct Ticket {
    session: Id,
    sub: String,
    /// The frame that it is made out to: see [`frame::Frame`].
    challenge: String,
}

/// The data for a window's script, on the page where its visit ends.
#[derive(Clone, Debug)]
pub(crate) struct HandOver {
    /// The page's notice, sealed: the frame shows it, because the window closes.
    pub(crate) notice: String,
}

impl HandOver {
    /// `None` without frames, or in one.
    pub(crate) fn offer(visit: &Visit, notice: Option<&Notice>) -> Option<Self> {
        let is_window = visit.app.config.is_embedded() && visit.reader.frame.is_none();
        let sealed = || notice.and_then(|notice| notice.seal(&visit.app)).unwrap_or_default();
        is_window.then(|| Self { notice: sealed() })
    }
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    challenge: String,
    #[serde(default)]
    notice: String,
}

/// Makes a ticket for the frame with this challenge.
pub(crate) async fn make(
    person: SignedIn<NoScope>,
    CsrfChecked(wanted): CsrfChecked<Wanted>,
) -> Result<String, Error> {
    let app = &person.app;
    let session = person.session_id().filter(|_| app.config.is_embedded()).ok_or(Error::NotFound)?;
    if wanted.challenge.len() != CHALLENGE_LENGTH {
        return Err(Error::BadForm);
    }
    if let Some(notice) = Notice::open(app, &wanted.notice) {
        person.leave(notice).await?;
    }
    let ticket =
        Ticket { session, sub: person.account.person.identity.sub.clone(), challenge: wanted.challenge };
    let id = app.store.token_of(OWNER);
    app.store.insert(key(&id), &ticket, TICKET_LASTS).await?;
    Ok(id.expose().to_owned())
}

#[derive(Deserialize)]
pub(crate) struct Redeemed {
    ticket: Secret,
}

/// Gives the frame the ticket's session, unless it has that one already. A ticket in the wrong place is used up as well.
pub(crate) async fn redeem(
    State(app): State<App>,
    visit: Visit,
    session: Session,
    Extension(jar): Extension<CookieJar>,
    Unchecked(redeemed): Unchecked<Redeemed>,
) -> Result<Response, Error> {
    let random = app.store.random_of(redeemed.ticket.expose(), OWNER).ok_or(Error::ForeignForm)?;
    if limits::is_dead(&app, random) {
        return Err(Error::ForeignForm);
    }
    deadline::begin_act().await;
    let Some(ticket): Option<Ticket> = app.store.take(key(&redeemed.ticket)).await? else {
        limits::note_dead(&app, random);
        return Err(Error::ForeignForm);
    };
    // WebKitGTK sends the window's cookies to the frame, but the frame can set none, not even that of its challenge.
    if visit.session_id().is_some_and(|own| own == ticket.session) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if frame::challenge(&app, &jar).is_none_or(|own| own != ticket.challenge) {
        return Err(Error::ForeignForm);
    }
    if visit.person.as_ref().is_some_and(|before| before.identity.sub != ticket.sub) {
        session::end(&app, &session).await?;
        return Err(SignInFailure::AnotherPerson.into());
    }
    if visit.session_id().is_some_and(|before| before != ticket.session) {
        session::end(&app, &session).await?;
    }
    Ok((Extension(GoesOn(ticket.session)), StatusCode::NO_CONTENT).into_response())
}

fn key(ticket: &Secret) -> Key {
    Key::random_id(RecordKind::HandOverTicket, ticket.expose())
}
