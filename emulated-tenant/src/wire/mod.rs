//! Formats of requests and responses, independent of a tenant's state.

pub(crate) mod credentials;
pub(crate) mod journal;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod refusals;
pub(crate) mod session_cookie;
