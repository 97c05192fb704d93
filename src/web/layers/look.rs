//! Remembers the theme and the ground that an address asked for.

use axum::extract::Request;
use axum::response::Response;

use crate::portal::App;
use crate::web::request::navigation::may_be_remembered;
use crate::web::request::{background, cookies, theme};

pub(crate) async fn remember_look(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let may_be_remembered = may_be_remembered(request.headers(), &app.config);
    let theme = theme::asked(request.uri()).map(|theme| theme::cookie(app, theme));
    let background = background::asked(request.uri()).map(|background| background::cookie(app, background));
    let mut response = next(request).await;
    for cookie in theme.iter().chain(&background).filter(|_| may_be_remembered) {
        cookies::append(&mut response, cookie);
    }
    response
}
