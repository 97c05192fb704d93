//! Applies a fault to a request and its response.

use std::io::{self, ErrorKind, Write as _};
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::big_body::BigBody;
use super::slow_body::SlowBody;
use super::truncated_body::TruncatedBody;
use super::{FaultKind, Faults};

const JSON: &str = "application/json";

/// The response that the caller gets instead of `real`; an error closes the connection without a response.
pub(crate) async fn apply(
    faults: &Faults,
    fault: Option<FaultKind>,
    real: impl Future<Output = Result<Response, ErrorKind>> + Send + 'static,
) -> Result<Response, ErrorKind> {
    match fault {
        None => real.await,
        Some(FaultKind::Status { status, headers, content_type, body }) => {
            Ok(made_up(status, headers, &content_type, body.into()))
        }
        Some(FaultKind::Delay(pause)) => {
            tokio::time::sleep(pause).await;
            real.await
        }
        Some(FaultKind::Hang) => std::future::pending().await,
        Some(FaultKind::Drop) => Err(ErrorKind::ConnectionAborted),
        Some(FaultKind::Reset) => Err(ErrorKind::ConnectionReset),
        Some(FaultKind::DropAfter) => {
            real.await?;
            Err(ErrorKind::ConnectionAborted)
        }
        Some(FaultKind::HoldRequest(gate)) => {
            let work = async move {
                gate.pass().await;
                let response = real.await;
                gate.leave();
                response
            };
            tokio::spawn(work).await.map_err(|_| ErrorKind::Other)?
        }
        Some(FaultKind::HoldResponse(gate)) => {
            let response = real.await;
            gate.pass().await;
            gate.leave();
            response
        }
        Some(FaultKind::SlowDrip(pause)) => {
            changed(real, |_, body| Body::new(SlowBody::new(body.clone(), pause))).await
        }
        Some(FaultKind::Truncated) => changed(real, truncated).await,
        Some(FaultKind::UnknownFields) => changed(real, |_, body| with_unknown_fields(body)).await,
        Some(FaultKind::ContentType(content_type)) => changed(real, with_content_type(content_type)).await,
        Some(FaultKind::BigBody(bytes)) => {
            let big = BigBody::new(bytes, faults.big_body_counter());
            Ok(made_up(200, Vec::new(), JSON, Body::new(big)))
        }
        Some(FaultKind::GzipBomb(bytes)) => {
            let encoding = (CONTENT_ENCODING.to_string(), "gzip".to_owned());
            Ok(made_up(200, vec![encoding], JSON, gzip_bomb(bytes)?.into()))
        }
        Some(FaultKind::Vanish) => {
            faults.vanish();
            let mut response = real.await?;
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            Ok(response)
        }
    }
}

fn made_up(status: u16, headers: Vec<(String, String)>, content_type: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = (CONTENT_TYPE.as_str().to_owned(), content_type.to_owned());
    for (name, value) in headers.into_iter().chain([content_type]) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The real response, changed once it is complete.
async fn changed(
    real: impl Future<Output = Result<Response, ErrorKind>>,
    change: impl FnOnce(&mut Response<()>, &Bytes) -> Body,
) -> Result<Response, ErrorKind> {
    let (parts, body) = real.await?.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| ErrorKind::InvalidData)?;
    let mut head = Response::from_parts(parts, ());
    head.headers_mut().remove(CONTENT_LENGTH);
    let body = change(&mut head, &body);
    Ok(head.map(|()| body))
}

/// Promises the whole body and sends half of it; an empty body promises one byte.
fn truncated(head: &mut Response<()>, body: &Bytes) -> Body {
    if body.is_empty() {
        *head.status_mut() = StatusCode::OK;
    }
    head.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len().max(1)));
    Body::new(TruncatedBody::half(body))
}

fn with_content_type(content_type: String) -> impl FnOnce(&mut Response<()>, &Bytes) -> Body {
    move |head, body| {
        if let Ok(value) = HeaderValue::from_str(&content_type) {
            head.headers_mut().insert(CONTENT_TYPE, value);
        }
        Body::from(body.clone())
    }
}

fn with_unknown_fields(body: &Bytes) -> Body {
    match serde_json::from_slice(body) {
        Ok(mut value) => {
            extend(&mut value);
            Body::from(value.to_string())
        }
        // An empty body or one that is not JSON has no objects to extend.
        Err(_) => Body::from(body.clone()),
    }
}

fn extend(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(extend),
        Value::Object(fields) => {
            fields.values_mut().for_each(extend);
            let unknown = [
                ("unheard_of", json!({"deep": [1, null, {"er": "x"}]})),
                ("created_at", json!("2031-02-29T25:61:61Z")),
                ("", json!(null)),
            ];
            for (name, field) in unknown {
                fields.entry(name).or_insert(field);
            }
        }
        _ => {}
    }
}

/// A gzipped JSON string of that many bytes. Compression is slow, so the last result is cached.
pub(super) fn gzip_bomb(bytes: usize) -> Result<Bytes, ErrorKind> {
    static PACKED: Mutex<Option<(usize, Bytes)>> = Mutex::new(None);
    let mut packed = PACKED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, packed)) = packed.as_ref().filter(|(unpacked, _)| *unpacked == bytes) {
        return Ok(packed.clone());
    }
    let new = pack(bytes).map(Bytes::from).map_err(|error| error.kind())?;
    *packed = Some((bytes, new.clone()));
    Ok(new)
}

fn pack(bytes: usize) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let letters = vec![b'x'; 64 * 1024];
    let pieces = std::iter::repeat_n(letters.as_slice(), bytes / letters.len());
    for piece in std::iter::once(&b"\""[..]).chain(pieces).chain([&b"\""[..]]) {
        gzip.write_all(piece)?;
    }
    gzip.finish()
}
