//! Whatever the tenant does, each page tells the truth in time: every call × every trouble, one after the other.

mod call;
mod kept;
mod matrix;
mod memory;
mod odd;
mod others;
mod trouble;
mod verdict;
