//! The store: the promises of its engines, and the pages that people see while it is away.

mod away;
mod bench;
mod conformance;
mod crowded;
mod file;
mod late;
mod midway;
mod outside;
mod redis_tls;
mod server;
mod shared;
