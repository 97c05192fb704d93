//! Drives the emulated tenant over HTTP and checks it against Auth0's documentation and recorded traffic.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot continue fails")]

mod assertion;
mod challenge;
mod client;
mod confirm;
mod devices;
mod enroll;
mod faults;
mod floors;
mod logout;
mod management;
mod middleware;
mod organizations;
mod password_grant;
mod remove;
mod sign_in;
mod tokens;
