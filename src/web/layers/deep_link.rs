//! Captures a deep link: its `return_to` and `action` are remembered, and the browser is led to an address without
//! them.
//!
//! A `return_to` that is not allowed is dropped and the visit goes on, because its page can still be used; a refusal
//! would punish people for a setting. The operator finds the origin in the log.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Redirect, Response};
use url::form_urlencoded;

use super::request_limits::is_within_limits;
use super::{linked_sign_in, session};
use crate::portal::{App, Portal};
use crate::web::request::address::is_own_path;
use crate::web::request::cookies;
use crate::web::request::deep_link::{Action, Claim, DeepLink, Refused, ReturnAddress};
use crate::web::request::frame::Frame;
use crate::web::request::navigation::may_be_remembered;
use crate::web::request::paths::{Paths, is_callback};

/// In bytes. Longer texts are no names of actions.
const LONGEST_ACTION: usize = 40;

pub(crate) async fn capture_deep_link(
    app: &App,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let jar = cookies::jar(request.extensions());
    let framed = request.extensions().get::<Frame>().is_some();
    let remembered = DeepLink::read(app, &jar, framed);
    let may_be_remembered = request.method().is_safe()
        && may_be_remembered(request.headers(), &app.config)
        && is_within_limits(&request);
    if let Some(parameters) = Parameters::of(&request).filter(|_| may_be_remembered) {
        let deep_link = parameters.deep_link(app, remembered);
        let page = deep_link.action.and_then(Action::page).unwrap_or(parameters.page.clone());
        // A sign-in that the link leads to keeps it for the same person alone.
        let deep_link = match session::person_of(app, &jar).await {
            Ok(Some(person)) => deep_link.opened_by(&person.identity.sub),
            Ok(None) => deep_link,
            Err(_) => deep_link.site_alone(),
        };
        // A frame has no way back to lead to: the page around it is told of changes (`frame.js`).
        let deep_link = if framed { DeepLink { framed, ..deep_link.without_action() } } else { deep_link };
        let href = Paths::new(&app.config).at(&parameters.with_sign_in(page));
        return (jar.add(deep_link.cookie(app)), Redirect::to(&href)).into_response();
    }
    let shows_an_address = remembered.back.is_some();
    let is_nobodys = shows_an_address && remembered.whose.is_none();
    let nobodys = is_nobodys.then(|| (remembered.clone(), Claim::default()));
    if let Some((_, claim)) = &nobodys {
        request.extensions_mut().insert(claim.clone());
    }
    request.extensions_mut().insert(remembered);
    let mut response = next(request).await;
    // A redirect may have kept more of it already.
    if let Some((deep_link, claim)) = nobodys
        && let Some(sub) = claim.noted()
        && !response.status().is_redirection()
    {
        cookies::append(&mut response, &deep_link.opened_by(sub).cookie(app));
    }
    if shows_an_address {
        response.extensions_mut().insert(ShowsAnAddress);
    }
    response
}

/// Marks a page with an address of a stranger's choice.
#[derive(Clone, Copy)]
pub(super) struct ShowsAnAddress;

/// The parameters of a deep link.
struct Parameters {
    return_to: Vec<String>,
    action: Option<String>,
    /// The same page without them.
    page: String,
    /// The link's requests for the sign-in.
    sign_in: String,
}

impl Parameters {
    fn of(request: &Request) -> Option<Self> {
        let uri = request.uri();
        let pairs = || form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let all =
            |wanted| pairs().filter(move |(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        let (return_to, action) = (all("return_to").collect::<Vec<_>>(), all("action").next());
        // Leave the OAuth callback's query string alone.
        if (return_to.is_empty() && action.is_none()) || is_callback(uri.path()) {
            return None;
        }
        let (sign_in, rest): (Vec<_>, Vec<_>) = pairs()
            .filter(|(name, _)| name != "return_to" && name != "action")
            .partition(|(name, _)| linked_sign_in::PARAMETERS.contains(&name.as_ref()));
        let written =
            |pairs| form_urlencoded::Serializer::new(String::new()).extend_pairs::<_, _, _>(pairs).finish();
        let (sign_in, rest) = (written(sign_in), written(rest));
        let page = if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{rest}", uri.path()) };
        let page = if is_own_path(&page) { page } else { "/".to_owned() };
        Some(Self { return_to, action, page, sign_in })
    }

    /// This page with what the link says about the sign-in, which the next layer captures.
    fn with_sign_in(&self, page: String) -> String {
        match &self.sign_in[..] {
            "" => page,
            said => format!("{page}{}{said}", if page.contains('?') { '&' } else { '?' }),
        }
    }

    /// A new address replaces the one before, and with it the action.
    fn deep_link(&self, portal: &Portal, before: DeepLink) -> DeepLink {
        let mut deep_link = if self.return_to.is_empty() { before } else { DeepLink::none(portal) };
        deep_link.back = self.back(portal).or(deep_link.back);
        deep_link.action = self.action.as_deref().map(|name| action(name, portal));
        deep_link.outcome = None;
        deep_link
    }

    fn back(&self, portal: &Portal) -> Option<ReturnAddress> {
        let checked = match &self.return_to[..] {
            [] => return None,
            [only] => ReturnAddress::of(only, &portal.config.return_origins),
            _ => Err(Refused::Unreadable),
        };
        checked.inspect_err(|reason| log_dropped(reason, portal)).ok()
    }
}

fn log_dropped(reason: &Refused, portal: &Portal) {
    if let Some(links) = portal.dropped_links.return_to.count(portal.clock.now()) {
        tracing::warn!(%reason, links, "return_to dropped");
    }
}

/// An action that is unknown or not offered becomes the list, which shows the possible ones.
fn action(name: &str, portal: &Portal) -> Action {
    Action::named(name, &portal.config).unwrap_or_else(|| {
        if let Some(links) = portal.dropped_links.action.count(portal.clock.now()) {
            // Any text may be in a link.
            let is_plain = name.len() <= LONGEST_ACTION
                && name.chars().all(|c| c.is_ascii_lowercase() || ":-".contains(c));
            let action = if is_plain { name } else { "(unreadable)" };
            tracing::warn!(?action, links, "deep link's action unknown or not offered");
        }
        Action::List
    })
}
