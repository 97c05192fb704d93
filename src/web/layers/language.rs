//! Remembers the language that was chosen on the switch.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::portal::App;
use crate::web::request::{cookies, language};

pub(crate) async fn remember_language(State(app): State<App>, request: Request, next: Next) -> Response {
    let chosen = language::parameter(request.uri());
    let mut response = next.run(request).await;
    if let Some(chosen) = chosen {
        cookies::append(&mut response, &language::cookie_of_choice(&app.config, &chosen));
    }
    response
}
