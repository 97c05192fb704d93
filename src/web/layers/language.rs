//! Remembers the language that was chosen on the switch.

use axum::extract::Request;
use axum::response::Response;

use crate::portal::App;
use crate::web::request::navigation::may_be_remembered;
use crate::web::request::{cookies, language};

pub(crate) async fn remember_language(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let may_be_remembered = may_be_remembered(request.headers(), &app.config);
    let chosen = language::parameter(request.uri()).filter(|_| may_be_remembered);
    let mut response = next(request).await;
    if let Some(chosen) = chosen {
        cookies::append(&mut response, &language::cookie_of_choice(&app.config, &chosen));
    }
    response
}
