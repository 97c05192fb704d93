//! Everything that knows HTTP, in floors: plain facts of a request, the layout, the arguments of handlers, the layers,
//! the pages, and the list of routes.

pub(crate) mod extract;
pub(crate) mod layers;
pub(crate) mod layout;
pub(crate) mod pages;
pub(crate) mod request;
mod routes;

pub(crate) use self::layers::ConnectionSlot;
pub use self::pages::embed_script::embed_hashes;
pub use self::pages::gallery;
pub(crate) use self::routes::outside;
pub use self::routes::{app, pages, pages_with};
