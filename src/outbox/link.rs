//! The link in a message, for a person who did not make the change. Its token is the key that seals what stands behind
//! it, so the link outlasts every change of AUTH0_SECRET.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Message;
use crate::secret::Secret;
use crate::store::{Error, Key, RecordKind, Store};

/// The owner of the tokens in links.
const OWNER: &str = "notice link";

/// The content behind a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Link {
    pub(crate) message: Message,
    /// When the person said that it was not them.
    pub(crate) disavowed_at: Option<OffsetDateTime>,
}

impl Link {
    /// How long a link works.
    pub(crate) const LASTS: Duration = Duration::days(10);

    /// The token of a new link.
    pub(crate) fn new_token(store: &Store) -> Secret {
        store.token_of(OWNER)
    }

    /// Keeps what stands behind the message's link.
    pub(crate) async fn keep(store: &Store, message: &Message) -> Result<(), Error> {
        let link = Self { message: message.clone(), disavowed_at: None };
        store.sealed_by(&message.token).put(key(&message.token), &link, Self::LASTS).await
    }

    /// The random bytes of a token that this AUTH0_SECRET has made. Any other one may be invented.
    pub(crate) fn random_of(store: &Store, token: &Secret) -> Option<[u8; 16]> {
        store.random_of(token.expose(), OWNER)
    }

    /// The content behind the link with this token, until its time is over.
    pub(crate) async fn find(store: &Store, token: &Secret) -> Result<Option<Self>, Error> {
        store.sealed_by(token).get(key(token)).await
    }

    /// Notes that the person said that it was not them.
    pub(crate) async fn disavow(self, store: &Store) -> Result<(), Error> {
        let token = self.message.token.clone();
        let left = self.message.at + Self::LASTS - store.now();
        let link = Self { disavowed_at: self.disavowed_at.or(Some(store.now())), ..self };
        store.sealed_by(&token).replace(key(&token), &link, left).await.map(drop)
    }
}

fn key(token: &Secret) -> Key {
    Key::random_id(RecordKind::NoticeLink, token.expose())
}
