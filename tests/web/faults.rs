//! Every failure of the tenant in every call: each page comes in time and says what is known.

mod cache;
mod call;
mod matrix;
mod memory;
mod odd;
mod others;
mod trouble;
mod verdict;
