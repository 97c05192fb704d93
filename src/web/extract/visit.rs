//! [`Visit`]: any visitor, signed in or not.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Redirect;
use tower_sessions::Session;
use tower_sessions::session::Id;

use super::session;
use crate::audit;
use crate::error::Error;
use crate::mfa::Person;
use crate::portal::{App, Portal};
use crate::store::Key;
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;
use crate::web::request::address;
use crate::web::request::deep_link::{Claim, DeepLink};
use crate::web::request::paths::Paths;
use crate::web::request::reader::Reader;

/// The visit of any person: the reader, and who is signed in, if anybody is.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) app: App,
    pub(crate) reader: Arc<Reader>,
    pub(crate) person: Option<Arc<Person>>,
    pub(super) session: Option<Session>,
    /// The request, for the audit stream.
    pub(crate) request: Arc<audit::Request>,
    /// The problem with the form of this page; [`SignedIn`](super::signed_in::SignedIn) reads it.
    pub(super) problem: Option<FormProblem>,
}

impl Visit {
    /// The layout's data for this visit's page.
    pub(crate) fn page(&self) -> Page {
        let page = Page::new(&self.app, &self.reader, self.person.as_deref()).at(self.reader.path());
        Page { limit: self.problem().told(&page, &self.app.clock), ..page }
    }

    /// The same for a page about something of the person's with this id, to which its links lead back.
    pub(crate) fn page_about(&self, id: &str) -> Page {
        let here = address::about(self.reader.path(), id);
        Page { continue_href: self.paths().sign_in_to(&here), ..self.page().at(&here) }
    }

    /// The deep link as this visitor may see it.
    pub(crate) fn deep_link(&self) -> Cow<'_, DeepLink> {
        self.reader.deep_link.seen_by(self.person.as_deref())
    }

    /// Builds our addresses.
    pub(crate) fn paths(&self) -> &Paths {
        &self.reader.paths
    }

    /// The address of this very page with its `id` alone, for pages without a form's token.
    pub(crate) fn address(&self) -> String {
        self.paths().at(&self.reader.safe_page())
    }

    /// The problem with the last submit of this page's form; an empty one if there was none.
    pub(crate) fn problem(&self) -> FormProblem {
        self.problem.clone().unwrap_or_default()
    }

    /// Keeps the problem for the form's page at this address, and leads there.
    pub(crate) async fn keep(&self, problem: FormProblem, address: &str) -> Result<Redirect, Error> {
        match &self.session {
            Some(session) => problem.keep(&self.app.store, session, address).await,
            None => Ok(Redirect::to(address)),
        }
    }

    /// Reads the problem that was kept for this page.
    pub(super) async fn read_problem(&mut self) -> Result<(), Error> {
        if let Some(session) = &self.session {
            self.problem = FormProblem::find(&self.app.store, session, &self.own_address()).await?;
        }
        Ok(())
    }

    /// Forgets the problem that was kept for the page of the submitted form.
    pub(super) async fn forget_problem(&self) -> Result<(), Error> {
        match &self.session {
            Some(session) => FormProblem::forget(&self.app.store, session, &self.own_address()).await,
            None => Ok(()),
        }
    }

    fn own_address(&self) -> String {
        self.paths().at(self.reader.path())
    }

    /// Takes the notice that was left for the session's next page.
    pub(crate) async fn notice(&self) -> Result<Option<Notice>, Error> {
        match &self.session {
            Some(session) => Notice::take(&self.app.store, session).await,
            None => Ok(None),
        }
    }

    /// Leaves a notice for the session's next page.
    pub(crate) async fn leave(&self, notice: Notice) -> Result<(), Error> {
        match &self.session {
            Some(session) => notice.leave(&self.app.store, session).await,
            None => Ok(()),
        }
    }

    /// The id in the browser's session cookie, if somebody is signed in.
    pub(crate) fn session_id(&self) -> Option<Id> {
        self.session.as_ref().and_then(Session::id).filter(|_| self.person.is_some())
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Self::reading(parts, app, |_, _| Vec::new()).await
    }
}

impl Visit {
    /// The visit of a page that asks for the records with these keys, which belong to the person with the `sub`.
    pub(super) async fn reading(
        parts: &Parts,
        app: &App,
        of_person: impl FnOnce(&Portal, &str) -> Vec<Key>,
    ) -> Result<Self, Error> {
        let (session, reader) = (parts.extensions.get::<Session>().cloned(), Reader::of(parts, app));
        let person = match &session {
            Some(session) => {
                let records = |person: &Person| {
                    let of_session = [
                        FormProblem::record(session, &reader.paths.at(reader.path())),
                        Notice::record(session),
                    ];
                    let mut records = of_person(app, &person.identity.sub);
                    records.extend(of_session.into_iter().flatten());
                    records
                };
                session::current_reading(app, session, records).await?.map(Arc::new)
            }
            None => None,
        };
        let request = parts.extensions.get::<Arc<audit::Request>>().cloned();
        let request = request.ok_or_else(|| Error::Bug("a request without its audit context".into()))?;
        if let Some(person) = &person {
            request.is_by(&person.identity.sub, &person.csrf_token);
            if let Some(claim) = parts.extensions.get::<Claim>() {
                claim.note(&person.identity.sub);
            }
        }
        Ok(Self { app: app.clone(), reader, person, session, request, problem: None })
    }
}
