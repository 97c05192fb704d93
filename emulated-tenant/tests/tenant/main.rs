//! The emulated tenant, driven over HTTP and held to Auth0's documents.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod around;
mod challenge;
mod client;
mod confirm;
mod devices;
mod enroll;
mod faults;
mod logout;
mod management;
mod password_grant;
mod remove;
mod sign_in;
mod tokens;
