//! The layers that every request passes. `web::routes` has their order.

mod audit;
mod counted;
mod deadline;
mod deep_link;
mod errors;
mod form_draft;
mod form_limits;
mod frame;
pub(crate) mod headers;
mod language;
mod linked_sign_in;
mod look;
mod own_cookies;
mod panics;
mod reader;
mod request_limits;
mod session;
mod trace;

pub(crate) use self::audit::audit_failures;
pub(crate) use self::deadline::enforce_deadline;
pub(crate) use self::deep_link::{capture_deep_link, may_be_compressed};
pub(crate) use self::errors::render_errors;
pub(crate) use self::form_draft::keep_form_draft;
pub(crate) use self::form_limits::show_limits_at_form;
pub(crate) use self::frame::{detect_frame, lead_out_of_frame};
pub(crate) use self::headers::{Headers, add_security_headers};
pub(crate) use self::language::remember_language;
pub(crate) use self::linked_sign_in::capture_linked_sign_in;
pub(crate) use self::look::remember_look;
pub use self::own_cookies::keep_own_cookies;
pub(crate) use self::panics::{answer_last_panic, answer_panic, catch_panics};
pub(crate) use self::reader::gather_reader;
pub(crate) use self::request_limits::enforce_request_limits;
pub use self::session::Sessions;
pub(crate) use self::session::{end_session_with_token, keep_session};
pub(crate) use self::trace::trace_request;
