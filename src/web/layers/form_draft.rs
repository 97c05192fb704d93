//! Keeps a form's fields when it is answered with "sign in first", and forgets them once a form was accepted.

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;

use crate::error::{Error, Explanation};
use crate::portal::App;
use crate::web::extract::form::MAX_BODY;
use crate::web::request::cookies;
use crate::web::request::form_draft::FormDraft;

pub(crate) async fn keep_form_draft(
    State(app): State<App>,
    Extension(jar): Extension<CookieJar>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    if request.method().is_safe() {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| Error::TooLarge)?;
    let mut response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let interrupted = response
        .extensions()
        .get::<Explanation>()
        .is_some_and(|it| it.is_sign_in_first() || it.is_token_ended());
    let cookie = if interrupted { FormDraft::cookie(&app, &body) } else { FormDraft::deletion(&app, &jar) };
    if let Some(cookie) = cookie {
        cookies::append(&mut response, &cookie);
    }
    Ok(response)
}
