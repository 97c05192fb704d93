//! The page that each trouble must lead to, for each call.

use super::call::Call;
use super::trouble::{RETRY_AFTER, Trouble, UPSTREAM};
use crate::support::Page;

const UNCHANGED: &str = "Nothing was changed";
const NOT_KNOWN: &str = "We do not know whether the change was made";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The page of success.
    Well,
    Trouble {
        status: u16,
        heading: &'static str,
        is_known: bool,
    },
}

impl Call {
    /// The expected page when the call meets this trouble.
    pub(super) fn verdict(self, trouble: Trouble) -> Verdict {
        let page = |status, heading| Verdict::Trouble { status, heading, is_known: true };
        // The tenant may have made the change although its answer was lost or unreadable.
        let doubtful =
            |status, heading| Verdict::Trouble { status, heading, is_known: self.is_visible_in_the_list() };
        let is_done = matches!(self, Self::Confirm | Self::Remove);
        match trouble {
            Trouble::UnknownFields | Trouble::WrongContentType => Verdict::Well,
            // The list shows that the change was made.
            Trouble::SlowDrip | Trouble::Truncated if is_done => Verdict::Well,
            Trouble::Refused => page(502, "The sign-in service cannot be reached"),
            Trouble::Hang | Trouble::SlowDrip => doubtful(504, "The sign-in service takes too long"),
            Trouble::Busy => doubtful(503, "The sign-in service cannot be reached"),
            Trouble::Reset | Trouble::InternalError | Trouble::BadGateway | Trouble::Truncated => {
                doubtful(502, "The sign-in service cannot be reached")
            }
            Trouble::InvalidJson
            | Trouble::WrongTypes
            | Trouble::Null
            | Trouble::Large
            | Trouble::GzipBomb => doubtful(502, "The sign-in service gave an unexpected answer"),
            Trouble::TooMany => page(429, "Too many tries in a short time"),
            Trouble::Redirect => page(502, "This page is not set up correctly"),
            Trouble::Unauthorized | Trouble::Forbidden | Trouble::NotFound => self.refusal(trouble),
        }
    }

    /// A 401, 403 or 404 without Auth0's error body.
    fn refusal(self, trouble: Trouble) -> Verdict {
        let page = |status, heading| Verdict::Trouble { status, heading, is_known: true };
        match (trouble, self) {
            (_, Self::Discovery | Self::Keys) => page(502, "This page is not set up correctly"),
            (Trouble::Unauthorized, Self::Exchange | Self::ManagementToken | Self::Regenerate) => {
                page(502, "This page is not set up correctly")
            }
            (Trouble::Unauthorized, _) => page(401, "Your visit has ended"),
            (Trouble::Forbidden, Self::Remove) => page(409, "This one cannot be removed"),
            (Trouble::Forbidden, _) => page(502, "The sign-in service refused this"),
            (_, Self::Remove) => page(502, "The sign-in service gave an unexpected answer"),
            _ => page(502, "This page is not set up correctly"),
        }
    }

    /// Whether the call changes nothing, or the list shows whether it did.
    fn is_visible_in_the_list(self) -> bool {
        !matches!(self, Self::Associate | Self::Regenerate)
    }
}

impl Verdict {
    /// Checks that the page has every expected part and no words from the answer.
    pub(super) fn check(self, trouble: Trouble, page: &Page) -> Result<(), String> {
        let Self::Trouble { status, heading, is_known } = self else {
            return Ok(());
        };
        let text = page.text();
        let id = page.header("x-request-id");
        let must = [
            (page.status == status, format!("status {status}")),
            (page.heading() == heading, format!("heading «{heading}»")),
            (page.title().starts_with(&format!("Error: {heading}")), "a title that warns".to_owned()),
            (page.header("content-type").starts_with("text/html"), "HTML".to_owned()),
            (page.html.trim_end().ends_with("</html>"), "a whole page".to_owned()),
            (page.header("cache-control") == "no-store, no-transform", "no-store, no-transform".to_owned()),
            (text.contains(UNCHANGED) == is_known, format!("«{UNCHANGED}»: {is_known}")),
            (text.contains(NOT_KNOWN) != is_known, format!("«{NOT_KNOWN}»: {}", !is_known)),
            (!page.texts("main a").is_empty(), "a next step".to_owned()),
            (id.len() > 10 && text.contains(id), "the number of the request".to_owned()),
            (!page.html.contains(UPSTREAM), "no words of others".to_owned()),
            (says_when(trouble, page), "when to try again, where it is known".to_owned()),
        ];
        match must.into_iter().find(|(is_so, _)| !is_so) {
            None => Ok(()),
            Some((_, what)) => Err(format!("expected {what}: {} {:?} {text:?}", page.status, page.headers)),
        }
    }
}

/// Whether the page names the retry time, in a header and in words, exactly when the tenant did.
fn says_when(trouble: Trouble, page: &Page) -> bool {
    let (after, words) = (page.header("retry-after"), page.text().contains("Try again in 2 minutes"));
    if matches!(trouble, Trouble::Busy | Trouble::TooMany) {
        after == RETRY_AFTER.to_string() && words
    } else {
        after.is_empty() && !words
    }
}
