//! Drives the real portal over HTTP against the real emulated tenant, like a person: links are followed by name, forms
//! are filled in by label, the clock is moved. One file per area; the tree follows the addresses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod csrf;
mod errors;
mod factors;
mod list;
mod remove;
mod sign_in;
mod support;
