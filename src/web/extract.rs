//! The arguments of handlers: each is a check, and a handler that lists it has passed it.

pub(crate) mod form;
pub(crate) mod session;
pub(crate) mod sign_in_limit;
pub(crate) mod signed_in;
pub(crate) mod visit;
