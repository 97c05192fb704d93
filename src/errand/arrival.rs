//! An arrival with `return_to` or `action` in the address: remembered, and led on to an address without them.
//!
//! An address that leads elsewhere is dropped and the visit goes on: what the person came for can still be done, and a page
//! that refused would punish them for a setting. The operator finds the origin in the log.

use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use url::form_urlencoded;

use super::Errand;
use super::action::Action;
use super::address::{Refused, ReturnAddress};
use crate::app::{App, Portal};
use crate::frame::Frame;
use crate::transaction::is_own_path;

/// Remembers what a link asks for, and tells every page what is remembered.
pub async fn remember(State(app): State<App>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let framed = request.extensions().get::<Frame>().is_some();
    let errand = Errand::read(&app, &jar, framed);
    if let Some(asked) = Asked::of(&request).filter(|_| request.method().is_safe()) {
        let errand = asked.errand(&app, errand);
        let page = errand.action.and_then(Action::page).unwrap_or(asked.page);
        // The page around a frame is not led anywhere; it hears what was done (`frame`).
        let errand = if framed { Errand { framed, ..errand.without_action() } } else { errand };
        let href = format!("{}{page}", app.config.base_path());
        return (jar.add(errand.cookie(&app)), Redirect::to(&href)).into_response();
    }
    let shows_an_address = errand.back.is_some();
    request.extensions_mut().insert(errand);
    let mut response = next.run(request).await;
    if shows_an_address {
        response.extensions_mut().insert(ShowsAnAddress);
    }
    response
}

/// The page holds an address of a stranger's choice.
#[derive(Clone, Copy)]
struct ShowsAnAddress;

/// Whether an answer's compressed length tells nothing (BREACH): with an address of a stranger's choice beside a form's
/// token or a person's key, it would tell which signs the two have in common.
#[must_use]
pub fn may_be_compressed(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<ShowsAnAddress>().is_none()
}

/// What an address asks for.
struct Asked {
    return_to: Vec<String>,
    action: Option<String>,
    /// The same page without it.
    page: String,
}

impl Asked {
    fn of(request: &Request) -> Option<Self> {
        let uri = request.uri();
        let pairs = || form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let all =
            |wanted| pairs().filter(move |(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        let (return_to, action) = (all("return_to").collect::<Vec<_>>(), all("action").next());
        // The tenant's answer is its own.
        if (return_to.is_empty() && action.is_none()) || uri.path().ends_with("/callback") {
            return None;
        }
        let rest = pairs().filter(|(name, _)| name != "return_to" && name != "action");
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let page = if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{rest}", uri.path()) };
        Some(Self { return_to, action, page: if is_own_path(&page) { page } else { "/".to_owned() } })
    }

    /// A new address takes the place of the one before, and with it of what was to be done.
    fn errand(&self, portal: &Portal, before: Errand) -> Errand {
        let mut errand = if self.return_to.is_empty() { before } else { Errand::none(portal) };
        errand.back = self.back(portal).or(errand.back);
        errand.action = self.action.as_deref().map(|name| action(name, portal));
        errand.outcome = None;
        errand
    }

    fn back(&self, portal: &Portal) -> Option<ReturnAddress> {
        let checked = match &self.return_to[..] {
            [] => return None,
            [only] => ReturnAddress::of(only, &portal.config.return_origins),
            _ => Err(Refused::Unreadable),
        };
        checked.inspect_err(|why| tracing::warn!("return_to was dropped: {why}")).ok()
    }
}

/// What nobody here can do is the list: what can be done stands there.
fn action(name: &str, portal: &Portal) -> Action {
    Action::named(name, &portal.config).unwrap_or_else(|| {
        tracing::warn!(
            "action={:?} is not known or not offered here",
            name.chars().take(40).collect::<String>()
        );
        Action::List
    })
}
