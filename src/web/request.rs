//! Plain facts of a request: where it comes from, its cookies, language, device, frame, deep link, and the sign-in
//! that a link describes.

pub(crate) mod address;
pub(crate) mod background;
pub(crate) mod client_ip;
pub(crate) mod cookies;
pub(crate) mod deep_link;
pub(crate) mod device;
pub(crate) mod form_draft;
pub(crate) mod frame;
pub(crate) mod known_browser;
pub(crate) mod language;
pub(crate) mod linked_sign_in;
pub(crate) mod navigation;
pub(crate) mod paths;
pub(crate) mod reader;
pub(crate) mod request_id;
pub(crate) mod sealed_cookie;
pub(crate) mod signed_out;
pub(crate) mod theme;
