//! The kinds of second factor: what the wire calls them, what the pages call them, which of them come in pairs.
//!
//! One file per factor people can add, each with the same members in the same order: router, page structs, form
//! structs, handlers in the order in which the person meets them.

pub(crate) mod code;
mod email;
mod entry;
mod entry_words;
pub mod offers;
mod overview;
mod phone;
mod push;
pub(crate) mod qr;
pub mod recovery_code;
mod sent;
mod totp;

use axum::Router;
use axum::middleware::from_fn_with_state;

pub use self::entry::Entry;
pub use self::overview::{Overview, mask_fits};
use crate::app::App;
use crate::draft;

/// The pages of every factor.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .merge(totp::router())
        .merge(phone::router())
        .merge(email::router())
        .merge(push::router())
        .merge(recovery_code::router())
        .layer(from_fn_with_state(app.clone(), draft::keep))
}

/// In groups of four, as people type and copy keys.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
