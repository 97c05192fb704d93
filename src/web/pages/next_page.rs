//! The next page after a form: one of ours, or the one that the person came from.

use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;

use crate::error::Error;
use crate::mfa::{phone_change, recovery_code};
use crate::web::extract::signed_in::{NoScope, SignedIn};
use crate::web::extract::visit::Visit;
use crate::web::layout::notice::Notice;
use crate::web::request::deep_link::{Action, DeepLink, Outcome, Status};

/// A redirect that may also update what the browser remembers of its deep link.
pub(crate) struct NextPage {
    address: String,
    cookie: Option<Cookie<'static>>,
}

impl IntoResponse for NextPage {
    fn into_response(self) -> Response {
        let jar = self.cookie.into_iter().fold(CookieJar::new(), CookieJar::add);
        (jar, Redirect::to(&self.address)).into_response()
    }
}

impl NextPage {
    /// One of our addresses.
    pub(crate) fn at(address: String) -> Self {
        Self { address, cookie: None }
    }

    /// One of our addresses, when something was done but the visit's action has not ended.
    pub(crate) fn on_the_way(visit: &Visit, address: String, outcome: Outcome) -> Self {
        let deep_link = visit.deep_link();
        let on_the_way =
            deep_link.action.map(|_| DeepLink { outcome: Some(outcome), ..(*deep_link).clone() });
        Self { address, cookie: on_the_way.map(|deep_link| deep_link.cookie(&visit.app)) }
    }

    /// The end of an act: the list, which shows the notice, or the page that the person came from. An unsaved recovery
    /// code comes first, then the steps of a change of phones.
    pub(crate) async fn after<P>(
        person: &SignedIn<P>,
        notice: Notice,
        outcome: Outcome,
    ) -> Result<Self, Error> {
        if recovery_code::is_unsaved(&person.account).await? {
            person.leave(notice).await?;
            return Ok(Self::on_the_way(person, person.paths().recovery_code(), outcome));
        }
        if phone_change::own(&person.account).await?.is_some() {
            person.leave(notice).await?;
            return Ok(Self::on_the_way(person, person.paths().lost_phone(), outcome));
        }
        if let Some(back) = Self::back(person, outcome) {
            return Ok(back);
        }
        person.leave(notice).await?;
        Ok(Self::at(person.paths().list()))
    }

    /// The page that the person came from, if they came for an action.
    fn back(visit: &Visit, outcome: Outcome) -> Option<Self> {
        let deep_link = visit.deep_link();
        let (back, _) = deep_link.back.as_ref().zip(deep_link.action)?;
        let cookie = Some(deep_link.without_action().cookie(&visit.app));
        Some(Self { address: back.with(outcome), cookie })
    }
}

/// `GET /leave`: the way out of what the person gave up, to the page that they came from, or to the list in a frame or in
/// its window, which tell the page around the frame.
pub(crate) async fn leave(visit: Visit, person: Result<SignedIn<NoScope>, Error>) -> Result<NextPage, Error> {
    let person = match person {
        Err(error @ Error::TooMany(..)) => return Err(error),
        person => person.ok(),
    };
    let deep_link = visit.deep_link();
    let given_up = Outcome { status: Status::Cancelled, factor: deep_link.action.and_then(Action::factor) };
    let outcome = deep_link.outcome.unwrap_or(given_up);
    if let Some(back) = NextPage::back(&visit, outcome) {
        return Ok(back);
    }
    if let Some(person) = person.filter(|person| person.app.config.is_embedded()) {
        person.leave(Notice::given_up()).await?;
    }
    Ok(NextPage::at(visit.paths().list()))
}
