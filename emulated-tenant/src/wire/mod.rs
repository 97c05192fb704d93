//! What requests and responses look like, whatever tenant they meet.

pub(crate) mod credentials;
pub(crate) mod journal;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod refusals;
pub(crate) mod session_cookie;
