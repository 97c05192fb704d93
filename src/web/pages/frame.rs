//! The page that a frame shows instead of the tenant's login, which refuses frames.

use askama::Template;
use askama_web::WebTemplate;

use super::sign_in::Transaction;
use crate::web::extract::visit::Visit;
use crate::web::layout::page::Page;
use crate::web::request::linked_sign_in::LinkedSignIn;

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
    /// A trial without https, in which no sign-in can reach the frame.
    needs_https: bool,
}

impl SignInPage {
    /// The ways through this sign-in outside the frame.
    pub(crate) fn new(visit: &Visit, transaction: &Transaction, had_trouble: bool) -> Self {
        let paths = visit.paths();
        let Transaction { ref next, fresh, ref entrance, .. } = *transaction;
        let entrance = LinkedSignIn::parameters(entrance, &visit.app.config);
        let through = |next: &str| {
            let href = if fresh { paths.step_up_to(next) } else { paths.sign_in_to(next) };
            href + &entrance
        };
        let again = fresh || visit.person.is_some();
        let back = visit.deep_link().parameter().map(|back| format!("&{back}")).unwrap_or_default();
        Self {
            title: if again { "frame-prove-again-title" } else { "frame-sign-in-title" },
            // The window ends at the list, where it hands its session over.
            in_window: through("/"),
            at_top: format!("{}{back}", through(next)),
            trouble: format!("{}&trouble=1", through(next)),
            next: paths.at(next),
            had_trouble,
            needs_https: visit.reader.frame.as_ref().is_some_and(|frame| frame.loses_cookies)
                || had_trouble && !visit.app.config.is_https(),
            // The language switch leads to the page after sign-in.
            page: visit.page().at(next),
        }
    }
}
