//! Limits on the size and shape of a request, enforced before anything is done with it.

use std::error::Error as StdError;
use std::time::Duration;

use axum::body::HttpBody as _;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONNECTION, COOKIE, HOST, HeaderValue, TRANSFER_ENCODING};
use axum::http::{HeaderMap, Version};
use axum::response::{IntoResponse as _, Response};
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use super::own_cookies::CookieBytes;
use crate::error::{Error, Framing};
use crate::web::extract::form::MAX_BODY;

/// Time for a body. A form of ours is one or two packets; a slower one holds a connection and nothing else.
const BODY: Duration = Duration::from_secs(10);
/// The longest address. Our longest is the callback's, which a tenant may fill with a long code.
const MAX_ADDRESS: usize = 8 * 1024;
/// The longest head. Our own cookies take 7 KB at most, and on a shared host other applications' cookies come along.
const MAX_HEADERS: usize = 16 * 1024;

/// Refuses requests that no browser sends, and waits for the body, so that nothing is begun for a form that never
/// comes.
pub(crate) async fn enforce_request_limits(
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    if let Err(error) = check(&request) {
        return refusal(error);
    }
    let (parts, body) = request.into_parts();
    match whole(body).await {
        Ok(body) => next(Request::from_parts(parts, body)).await,
        Err(error) => refusal(error),
    }
}

/// Whether the request's head is one that pages answer.
pub(super) fn is_within_limits(request: &Request) -> bool {
    check(request).is_ok()
}

fn check(request: &Request) -> Result<(), Error> {
    if request.uri().path_and_query().is_some_and(|it| it.as_str().len() > MAX_ADDRESS) {
        return Err(Error::LongAddress);
    }
    if size(request) > MAX_HEADERS {
        return Err(Error::LongHeaders);
    }
    // The listener sets it, because hyper drops a second Content-Length and one beside Transfer-Encoding.
    if let Some(framing) = request.extensions().get::<Framing>() {
        return Err((*framing).into());
    }
    if !is_framed_plainly(request.headers()) {
        return Err(Framing::OtherCoding.into());
    }
    // A proxy and we may see different hosts (RFC 9112 §3.2).
    let hosts = request.headers().get_all(HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Err(Error::BadForm);
    }
    Ok(())
}

/// Whether the body has a length, or comes in chunks as it is. Some proxies send every body in chunks, none included.
fn is_framed_plainly(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(only), None) => only.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    }
}

/// The size of the head's fields as they came, with the cookies that were dropped.
fn size(request: &Request) -> usize {
    let cookies = request.extensions().get::<CookieBytes>().map_or(0, |it| it.0);
    let others = request.headers().iter().filter(|(name, _)| **name != COOKIE);
    cookies + others.map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>()
}

/// The body, once it has come whole.
async fn whole(body: Body) -> Result<Body, Error> {
    if body.is_end_stream() {
        return Ok(body);
    }
    let read = timeout(BODY, to_bytes(body, MAX_BODY)).await.map_err(|_| Error::SlowForm)?;
    read.map(Body::from).map_err(|error| {
        let is_long = error.source().is_some_and(<dyn StdError>::is::<LengthLimitError>);
        if is_long { Error::TooLarge } else { Error::BadForm }
    })
}

/// Refuses, and closes the connection, because the rest of the request is not read.
fn refusal(error: Error) -> Response {
    let mut response = error.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
