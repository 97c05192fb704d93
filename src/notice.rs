//! Words of success for the next page: kept beside the session, shown once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::Duration;
use tower_sessions::Session;

use crate::app::Portal;
use crate::error::Error;
use crate::i18n::Words;
use crate::store::{Key, Kind, Store};

/// A notice that nobody came to read is of no use later.
const KEPT: Duration = Duration::minutes(10);
/// What a sealed notice is bound to.
const SEALED: &[u8] = b"notice";

/// What was done, to be said on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The beginning of its message keys: `-title` and `-text` follow.
    pub id: String,
    /// The last digits of the number it is about.
    pub ending: Option<String>,
}

impl Notice {
    /// A notice about something that needs no number.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ending: None }
    }

    /// The heading.
    #[must_use]
    pub fn title(&self, words: &Words) -> String {
        words.with(&format!("{}-title", self.id), "ending", self.ending.as_deref().unwrap_or_default())
    }

    /// The sentence below it.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        words.t(&format!("{}-text", self.id))
    }

    /// What a page that embeds ours is told of it: what was done, and with which kind of factor.
    #[must_use]
    pub fn event(&self) -> Option<(&'static str, &str)> {
        match self.id.strip_prefix("notice-")?.split_once('-')? {
            ("added", factor) => Some(("added", factor)),
            ("removed" | "replaced", factor) => Some(("removed", factor)),
            _ => None,
        }
    }

    /// The notice as a text that only we can make, for a window's page to give back.
    #[must_use]
    pub fn seal(&self, portal: &Portal) -> Option<String> {
        let plain = serde_json::to_vec(self).ok()?;
        portal.keys.seal(&portal.random, SEALED, plain).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The notice of such a text.
    #[must_use]
    pub fn open(portal: &Portal, sealed: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        serde_json::from_slice(&portal.keys.open(SEALED, &sealed)?).ok()
    }

    /// Leaves the notice for the session's next page.
    pub async fn leave(&self, store: &Store, session: &Session) -> Result<(), Error> {
        match key(session) {
            Some(key) => Ok(store.put(key, self, KEPT).await?),
            None => Ok(()),
        }
    }

    /// Takes what was left.
    pub async fn take(store: &Store, session: &Session) -> Result<Option<Self>, Error> {
        match key(session) {
            Some(key) => Ok(store.take(key).await?),
            None => Ok(None),
        }
    }
}

fn key(session: &Session) -> Option<Key> {
    session.id().map(|id| Key::random_id(Kind::Notice, &id.to_string()))
}
