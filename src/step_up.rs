//! Who may do what: [`SignedIn`] to look, [`Fresh`] to change. A handler that lists one in its arguments has the check.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::header::REFERER;
use axum::http::request::Parts;
use tower_sessions::Session;
use url::{Url, form_urlencoded};

use crate::app::App;
use crate::device::Device;
use crate::errand::Errand;
use crate::error::Error;
use crate::frame::Frame;
use crate::i18n::Words;
use crate::language;
use crate::notice::Notice;
use crate::page::Page;
use crate::session::{self, Permission, Person};
use crate::theme::Theme;

/// Anybody's visit: the application, the reader's language, and the person if one is signed in.
#[derive(Clone)]
pub struct Visit {
    /// The application.
    pub app: App,
    /// The reader's words.
    pub words: Words,
    /// Who is signed in.
    pub person: Option<Arc<Person>>,
    /// What they were sent here for.
    pub errand: Errand,
    /// The frame that this is shown in, if any.
    pub frame: Option<Frame>,
    theme: Option<Theme>,
    session: Option<Session>,
    device: Device,
    here: String,
}

impl Visit {
    /// What every page shows around its content.
    #[must_use]
    pub fn page(&self) -> Page {
        let page = Page::new(&self.app, self.words.clone(), &self.errand, self.person.as_deref());
        let page = page.at(&self.here);
        let continue_href = sign_in_href(&self.app, &self.here);
        Page { continue_href, device: self.device, frame: self.frame.clone(), theme: self.theme, ..page }
    }

    /// The address of this very page, without anything a stranger may have put there.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}{}", self.app.config.base_path(), self.here)
    }

    /// Takes the notice that was left for the person's next page.
    pub async fn notice(&self) -> Result<Option<Notice>, Error> {
        match &self.session {
            Some(session) => Notice::take(&self.app.store, session).await,
            None => Ok(None),
        }
    }

    /// What the browser's session cookie holds, if it fits a session.
    #[must_use]
    pub fn session_id(&self) -> Option<String> {
        let id = self.session.as_ref().and_then(Session::id);
        id.filter(|_| self.person.is_some()).map(|id| id.to_string())
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let words = language::words(&app.config, &parts.uri, &parts.headers);
        let session = parts.extensions.get::<Session>().cloned();
        let person = match &session {
            Some(session) => session::current(session, &app.clock).await?.map(Arc::new),
            None => None,
        };
        let errand = parts.extensions.get::<Errand>().cloned().unwrap_or_else(|| Errand::none(app));
        let frame = parts.extensions.get::<Frame>().cloned();
        let theme = Theme::of(app, &parts.uri, &parts.headers);
        let here = with_id_alone(&page_of(parts, app));
        let device = Device::of(&parts.headers);
        Ok(Self { app: app.clone(), words, person, errand, frame, theme, session, device, here })
    }
}

/// The person is signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// Who it is.
    pub person: Arc<Person>,
    visit: Visit,
}

impl Deref for SignedIn {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl SignedIn {
    /// The address of one of our pages.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.app.config.base_path())
    }

    /// Leaves a notice for the person's next page.
    pub async fn leave(&self, notice: Notice) -> Result<(), Error> {
        match &self.session {
            Some(session) => notice.leave(&self.app.store, session).await,
            None => Ok(()),
        }
    }

    /// Refuses where the tenant granted less than was asked for.
    pub fn must(&self, permission: Permission) -> Result<(), Error> {
        if self.person.may(permission) { Ok(()) } else { Err(Error::MissingScope) }
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let visit = Visit::from_request_parts(parts, app).await?;
        match &visit.person {
            Some(person) => Ok(Self { person: person.clone(), visit }),
            None => Err(Error::SignInFirst(Detour::of(parts, app, false))),
        }
    }
}

/// The person is signed in and has proved who they are a short while ago.
#[derive(Clone)]
pub struct Fresh(SignedIn);

impl Deref for Fresh {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl FromRequestParts<App> for Fresh {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        if signed_in.person.is_fresh(&app.clock) {
            return Ok(Self(signed_in));
        }
        Err(Error::SignInFirst(Detour::of(parts, app, true)))
    }
}

/// A way through sign-in and back to where the person stands. A link may be followed at once; after a form, the person
/// is asked, for a browser lets a form's redirects go only where `form-action` says.
#[derive(Clone, Debug)]
pub struct Detour {
    /// The address of the sign-in.
    pub href: String,
    /// Whether it may be followed at once.
    pub at_once: bool,
    /// Whether the person is signed in, but has to prove it again.
    pub step_up: bool,
}

impl Detour {
    fn of(parts: &Parts, app: &App, step_up: bool) -> Self {
        let href = sign_in_href(app, &page_of(parts, app));
        let fresh = if step_up { "&fresh=1" } else { "" };
        Self { href: format!("{href}{fresh}"), at_once: parts.method.is_safe(), step_up }
    }
}

fn sign_in_href(app: &App, next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{}/sign-in?next={next}", app.config.base_path())
}

/// Where the person stands, as a path of ours: for a form, the page it is on, which is where its request comes from.
pub(crate) fn page_of(request: &Parts, app: &App) -> String {
    let uri = request.extensions.get::<OriginalUri>().map_or(&request.uri, |OriginalUri(uri)| uri);
    let own = uri.path_and_query().map_or("/", |path| path.as_str());
    let below = |path: &str| path.strip_prefix(app.config.base_path()).unwrap_or("/").to_owned();
    if request.method.is_safe() {
        // A callback works once, and its code is repeated nowhere.
        return if uri.path().ends_with("/callback") { "/".to_owned() } else { below(own) };
    }
    // A form's own address shows nothing on a GET.
    let page = below(referer(request, app).as_deref().unwrap_or(own));
    match page.rsplit_once('/') {
        Some((page, "confirm" | "resend" | "cancel")) => page.to_owned(),
        // What was chosen there came from the list.
        Some(("/authenticators", action)) if !action.contains('?') => "/".to_owned(),
        _ => page,
    }
}

/// The page without what anybody may have added to its address: its answer is compressed, and beside a form's token there
/// must be no text of a stranger's choice (BREACH).
pub(crate) fn with_id_alone(page: &str) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    match form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "id") {
        Some((_, id)) => {
            format!("{path}?id={}", form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>())
        }
        None => path.to_owned(),
    }
}

fn referer(request: &Parts, app: &App) -> Option<String> {
    let url = Url::parse(request.headers.get(REFERER)?.to_str().ok()?).ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    (url.origin() == app.config.base_url.origin()).then(|| format!("{}{query}", url.path()))
}
