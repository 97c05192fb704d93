//! Gathers the facts of the reader once, for the page and for the errors.

use axum::extract::Request;

use crate::portal::Portal;
use crate::web::request::reader::Reader;

/// Notes on the request who reads its answer.
pub(crate) fn gather_reader(portal: &Portal, request: Request) -> Request {
    let (mut parts, body) = request.into_parts();
    let reader = Reader::of(&parts, portal);
    parts.extensions.insert(reader);
    Request::from_parts(parts, body)
}
