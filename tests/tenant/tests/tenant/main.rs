//! The emulated tenant, driven over HTTP and held to Auth0's documents.

mod client;
mod sign_in;
