//! A mistake in a form field: words that name the cause and the way out.

use crate::i18n::Words;

/// A mistake in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    id: &'static str,
    argument: Option<(&'static str, String)>,
}

impl Mistake {
    pub(crate) fn new(id: &'static str) -> Self {
        Self { id, argument: None }
    }

    /// A mistake whose message has an argument.
    pub(crate) fn with(id: &'static str, name: &'static str, value: impl Into<String>) -> Self {
        Self { id, argument: Some((name, value.into())) }
    }

    pub(crate) fn text(&self, words: &Words) -> String {
        match &self.argument {
            Some((name, value)) => words.with(self.id, name, value),
            None => words.t(self.id),
        }
    }
}
