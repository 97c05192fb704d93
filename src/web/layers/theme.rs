//! Remembers the theme that an address asked for.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::portal::App;
use crate::web::request::navigation::may_be_remembered;
use crate::web::request::{cookies, theme};

pub(crate) async fn remember_theme(State(app): State<App>, request: Request, next: Next) -> Response {
    let may_be_remembered = may_be_remembered(request.headers(), &app.config);
    let asked = theme::asked(request.uri()).filter(|_| may_be_remembered);
    let mut response = next.run(request).await;
    if let Some(theme) = asked {
        cookies::append(&mut response, &theme::cookie(&app, theme));
    }
    response
}
