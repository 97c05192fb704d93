//! Under which name a record lies in the store. No name tells whose record it is.

use aws_lc_rs::{digest, hmac};

/// What kind of record it is; part of every look-up key, so that kinds never collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A signed-in person's session.
    Session,
    /// A `state` that has come back to the callback once.
    UsedState,
    /// An unfinished enrollment.
    Enrollment,
    /// Which enrollment of a factor is the person's pending one.
    Pending,
    /// Held while an enrollment is being started, so that double submits collapse.
    Starting,
    /// Words of success for the next page.
    Notice,
    /// A recovery code that the person has not yet marked as saved.
    RecoveryCode,
    /// A try of an authenticator that is under way.
    Challenge,
    /// An authenticator that was sent something just now.
    Cooling,
    /// Held by the page that asked last whether the phone has approved.
    Turn,
    /// How long such a page waits for its next turn.
    Pace,
    /// Factors that the tenant refused as switched off.
    NotOffered,
    /// What the person is replacing by a new one.
    Replacing,
    /// What a frame redeems for the session of the window that it opened.
    Ticket,
    /// How often something was done lately.
    Count,
    /// Written, read and removed by `mfa-portal check`.
    Trial,
}

impl Kind {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"session",
            Self::UsedState => b"used-state",
            Self::Enrollment => b"enrollment",
            Self::Pending => b"pending",
            Self::Starting => b"starting",
            Self::Notice => b"notice",
            Self::RecoveryCode => b"recovery-code",
            Self::Challenge => b"challenge",
            Self::Cooling => b"cooling",
            Self::Turn => b"turn",
            Self::Pace => b"pace",
            Self::NotOffered => b"not-offered",
            Self::Replacing => b"replacing",
            Self::Ticket => b"ticket",
            Self::Count => b"count",
            Self::Trial => b"trial",
        }
    }
}

/// A look-up key: 256 bits that cannot be turned back into what they were made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// For a random id of at least 128 bits: SHA-256 needs no key, for nobody can guess the id.
    #[must_use]
    pub fn random_id(kind: Kind, id: &str) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(kind.label());
        hash.update(&[0]);
        hash.update(id.as_bytes());
        Self::from_tag(hash.finish().as_ref())
    }

    /// For something guessable (a person, a number): HMAC-SHA-256, so that a stolen store answers no guesses.
    #[must_use]
    pub(super) fn guessable(key: &hmac::Key, kind: Kind, parts: &[&str]) -> Self {
        let mut mac = hmac::Context::with_key(key);
        mac.update(kind.label());
        for part in parts {
            mac.update(&[0]);
            mac.update(part.as_bytes());
        }
        Self::from_tag(mac.sign().as_ref())
    }

    fn from_tag(tag: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(tag);
        Self(bytes)
    }

    /// The key as bytes, as the engines store it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
