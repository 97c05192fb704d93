//! A notice: words on what was done for the next page, kept beside the session and shown once.

use serde::{Deserialize, Serialize};
use time::Duration;
use tower_sessions::Session;

use crate::error::Error;
use crate::i18n::Words;
use crate::portal::Portal;
use crate::store::{Key, RecordKind, Store};

/// An unread notice is of no use later.
const KEPT_FOR: Duration = Duration::minutes(10);
/// A sealed notice opens under this name alone.
const SEALED_AS: &str = "notice";
/// The id of a notice without words.
const GIVEN_UP: &str = "given-up";

/// The tone of a notice, which gives it its colour and icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tone {
    /// The person got what they wanted.
    #[default]
    Good,
    /// Nothing was gained: something was given up, or was gone already.
    Quiet,
    /// It was done, and leaves the account without protection.
    Warn,
}

/// The change to tell of on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Notice {
    /// The beginning of its message ids: `-title` and `-text` follow.
    pub(crate) id: String,
    /// The last digits of the number it is about.
    pub(crate) ending: Option<String>,
    pub(crate) tone: Tone,
    /// The id of another text than its own.
    other_text: Option<String>,
}

impl Default for Notice {
    fn default() -> Self {
        Self::new(String::new())
    }
}

impl Notice {
    /// A notice about something that needs no number.
    pub(crate) fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ending: None, tone: Tone::Good, other_text: None }
    }

    /// Tells only the page around a frame that the person gave up: on ours they see it.
    pub(crate) fn given_up() -> Self {
        Self::new(GIVEN_UP)
    }

    /// Whether it has words.
    pub(crate) fn is_shown(&self) -> bool {
        self.id != GIVEN_UP
    }

    /// The same about the number with these last digits.
    pub(crate) fn ending(self, ending: Option<&str>) -> Self {
        Self { ending: ending.map(ToOwned::to_owned), ..self }
    }

    /// The same without praise.
    pub(crate) fn quiet(self) -> Self {
        Self { tone: Tone::Quiet, ..self }
    }

    /// The same as a warning.
    pub(crate) fn warning(self) -> Self {
        Self { tone: Tone::Warn, ..self }
    }

    /// The same about the removal of the last way that protects.
    pub(crate) fn of_last_one(self) -> Self {
        Self { tone: Tone::Warn, other_text: Some("removed-last".to_owned()), ..self }
    }

    /// The same for a list on which nothing protects: an address that was added does so neither.
    pub(crate) fn unprotected(self) -> Self {
        let adds_address = self.adds_address();
        Self { other_text: adds_address.then(|| "added-spare".to_owned()).or(self.other_text), ..self }
    }

    /// Whether an address was added, which does not protect by itself.
    pub(crate) fn adds_address(&self) -> bool {
        self.id == "notice-added-email"
    }

    /// Whether it ends the set-up of a first way to verify: with the way itself, or with the recovery code after it.
    pub(crate) fn ends_set_up(&self) -> bool {
        self.id == "notice-recovery-code-saved" || self.event().is_some_and(|(event, _)| event == "added")
    }

    /// The name of its colours and of its icon.
    pub(crate) fn kind(&self) -> &'static str {
        match self.tone {
            Tone::Good => "good",
            Tone::Quiet => "quiet",
            Tone::Warn => "warn",
        }
    }

    pub(crate) fn title(&self, words: &Words) -> String {
        words.with(&format!("{}-title", self.id), "ending", self.ending.as_deref().unwrap_or_default())
    }

    pub(crate) fn text(&self, words: &Words) -> String {
        words.t(self.other_text.as_ref().unwrap_or(&format!("{}-text", self.id)))
    }

    /// The event for a page that embeds ours: the end, and the kind of factor of a change.
    pub(crate) fn event(&self) -> Option<(&'static str, Option<&str>)> {
        let end = match &self.id[..] {
            GIVEN_UP | "notice-cancelled" => "cancelled",
            "notice-already-removed" => "unchanged",
            "notice-recovery-code-saved" => "recovery-code",
            change => {
                let (change, factor) = change.strip_prefix("notice-")?.split_once('-')?;
                let change = ["added", "removed", "replaced"].into_iter().find(|it| *it == change)?;
                return Some((change, Some(factor)));
            }
        };
        Some((end, None))
    }

    /// The notice as a text that only we can make. A window's page gives it back.
    pub(crate) fn seal(&self, portal: &Portal) -> Option<String> {
        portal.seal(SEALED_AS, self)
    }

    /// The notice of a sealed text.
    pub(crate) fn open(portal: &Portal, sealed: &str) -> Option<Self> {
        portal.open(SEALED_AS, sealed)
    }

    /// Leaves the notice for the session's next page.
    pub(crate) async fn leave(&self, store: &Store, session: &Session) -> Result<(), Error> {
        match Self::record(session) {
            Some(key) => Ok(store.put(key, self, KEPT_FOR).await?),
            None => Ok(()),
        }
    }

    /// Takes what was left.
    pub(crate) async fn take(store: &Store, session: &Session) -> Result<Option<Self>, Error> {
        match Self::record(session) {
            Some(key) => Ok(store.take(key).await?),
            None => Ok(None),
        }
    }
    /// The record of what was left.
    pub(crate) fn record(session: &Session) -> Option<Key> {
        session.id().map(|id| Key::random_id(RecordKind::Notice, &id.to_string()))
    }
}
