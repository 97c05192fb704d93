//! Drives the real portal over HTTP against the real emulated tenant, like a person: links are followed by name, forms
//! are filled in by label, the clock is moved. One file per area; the tree follows the addresses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod admin;
mod brand;
mod challenge;
mod check;
mod client_ip;
mod clock;
mod crash;
mod csrf;
mod docs;
mod embed;
mod errand;
mod errors;
mod face;
mod factors;
mod faults;
mod headers;
mod health;
mod input;
mod interrupted;
mod language;
mod leftovers;
mod limits;
mod list;
mod listener;
mod msrv;
mod nested;
mod new_recovery_code;
mod parsers;
mod plurals;
mod prefix;
mod process;
mod recovery_code;
mod remove;
mod replace;
mod replicas;
mod secrets;
mod seeds;
mod settings;
mod sign_in;
mod snapshots;
mod store;
mod support;
mod version;
mod words;
