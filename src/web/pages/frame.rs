//! The page that a frame shows instead of the tenant's login, which refuses frames.

use askama::Template;
use askama_web::WebTemplate;

use crate::web::extract::visit::Visit;
use crate::web::layout::page::Page;

#[derive(Template, WebTemplate)]
#[template(path = "frame/sign_in.html")]
pub(crate) struct SignInPage {
    page: Page,
    title: &'static str,
    /// The frame's page after sign-in.
    next: String,
    in_window: String,
    at_top: String,
    /// This page again, after a window that could not hand its session over.
    trouble: String,
    had_trouble: bool,
}

impl SignInPage {
    /// The ways to `next`, a path below that of APP_BASE_URL.
    pub(crate) fn new(visit: &Visit, next: &str, fresh: bool, had_trouble: bool) -> Self {
        let paths = visit.paths();
        let through = |next: &str| if fresh { paths.step_up_to(next) } else { paths.sign_in_to(next) };
        let again = fresh || visit.person.is_some();
        let back = visit.reader.deep_link.parameter().map(|back| format!("&{back}")).unwrap_or_default();
        Self {
            title: if again { "frame-prove-again-title" } else { "frame-sign-in-title" },
            // The window ends at the list, where it hands its session over.
            in_window: through("/"),
            at_top: format!("{}{back}", through(next)),
            trouble: format!("{}&trouble=1", through(next)),
            next: paths.at(next),
            had_trouble,
            // The language switch leads to the page after sign-in.
            page: visit.page().at(next),
        }
    }
}
