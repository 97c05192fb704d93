//! The request in which something happens: one value for everything that a line says of it.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::event::Event;
use crate::secret::Secret;

/// A request, and what is found out about it on its way in.
#[derive(Debug)]
pub(crate) struct Request {
    pub(super) id: String,
    pub(super) client: Option<IpAddr>,
    pub(super) began: Instant,
    visitor: Mutex<Option<Visitor>>,
    /// The sign-in that it completes, until its end is told.
    sign_in: Mutex<Option<Event>>,
}

/// The signed-in person.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) sub: String,
    /// The CSRF token, which tells one session from the next.
    pub(super) session: Secret,
}

impl Request {
    /// A request that begins now.
    pub(crate) fn new(id: &str, client: Option<IpAddr>) -> Self {
        Self {
            id: id.to_owned(),
            client,
            began: Instant::now(),
            visitor: Mutex::default(),
            sign_in: Mutex::default(),
        }
    }

    /// The client's address, where it is known.
    pub(crate) fn client(&self) -> Option<IpAddr> {
        self.client
    }

    /// Notes who is signed in, or has just signed in.
    pub(crate) fn is_by(&self, sub: &str, session: &Secret) {
        let visitor = Visitor { sub: sub.to_owned(), session: session.clone() };
        *self.visitor.lock().unwrap_or_else(PoisonError::into_inner) = Some(visitor);
    }

    pub(super) fn visitor(&self) -> Option<Visitor> {
        self.visitor.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that it completes a sign-in, or a step-up.
    pub(crate) fn completes(&self, sign_in: Event) {
        *self.sign_in.lock().unwrap_or_else(PoisonError::into_inner) = Some(sign_in);
    }

    /// The sign-in that it completes, for its one end.
    pub(crate) fn take_sign_in(&self) -> Option<Event> {
        self.sign_in.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
