//! The end of what the person came to do, and the way back to where they came from.

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::{Deserialize, Serialize};

use super::{Action, Errand};
use crate::app::App;
use crate::error::Error;
use crate::factor::Factor;
use crate::factors::recovery_code;
use crate::notice::Notice;
use crate::step_up::{SignedIn, Visit};

/// What came of an `action` visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was done.
    pub status: Status,
    /// To what, where that is known.
    pub factor: Option<Factor>,
}

/// What was done in an `action` visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Something new works.
    Added,
    /// Something is gone.
    Removed,
    /// Something new is in the place of something that is gone.
    Replaced,
    /// The person gave it up.
    Cancelled,
    /// There was nothing to change.
    Unchanged,
}

impl Status {
    /// Its name in the address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Cancelled => "cancelled",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Outcome {
    /// This was done to this factor.
    #[must_use]
    pub fn new(status: Status, factor: Factor) -> Self {
        Self { status, factor: Some(factor) }
    }
}

/// The way back out of an `action` visit, for whoever changed their mind.
pub(crate) fn router() -> Router<App> {
    Router::new().route("/leave", get(leave))
}

async fn leave(visit: Visit) -> Onwards {
    let errand = &visit.errand;
    let given_up = Outcome { status: Status::Cancelled, factor: errand.action.and_then(Action::factor) };
    visit.back(errand.outcome.unwrap_or(given_up)).unwrap_or_else(|| visit.to("/"))
}

/// On to another page: one of ours, or the one the person came from.
pub struct Onwards {
    address: String,
    cookie: Option<Cookie<'static>>,
}

impl IntoResponse for Onwards {
    fn into_response(self) -> Response {
        let jar = CookieJar::new();
        let jar = if let Some(cookie) = self.cookie { jar.add(cookie) } else { jar };
        (jar, Redirect::to(&self.address)).into_response()
    }
}

impl Visit {
    /// On to one of our pages.
    #[must_use]
    pub fn to(&self, path: &str) -> Onwards {
        Onwards { address: format!("{}{path}", self.app.config.base_path()), cookie: None }
    }

    /// Back to where the person came from, if they came for an action.
    fn back(&self, outcome: Outcome) -> Option<Onwards> {
        let (back, _) = self.errand.back.as_ref().zip(self.errand.action)?;
        let cookie = Some(self.errand.without_action().cookie(&self.app));
        Some(Onwards { address: back.with(outcome), cookie })
    }
}

impl SignedIn {
    /// Ends what was begun: says so on the list, or leads back whoever came for it. A recovery code is saved first.
    pub async fn finish(&self, notice: Notice, outcome: Outcome) -> Result<Onwards, Error> {
        if recovery_code::is_unsaved(self).await? {
            self.leave(notice).await?;
            return Ok(self.go_on("/recovery-code", outcome));
        }
        if let Some(back) = self.back(outcome) {
            return Ok(back);
        }
        self.leave(notice).await?;
        Ok(self.to("/"))
    }

    /// On to a page of ours with something done but not at its end.
    #[must_use]
    pub fn go_on(&self, path: &str, outcome: Outcome) -> Onwards {
        let on_the_way = self.errand.action.map(|_| Errand { outcome: Some(outcome), ..self.errand.clone() });
        Onwards { cookie: on_the_way.map(|errand| errand.cookie(&self.app)), ..self.to(path) }
    }

    /// What was done on the way here.
    #[must_use]
    pub fn done_so_far(&self) -> Option<Outcome> {
        self.errand.outcome
    }
}
