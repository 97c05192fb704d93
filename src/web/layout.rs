//! The parts that every page is made of: the layout's data, notices, mistakes, and keys to scan or copy.

pub(crate) mod form_problem;
mod grouped;
pub(crate) mod mistake;
pub(crate) mod notice;
pub(crate) mod offer;
pub(crate) mod page;
pub(crate) mod qr;
pub(crate) mod told;

pub use self::grouped::grouped;
