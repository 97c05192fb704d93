//! The pages: one file for each, with its handlers, forms and page structs. `web::routes` has their addresses.

pub(crate) mod choose_one;
pub(crate) mod clear;
pub(crate) mod code;
pub(crate) mod disavow;
pub(crate) mod email;
pub(crate) mod embed_script;
pub(crate) mod forget;
mod frame;
pub mod gallery;
pub(crate) mod hand_over;
pub(crate) mod help;
pub(crate) mod list;
pub(crate) mod lost_phone;
pub(crate) mod name;
pub(crate) mod next_page;
pub(crate) mod phone;
pub(crate) mod push;
pub(crate) mod recovery_code;
pub(crate) mod remove;
pub(crate) mod replace;
pub(crate) mod sent;
mod series;
pub(crate) mod sign_in;
pub(crate) mod totp;
pub(crate) mod try_out;
mod waiting;
