//! Under which name a record lies in the store. No name tells whose record it is.

use std::array;

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

/// AUTH0_SECRET has as many entries at most. One is enough, two while it is being replaced.
pub const MOST_SECRETS: usize = 4;

/// Where a record lies: under one name; or, while AUTH0_SECRET is being replaced, something guessable under a name for each
/// of its entries, the first one's first. Replicas then find each other's records, whichever comes first with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    first: Name,
    others: [Option<Name>; MOST_SECRETS - 1],
}

/// The name of one record: 256 bits that cannot be turned back into what they were made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name([u8; 32]);

impl Key {
    /// For a random id of at least 128 bits: SHA-256 needs no key, for nobody can guess the id.
    #[must_use]
    pub fn random_id(kind: Kind, id: &str) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(kind.label());
        hash.update(&[0]);
        hash.update(id.as_bytes());
        Self { first: Name::from_tag(hash.finish().as_ref()), others: [None; MOST_SECRETS - 1] }
    }

    /// For something guessable (a person, a number): HMAC-SHA-256, so that a stolen store answers no guesses.
    #[must_use]
    pub(super) fn guessable(keys: &[hmac::Key], kind: Kind, parts: &[&str]) -> Self {
        let mut names = keys.iter().map(|key| Name::guessable(key, kind, parts));
        let first = names.next().unwrap_or(Name([0; 32]));
        Self { first, others: array::from_fn(|_| names.next()) }
    }

    /// The name under which it is written, as the engines store it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.first.as_bytes()
    }

    pub(super) fn first(&self) -> Name {
        self.first
    }

    /// The names under which a replica with the same secrets in another order may have written it.
    pub(super) fn others(&self) -> impl Iterator<Item = Name> + use<> {
        self.others.into_iter().flatten()
    }

    /// Every name under which it may lie.
    pub(super) fn names(&self) -> impl Iterator<Item = Name> + use<> {
        [self.first].into_iter().chain(self.others())
    }

    /// The same in an order on which all replicas agree.
    pub(super) fn ordered(&self) -> Vec<Name> {
        let mut names: Vec<_> = self.names().collect();
        names.sort_unstable();
        names
    }
}

impl Name {
    fn guessable(key: &hmac::Key, kind: Kind, parts: &[&str]) -> Self {
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

    /// The name as bytes, as the engines store it.
    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
