//! A mistake in a form field: words that name the cause and the way out.

use serde::{Deserialize, Serialize};

use crate::i18n::Words;

/// The first sentence of a mistake's words, for the summary above the page; the field has them all.
#[must_use]
pub fn first_sentence(text: &str) -> &str {
    // The pseudo-locale's brackets stay together.
    if text.starts_with('[') {
        return text;
    }
    let ends = text.char_indices().filter(|(_, c)| ".。!?".contains(*c)).map(|(at, c)| at + c.len_utf8());
    let mut ends = ends.filter(|end| {
        text[*end..].chars().next().is_none_or(|next| next.is_whitespace() || !next.is_ascii())
    });
    &text[..ends.next().unwrap_or(text.len())]
}

/// The id of the mistake's message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake(String);

impl Mistake {
    pub(crate) fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    pub(crate) fn text(&self, words: &Words) -> String {
        words.t(&self.0)
    }
}
