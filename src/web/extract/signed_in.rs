//! [`SignedIn`] to look, [`Fresh`] to change. Their parameter names the scopes of the MFA API that the handler needs.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::visit::Visit;
use crate::error::{Error, SignInRedirect};
use crate::mfa::{Account, Permission, Person, limits, proof};
use crate::portal::{App, Portal};
use crate::store::{Key, RecordKind};
use crate::web::request::device;
use crate::web::request::navigation::is_unasked;
use crate::web::request::reader::Reader;

/// The permissions that a handler needs.
pub(crate) trait Needs: Send + Sync + 'static {
    const PERMISSIONS: &'static [Permission];
    /// The keys of the records of the person with this `sub` that its pages ask for.
    fn records(_app: &Portal, _sub: &str) -> Vec<Key> {
        Vec::new()
    }
}

/// Needs the scope that lists authenticators.
pub(crate) enum List {}
/// Needs the scope that enrolls them.
pub(crate) enum Add {}
/// Needs the scope that removes them.
pub(crate) enum Remove {}
/// Needs the scopes that enroll and remove them.
pub(crate) enum Replace {}
/// Calls no API that needs a scope, or decides for itself.
pub(crate) enum NoScope {}

impl Needs for List {
    const PERMISSIONS: &'static [Permission] = &[Permission::List];

    fn records(app: &Portal, sub: &str) -> Vec<Key> {
        const KINDS: [RecordKind; 6] = [
            RecordKind::Remembered,
            RecordKind::Replacing,
            RecordKind::RecoveryCode,
            RecordKind::PhoneChange,
            RecordKind::NotOffered,
            RecordKind::LastRemoved,
        ];
        KINDS.into_iter().map(|kind| app.store.key_of_person(kind, sub, &[])).collect()
    }
}

impl Needs for Add {
    const PERMISSIONS: &'static [Permission] = &[Permission::Add];

    fn records(app: &Portal, sub: &str) -> Vec<Key> {
        vec![app.store.key_of_person(RecordKind::NotOffered, sub, &[])]
    }
}

impl Needs for Remove {
    const PERMISSIONS: &'static [Permission] = &[Permission::Remove];
}

impl Needs for Replace {
    const PERMISSIONS: &'static [Permission] = &[Permission::Add, Permission::Remove];
}

impl Needs for NoScope {
    const PERMISSIONS: &'static [Permission] = &[];
}

/// A signed-in person with the permissions that `P` names.
pub(crate) struct SignedIn<P> {
    pub(crate) account: Account,
    visit: Visit,
    needs: PhantomData<P>,
}

impl<P> Deref for SignedIn<P> {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl<P: Needs> FromRequestParts<App> for SignedIn<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let mut visit = Visit::reading(parts, app, P::records).await?;
        // A form belongs to the session that it was shown in.
        let is_for_another = |person: &Arc<Person>| {
            parts.method.is_safe() && visit.reader.linked_sign_in.is_for_another(person)
        };
        let Some(person) = visit.person.clone().filter(|person| !is_for_another(person)) else {
            return Err(Error::SignInFirst(redirect(parts, &visit.reader, false)));
        };
        let (browser, request) = (device::browser(&parts.headers), visit.request.clone());
        let language = visit.reader.words.lang();
        let account = Account { portal: app.clone(), person, browser, language, request };
        for permission in P::PERMISSIONS {
            account.person.must(*permission)?;
        }
        limits::count_request(&account, is_unasked(&parts.headers)).await?;
        visit.read_problem().await?;
        Ok(Self { account, visit, needs: PhantomData })
    }
}

/// A signed-in person with the permissions that `P` names, and with a recent proof of identity. The act may ask for a
/// better one (`mfa::proof`), because only the list shows whether a factor protects the person.
pub(crate) struct Fresh<P>(SignedIn<P>);

impl<P> Deref for Fresh<P> {
    type Target = SignedIn<P>;

    fn deref(&self) -> &SignedIn<P> {
        &self.0
    }
}

impl<P: Needs> FromRequestParts<App> for Fresh<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        if proof::suffices(&signed_in.account, false) {
            return Ok(Self(signed_in));
        }
        Err(Error::SignInFirst(redirect(parts, &signed_in.reader, true)))
    }
}

/// Through sign-in and back to this page.
fn redirect(parts: &Parts, reader: &Reader, step_up: bool) -> SignInRedirect {
    let (paths, page) = (&reader.paths, &reader.page);
    let href = if step_up { paths.step_up_to(page) } else { paths.sign_in_to(page) };
    SignInRedirect { href, at_once: parts.method.is_safe(), step_up }
}
