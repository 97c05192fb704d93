//! A message: what was changed, when and from where. It holds no number, no name and no secret but its link's.

use std::net::IpAddr;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::factor::Factor;
use crate::secret::Secret;

/// 128 bits are enough to tell all changes apart.
const BYTES: usize = 16;

/// The news of a change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) kind: Kind,
    /// Whether the change was made. Otherwise it may have been, because a process died before it knew.
    pub(crate) is_certain: bool,
    /// The change's id, which its repeats share.
    pub(crate) change: String,
    /// The parts that name the operation in the audit stream.
    pub(crate) operation: Vec<String>,
    pub(crate) factor: Factor,
    pub(crate) at: OffsetDateTime,
    /// The family of the browser.
    pub(crate) browser: Option<String>,
    pub(crate) client: Option<IpAddr>,
    /// BCP 47 tag of the person's language.
    pub(crate) language: String,
    pub(crate) sub: String,
    /// The token of the page on which the person says that it was not them.
    pub(crate) token: Secret,
}

impl Message {
    /// The news that the change may have been made. It is a change of its own, so that a certain one is told too.
    pub(super) fn uncertain(self) -> Self {
        let told = [self.operation.as_slice(), &["perhaps".to_owned()]].concat();
        Self { is_certain: false, change: change_id(&told), ..self }
    }
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// An authenticator was added.
    Added,
    /// An authenticator was removed.
    Removed,
    /// A recovery code was made.
    Renewed,
    /// The person said that a change was not theirs.
    Disavowed,
}

impl Kind {
    /// The ending of its messages.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renewed => "renewed",
            Self::Disavowed => "disavowed",
        }
    }
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Recipient {
    /// The person's e-mail address.
    Mail(String),
    /// An e-mail address that the change took away. It may be somebody else's, so its mail holds no link that acts.
    FormerMail(String),
    /// The company's own service (WEBHOOK_URL).
    Webhook,
}

impl Recipient {
    /// It tells one recipient of a message from the others.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Mail(address) | Self::FormerMail(address) => address,
            Self::Webhook => "webhook",
        }
    }
}

/// The id of the change that this operation made.
pub(crate) fn change_id(operation: &[String]) -> String {
    let mut hash = digest::Context::new(&digest::SHA256);
    for part in operation {
        hash.update(part.as_bytes());
        hash.update(&[0]);
    }
    URL_SAFE_NO_PAD.encode(&hash.finish().as_ref()[..BYTES])
}
