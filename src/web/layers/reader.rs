//! Gathers the reader's language, device, theme, frame and deep link once, for handlers and error pages alike.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::portal::App;
use crate::web::request::reader::Reader;

pub(crate) async fn gather_reader(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let reader = Reader::of(&parts, &app);
    parts.extensions.insert(reader);
    next.run(Request::from_parts(parts, body)).await
}
