//! A mistake in a form field: words that name the cause and the way out.

use serde::{Deserialize, Serialize};

use crate::i18n::Words;

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
