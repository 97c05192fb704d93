//! The names of an entry: on the list, on its controls, and on the page that asks whether to remove it.

use super::Entry;
use crate::factor::{AsksFor, Factor};
use crate::i18n::Words;

impl Entry {
    /// Its name on the list.
    #[must_use]
    pub fn title(&self, words: &Words) -> String {
        self.numbered(words.t(&format!("entry-{}", self.words())))
    }

    /// The line below its name: the number's last digits, the masked address, or its use.
    #[must_use]
    pub fn detail(&self, words: &Words) -> String {
        match (self.ending(), self.readable(), self.factor().asks_for()) {
            (Some(ending), ..) => words.with("detail-ending", "ending", ending),
            (None, Some(name), AsksFor::PhoneNumber) => words.with("detail-number", "name", &name),
            (None, Some(name), AsksFor::EmailAddress | AsksFor::Nothing) => {
                words.with("detail-named", "name", &name)
            }
            (None, None, AsksFor::PhoneNumber | AsksFor::EmailAddress) => String::new(),
            (None, None, AsksFor::Nothing) if self.is_push_pair() => words.t("detail-push-pair"),
            (None, None, AsksFor::Nothing) => words.t(&format!("detail-{}", self.factor().slug())),
        }
    }

    /// The name of its control: `Remove phone ending 9167`.
    #[must_use]
    pub fn remove_label(&self, words: &Words) -> String {
        self.label("remove", words)
    }

    /// The name of its control: `Replace authenticator app`.
    #[must_use]
    pub fn replace_label(&self, words: &Words) -> String {
        self.label("replace", words)
    }

    /// The name of its control: `Test phone ending 9167`.
    #[must_use]
    pub fn try_label(&self, words: &Words) -> String {
        self.label("try", words)
    }

    /// The act, the entry's kind, and the detail that tells it from others of that kind.
    fn label(&self, act: &str, words: &Words) -> String {
        let id = format!("{act}-{}", self.words());
        self.numbered(match (self.ending(), self.readable()) {
            (Some(ending), _) => words.with(&format!("{id}-ending"), "ending", ending),
            (None, Some(name)) if self.factor().asks_for() == AsksFor::EmailAddress => {
                words.with(&format!("{id}-named"), "name", &name)
            }
            _ => words.t(&id),
        })
    }

    /// The mask with each run of asterisks as one ellipsis, so that screen readers do not speak thirteen asterisks.
    pub(super) fn readable(&self) -> Option<String> {
        let mut shown = self.name.clone()?.replace('*', "…");
        while shown.contains("……") {
            shown = shown.replace("……", "…");
        }
        Some(shown)
    }

    fn is_push_pair(&self) -> bool {
        self.factor() == Factor::Push && self.factors.len() == 2
    }

    fn numbered(&self, text: String) -> String {
        match self.number {
            Some(number) => format!("{text} ({number})"),
            None => text,
        }
    }

    /// The question on the removal page.
    #[must_use]
    pub fn remove_question(&self, words: &Words) -> String {
        if self.number.is_some() {
            return words.with("remove-title-numbered", "act", &self.remove_label(words));
        }
        match (self.ending(), self.readable()) {
            (Some(ending), _) => words.with("remove-title-ending", "ending", ending),
            (None, Some(name)) if self.factor().asks_for() == AsksFor::EmailAddress => {
                words.with("remove-title-named", "name", &name)
            }
            _ => words.t(&format!("remove-title-{}", self.words())),
        }
    }

    /// The effect of its removal.
    #[must_use]
    pub fn remove_lead(&self, words: &Words) -> String {
        let pair = if self.is_push_pair() { "-pair" } else { "" };
        words.t(&format!("remove-lead-{}{pair}", self.words()))
    }

    /// The text of the removal button.
    #[must_use]
    pub fn remove_button(&self, words: &Words) -> String {
        words.t(&format!("remove-confirm-{}", self.words()))
    }
}
