//! What is wrong with a field: words that name the cause and the way out.

use crate::i18n::Words;

/// A mistake in one field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    id: &'static str,
    argument: Option<(&'static str, String)>,
}

impl Mistake {
    /// A mistake with the words of this message.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, argument: None }
    }

    /// The same, with an argument of the message.
    #[must_use]
    pub fn with(id: &'static str, name: &'static str, value: impl Into<String>) -> Self {
        Self { id, argument: Some((name, value.into())) }
    }

    /// The sentence.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        match &self.argument {
            Some((name, value)) => words.with(self.id, name, value),
            None => words.t(self.id),
        }
    }
}
