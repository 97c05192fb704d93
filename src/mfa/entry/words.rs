//! The names of an entry: on the list, on its controls, and on the page that asks whether to remove it.

use super::Entry;
use crate::factor::{AsksFor, Factor};
use crate::i18n::Words;

impl Entry {
    /// Its name on the list: the person's own, or its kind.
    #[must_use]
    pub fn title(&self, words: &Words) -> String {
        match &self.called {
            Some(called) => self.numbered(called.clone()),
            None => self.kind_title(words),
        }
    }

    /// Its kind, with what tells it from others of that kind: `Authenticator app`, `Phone ending 9167`.
    #[must_use]
    pub fn kind_title(&self, words: &Words) -> String {
        let id = format!("entry-{}", self.kind());
        self.numbered(match (self.ending(), self.readable()) {
            (Some(ending), _) => words.with(&format!("{id}-ending"), "ending", ending),
            (None, Some(name)) if self.factor().asks_for() == AsksFor::PhoneNumber => {
                words.with(&format!("{id}-named"), "name", &name)
            }
            _ => words.t(&id),
        })
    }

    /// The line below its name: a phone's channels, the address, or its use.
    #[must_use]
    pub fn detail(&self, words: &Words) -> String {
        match (self.readable(), self.factor().asks_for()) {
            (_, AsksFor::PhoneNumber) => words.t(&format!("detail-{}", self.words())),
            (Some(name), AsksFor::EmailAddress | AsksFor::Nothing) => {
                words.with("detail-named", "name", &name)
            }
            (None, AsksFor::EmailAddress) => String::new(),
            (None, AsksFor::Nothing) if self.is_push_pair() => words.t("detail-push-pair"),
            (None, AsksFor::Nothing) => words.t(&format!("detail-{}", self.factor().slug())),
        }
    }

    /// Where a challenge arrives: `Phone ending 9167`, the address, or the name of the phone with the push app.
    #[must_use]
    pub fn destination(&self, words: &Words) -> String {
        match self.factor().asks_for() {
            AsksFor::PhoneNumber => self.kind_title(words),
            AsksFor::EmailAddress | AsksFor::Nothing => self.detail(words),
        }
    }

    /// The name of its control: `Remove phone ending 9167`.
    #[must_use]
    pub fn remove_label(&self, words: &Words) -> String {
        self.label("remove", words)
    }

    /// The name of its control: `Name: Authenticator app`, or `Rename Edda's iPhone`.
    #[must_use]
    pub fn name_label(&self, words: &Words) -> String {
        match &self.called {
            Some(called) => self.numbered(words.with("rename-called", "name", called)),
            None => format!("{}: {}", words.t("name"), self.title(words)),
        }
    }

    /// The name of its control: `Replace authenticator app`.
    #[must_use]
    pub fn replace_label(&self, words: &Words) -> String {
        self.label("replace", words)
    }

    /// The name of its control: `Test your phone ending 9167`.
    #[must_use]
    pub fn try_label(&self, words: &Words) -> String {
        self.label("try", words)
    }

    /// The act, the entry's kind, and the detail that tells it from others of that kind.
    fn label(&self, act: &str, words: &Words) -> String {
        if let Some(called) = &self.called {
            return self.numbered(words.with(&format!("{act}-called"), "name", called));
        }
        let id = format!("{act}-{}", self.kind());
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
        let name = self.name.as_deref()?;
        let mut shown = String::with_capacity(name.len());
        for character in name.chars().map(|it| if it == '*' { '…' } else { it }) {
            if character != '…' || !shown.ends_with('…') {
                shown.push(character);
            }
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
        if let Some(called) = &self.called {
            return words.with("remove-title-called", "name", called);
        }
        match (self.ending(), self.readable()) {
            (Some(ending), _) => words.with("remove-title-ending", "ending", ending),
            (None, Some(name)) if self.factor().asks_for() == AsksFor::EmailAddress => {
                words.with("remove-title-named", "name", &name)
            }
            _ => words.t(&format!("remove-title-{}", self.kind())),
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
