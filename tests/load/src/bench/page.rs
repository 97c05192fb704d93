//! The pages that are measured.

use std::sync::Arc;

use super::drive::Expected;

/// A page of the portal, or another answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    List,
    Factors,
    Qr,
    Missing,
    SignedOut,
    Stylesheet,
}

impl Page {
    pub(super) const ALL: [Self; 6] =
        [Self::List, Self::Factors, Self::Qr, Self::Missing, Self::SignedOut, Self::Stylesheet];

    /// Its name in tables and in paths of the bare handler.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Factors => "factors",
            Self::Qr => "qr",
            Self::Missing => "404",
            Self::SignedOut => "signed-out",
            Self::Stylesheet => "stylesheet",
        }
    }

    /// Whether it is asked for with the cookies of a session.
    pub(super) fn has_session(self) -> bool {
        matches!(self, Self::List | Self::Factors | Self::Qr)
    }

    /// The answer that it must be.
    pub(super) fn expected(self, is_packed: bool) -> Arc<Expected> {
        let (status, contains) = match self {
            Self::List => (200, "<h1>Two-step verification</h1>"),
            Self::Factors => (200, "<h1>Add a way to verify</h1>"),
            Self::Qr => (200, "<h1>Set up an authenticator app</h1>"),
            Self::Missing => (404, "<h1>Page not found</h1>"),
            Self::SignedOut => (303, ""),
            Self::Stylesheet => (200, "color-scheme"),
        };
        Arc::new(Expected { status, contains: contains.to_owned(), is_packed })
    }
}
