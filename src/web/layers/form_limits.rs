//! A limit that a form hits is shown on the form's own page, like a mistake: a reload or the Back button there submits
//! nothing again.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Method;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use tower_sessions::Session;

use crate::audit::Told;
use crate::error::{Error, Explanation};
use crate::portal::App;
use crate::web::extract::form::MAX_BODY;
use crate::web::layout::form_problem::FormProblem;
use crate::web::request::form_draft::FormDraft;
use crate::web::request::reader::Reader;

pub(crate) async fn show_limits_at_form(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    if request.method() != Method::POST {
        return next(request).await;
    }
    let (parts, body) = request.into_parts();
    let (reader, session) = (Reader::of(&parts, app), parts.extensions.get::<Session>().cloned());
    let Ok(body) = to_bytes(body, MAX_BODY).await else { return Error::TooLarge.into_response() };
    let response = next(Request::from_parts(parts, Body::from(body.clone()))).await;
    let limit = response.extensions().get::<Explanation>().filter(|it| it.is_limit_of_form());
    let (Some(limit), Some(session)) = (limit, session) else { return response };
    let address = reader.paths.at(&reader.page);
    let problem = FormProblem::limit(limit).with_typed(FormDraft::of_body(&body));
    match problem.keep(&app.store, &session, &address).await {
        Ok(to_form) => {
            let mut answer = to_form.into_response();
            if let Some(told) = response.extensions().get::<Told>() {
                answer.extensions_mut().insert(*told);
            }
            for cookie in response.headers().get_all(SET_COOKIE) {
                answer.headers_mut().append(SET_COOKIE, cookie.clone());
            }
            answer
        }
        Err(error) => error.into_response(),
    }
}
