//! The store: what its engines promise, and what people see while it is away.

mod away;
mod bench;
mod conformance;
mod file;
mod late;
mod midway;
mod outside;
mod server;
mod shared;
