//! The parts that every page is made of: the layout's data, notices, mistakes, and keys to scan or copy.

mod grouped;
pub(crate) mod mistake;
pub(crate) mod notice;
pub(crate) mod page;
pub(crate) mod qr;

pub use self::grouped::grouped;
