//! The words for a failure: what happened, whether anything was changed, and when to try again.

use time::OffsetDateTime;

use super::page::Page;
use crate::clock::Clock;
use crate::i18n::OwnRefusal;

/// A failure in words.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) text: String,
    /// The language of both, where it is another than the page's.
    pub(crate) lang: Option<String>,
    /// Whether anything was changed.
    pub(crate) changed: Option<String>,
    /// When to try again.
    pub(crate) retry: Option<String>,
}

impl Told {
    /// The words of the failure with this id (`error-<id>-title` and `-text`).
    pub(crate) fn new(
        page: &Page,
        clock: &Clock,
        id: &str,
        maybe_changed: Option<bool>,
        retry_at: Option<OffsetDateTime>,
    ) -> Self {
        let words = &page.words;
        let said = |part| words.with(&format!("error-{id}-{part}"), "brand", &page.brand_in_text);
        let minutes = retry_at.map(|at| ((at - clock.now()).whole_seconds().max(1) + 59) / 60);
        Self {
            title: said("title"),
            text: said("text"),
            lang: None,
            changed: maybe_changed
                .map(|maybe| words.t(if maybe { "error-maybe-changed" } else { "error-unchanged" })),
            retry: minutes.map(|minutes| words.count("error-retry", minutes)),
        }
    }

    /// The company's own words instead, if it has any.
    pub(crate) fn or_own(self, page: &Page, id: Option<&str>) -> Self {
        match id.and_then(|id| page.words.refusal(id, &page.brand_in_text)) {
            Some(OwnRefusal { lang, title, text }) => {
                Self { title, text, lang: Some(lang).filter(|lang| *lang != page.words.lang()), ..self }
            }
            None => self,
        }
    }

    /// All but the title.
    pub(crate) fn sentences(&self) -> String {
        let all = [Some(&self.text), self.changed.as_ref(), self.retry.as_ref()];
        all.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}
