//! Tells the audit stream of requests that end in a failure, and of sign-ins that their browser leaves in the middle.

use std::sync::Arc;

use axum::extract::Request as HttpRequest;
use axum::http::StatusCode;
use axum::response::Response;

use crate::audit::{Event, Outcome, Reason, Request, Told};
use crate::error::Explanation;
use crate::portal::App;

/// Stands twice among the layers: inside the deadline, where a form's request runs to its end without its browser, and
/// outside of the limits on requests. A failure is told once.
pub(crate) async fn audit_failures(
    app: &App,
    request: HttpRequest,
    next: impl AsyncFnOnce(HttpRequest) -> Response,
) -> Response {
    let Some(context) = request.extensions().get::<Arc<Request>>().cloned() else {
        return next(request).await;
    };
    let mut watch = Watch { app: app.clone(), context, left: true };
    let mut response = next(request).await;
    watch.left = false;
    let told = response.extensions_mut().remove::<Told>().or_else(|| refused_origin(&response));
    if let Some(told) = told {
        response.extensions_mut().insert(Audited(told));
        watch.tell(told);
    }
    response
}

/// The failure of an answer, once it was told.
#[derive(Clone, Copy)]
pub(super) struct Audited(pub(super) Told);

/// The bare answer of the layer that checks a form's origin.
fn refused_origin(response: &Response) -> Option<Told> {
    let extensions = response.extensions();
    let is_bare = extensions.get::<Explanation>().is_none() && extensions.get::<Audited>().is_none();
    (is_bare && response.status() == StatusCode::FORBIDDEN)
        .then(|| Event::RefusedForm.refused(Reason::ForeignOrigin))
}

/// Watches a request until its answer.
struct Watch {
    app: App,
    context: Arc<Request>,
    left: bool,
}

impl Watch {
    fn tell(&self, told: Told) {
        let audit = &self.app.audit;
        let sign_in = self.context.take_sign_in();
        if let Some(event) = sign_in {
            // Whatever fails meanwhile fails the sign-in too.
            audit.tell(&audit.line_in(Told { event, outcome: Outcome::Failure, ..told }, &self.context));
        }
        if sign_in.is_none() || told.event != Event::SignIn {
            audit.tell(&audit.line_in(told, &self.context));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.left
            && let Some(event) = self.context.take_sign_in()
        {
            let audit = &self.app.audit;
            audit.tell(&audit.line_in(event.failed(Reason::Interrupted), &self.context));
        }
    }
}
