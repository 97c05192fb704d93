//! Captures what a link says about the sign-in: `organization`, `connection` and `login_hint` are remembered, and the
//! browser is led to an address without them.
//!
//! An organization that is not listed is refused, because the sign-in would lead somewhere else than the link says. A
//! connection or an account is only a shortcut, so one that cannot be used is dropped, and people choose for themselves.

use std::borrow::Cow;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use url::form_urlencoded;

use super::session::person_of;
use crate::error::{Error, SignInFailure};
use crate::i18n::visible::visible;
use crate::portal::{App, Portal};
use crate::secret::Secret;
use crate::tenant::{Entrance, Organization};
use crate::web::request::address::is_own_path;
use crate::web::request::cookies;
use crate::web::request::linked_sign_in::LinkedSignIn;
use crate::web::request::navigation::may_be_remembered;
use crate::web::request::paths::{Paths, is_callback};

/// The parameters, which the layer of deep links passes on.
pub(crate) const PARAMETERS: [&str; 3] = ["organization", "connection", "login_hint"];
/// In characters. An e-mail address has at most 254 (RFC 5321 §4.5.3.1.3).
const MAX_HINT: usize = 254;

pub(crate) async fn capture_linked_sign_in(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let may_be_remembered = request.method().is_safe() && may_be_remembered(request.headers(), &app.config);
    let link = Link::of(&request).filter(|_| may_be_remembered);
    match link {
        Some(link) => follow(app, cookies::jar(request.extensions()), &link).await.into_response(),
        None => next(request).await,
    }
}

async fn follow(app: &App, jar: CookieJar, link: &Link) -> Result<Response, Error> {
    let entrance = Entrance { organization: link.organization(app)?, connection: link.connection(app) };
    let hint = link.login_hint();
    // A session that cannot be read counts as one.
    let in_session = hint.is_some() && person_of(app, &jar).await.map_or(true, |person| person.is_some());
    let followed = LinkedSignIn::read(app, &jar).followed(entrance, hint, app).in_session(in_session);
    let page = Paths::new(&app.config).at(&link.page);
    Ok((followed.keep(app, jar), Redirect::to(&page)).into_response())
}

/// A link with any of the parameters.
struct Link {
    named: Vec<(String, String)>,
    /// The same page without them.
    page: String,
}

impl Link {
    fn of(request: &Request) -> Option<Self> {
        let uri = request.uri();
        // Leave the OAuth callback's query string alone.
        if is_callback(uri.path()) {
            return None;
        }
        let (named, rest): (Vec<_>, Vec<_>) = form_urlencoded::parse(uri.query()?.as_bytes())
            .partition(|(name, _)| PARAMETERS.contains(&name.as_ref()));
        if named.is_empty() {
            return None;
        }
        let own = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), value.into_owned());
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let page = if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{rest}", uri.path()) };
        let page = if is_own_path(&page) { page } else { "/".to_owned() };
        Some(Self { named: named.into_iter().map(own).collect(), page })
    }

    /// The values of a parameter. An empty one is that of a template without a value, and says nothing.
    fn all(&self, wanted: &str) -> Vec<&str> {
        let named = self.named.iter().filter(|(name, value)| name == wanted && !value.is_empty());
        named.map(|(_, value)| value.as_str()).collect()
    }

    fn organization(&self, portal: &Portal) -> Result<Option<Organization>, Error> {
        let named = match self.all("organization")[..] {
            [] => return Ok(None),
            [only] => Organization::named(only),
            _ => None,
        };
        match named {
            Some(organization) if portal.config.offers(&organization) => Ok(Some(organization)),
            other => Err(SignInFailure::UnlistedOrganization(other).into()),
        }
    }

    fn connection(&self, portal: &Portal) -> Option<String> {
        match self.all("connection")[..] {
            [] => None,
            [only] if portal.config.connections.iter().any(|it| it == only) => Some(only.to_owned()),
            _ => {
                if let Some(links) = portal.dropped_links.connection.count(portal.clock.now()) {
                    tracing::warn!(setting = "CONNECTIONS", links, "link's connection not listed, dropped");
                }
                None
            }
        }
    }

    /// An account with blanks or unreadable characters in it would only have to be deleted again.
    fn login_hint(&self) -> Option<Secret> {
        let [only] = self.all("login_hint")[..] else { return None };
        let hint = visible(only);
        let fits = !hint.is_empty() && hint.chars().count() <= MAX_HINT;
        let plain = |c: char| !c.is_control() && !c.is_whitespace();
        (fits && hint.chars().all(plain)).then(|| Secret::from(hint))
    }
}
