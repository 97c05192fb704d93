//! One file per endpoint or page. `server/routes.rs` says which path leads where.

pub(crate) mod authorize;
pub(crate) mod devices;
pub(crate) mod discovery;
mod grants;
mod issuer;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod management;
pub(crate) mod mfa;
pub(crate) mod token;
pub(crate) mod userinfo;
pub(crate) mod welcome;
