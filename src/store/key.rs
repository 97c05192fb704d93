//! Look-up keys: the names of records in the store. No name reveals whose record it is.

use std::array;

use aws_lc_rs::{digest, hmac};

/// The kind of a record. It is part of the look-up key, so that kinds never collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A browser's session.
    Session,
    /// One of the live sessions of a person.
    LiveSession,
    /// When a person's sessions were last ended.
    EndedSessions,
    /// A `state` that the callback has accepted once (RFC 6749 §10.12).
    UsedState,
    /// An unfinished enrollment.
    Enrollment,
    /// Whether an enrollment was confirmed or cancelled.
    EnrollmentDecision,
    /// Present while an enrollment's code is shown to the tenant.
    Confirming,
    /// The id of the person's pending enrollment of a factor.
    PendingEnrollment,
    /// Held while one request acts, so that double submits collapse.
    Lock,
    /// The notice of success for the next page.
    Notice,
    /// A recovery code that the person has not confirmed as saved.
    RecoveryCode,
    /// An unfinished challenge of an authenticator.
    Challenge,
    /// Present while an authenticator must not be sent another message.
    CoolDown,
    /// Present while a push request must not be polled again.
    PushPoll,
    /// The interval between two polls of a push request.
    PushPace,
    /// Factors that the tenant refused because it has not enabled them.
    NotOffered,
    /// The authenticator that the person is replacing.
    Replacing,
    /// The change of phones that the person has begun.
    PhoneChange,
    /// That the tenant was asked to remove an authenticator and has not said whether it did.
    PerhapsRemoved,
    /// Until when the tenant may still be making a new recovery code, of which it has not said anything.
    PerhapsRenewed,
    /// That the person has removed their last protection in this visit.
    LastRemoved,
    /// That the person was asked to prove a factor.
    ProofAsked,
    /// The names, dates and changes that are remembered of the person.
    Remembered,
    /// A ticket that a frame redeems for the session of the window that it opened.
    HandOverTicket,
    /// A phone number that the person has confirmed once.
    ConfirmedNumber,
    /// The hash of the number that an authenticator has.
    NumberOf,
    /// The problem with a submitted form, for the form's page.
    FormProblem,
    /// What is told of an operation that has not ended.
    Operation,
    /// What is to be sent about a change.
    Outbox,
    /// The content behind the link in a message about a change.
    NoticeLink,
    /// A counter of a rate limit.
    Counter,
    /// A counter of what one network does, signed in or not.
    NetworkCounter,
    /// Written, read and removed by `mfa-portal check`.
    Probe,
}

impl RecordKind {
    /// Part of every stored key, so a changed label loses the records of that kind.
    fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"session",
            Self::LiveSession => b"live-session",
            Self::EndedSessions => b"ended-sessions",
            Self::UsedState => b"used-state",
            Self::Enrollment => b"enrollment",
            Self::EnrollmentDecision => b"decision",
            Self::Confirming => b"confirming",
            Self::PendingEnrollment => b"pending",
            Self::Lock => b"starting",
            Self::Notice => b"notice",
            Self::RecoveryCode => b"recovery-code",
            Self::Challenge => b"challenge",
            Self::CoolDown => b"cooling",
            Self::PushPoll => b"turn",
            Self::PushPace => b"pace",
            Self::NotOffered => b"not-offered",
            Self::Replacing => b"replacing",
            Self::PhoneChange => b"phone-change",
            Self::PerhapsRemoved => b"perhaps-removed",
            Self::PerhapsRenewed => b"perhaps-renewed",
            Self::LastRemoved => b"last-removed",
            Self::ProofAsked => b"proof-asked",
            Self::Remembered => b"remembered",
            Self::HandOverTicket => b"ticket",
            Self::ConfirmedNumber => b"confirmed-number",
            Self::NumberOf => b"number-of",
            Self::FormProblem => b"form-problem",
            Self::Operation => b"operation",
            Self::Outbox => b"outbox",
            Self::NoticeLink => b"notice-link",
            Self::Counter => b"count",
            Self::NetworkCounter => b"network-count",
            Self::Probe => b"trial",
        }
    }

    fn cause(self) -> Cause {
        match self {
            Self::UsedState | Self::NetworkCounter => Cause::Anybody,
            _ => Cause::Person,
        }
    }
}

/// The kind of visitor that can cause a record. Engines keep the two apart, so that strangers cost people nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Cause {
    /// Only a sign-in, or a person who is signed in.
    Person,
    /// Any visitor.
    Anybody,
}

/// The most entries that AUTH0_SECRET may have. One is enough; a rotation needs two.
pub(crate) const MAX_SECRETS: usize = 4;

/// A look-up key. Records of guessable things have a name for each entry of AUTH0_SECRET, in the same order, so that
/// replicas find each other's records while the secret is rotated. All others have one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    first: Name,
    others: [Option<Name>; MAX_SECRETS - 1],
}

/// The name of a record in an engine: a hash of 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name {
    hash: [u8; 32],
    pub(super) cause: Cause,
    /// The same for all records of a person that are named after them, and for those of others too. Only an engine that
    /// keeps them together has it.
    pub(super) person: Option<u16>,
}

impl Key {
    /// For a random id of at least 128 bits. SHA-256 needs no key here, because the id cannot be guessed.
    #[must_use]
    pub fn random_id(kind: RecordKind, id: &str) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(kind.label());
        hash.update(&[0]);
        hash.update(id.as_bytes());
        let first = Name::from_tag(kind, hash.finish().as_ref());
        Self { first, others: [None; MAX_SECRETS - 1] }
    }

    /// For something guessable, such as a person or a number. HMAC-SHA-256, so that a stolen store confirms no guess.
    #[must_use]
    pub(super) fn guessable(keys: &[hmac::Key], kind: RecordKind, parts: &[&str]) -> Self {
        Self::of_names(kind, keys.iter().map(|key| Name::guessable(key, kind, parts)))
    }

    /// For a record of this person; `parts` tell records of one kind apart. `together` is for an engine that keeps all of
    /// a person's records in one place.
    #[must_use]
    pub(super) fn of_person(
        keys: &[hmac::Key],
        kind: RecordKind,
        sub: &str,
        parts: &[&str],
        together: bool,
    ) -> Self {
        let parts = [&[sub], parts].concat();
        let name = |key| {
            let person = together.then(|| short(key, sub));
            Name { person, ..Name::guessable(key, kind, &parts) }
        };
        Self::of_names(kind, keys.iter().map(name))
    }

    fn of_names(kind: RecordKind, mut names: impl Iterator<Item = Name>) -> Self {
        let first = names.next().unwrap_or(Name { hash: [0; 32], cause: kind.cause(), person: None });
        Self { first, others: array::from_fn(|_| names.next()) }
    }

    /// The name under which the record is written, as an engine stores it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.first.as_bytes()
    }

    pub(super) fn first(&self) -> Name {
        self.first
    }

    /// The names that a replica with the same secrets in another order may have written under.
    pub(super) fn others(&self) -> impl Iterator<Item = Name> + use<> {
        self.others.into_iter().flatten()
    }

    /// Every name that may hold the record.
    pub(super) fn names(&self) -> impl Iterator<Item = Name> + use<> {
        [self.first].into_iter().chain(self.others())
    }

    /// [`Self::names`] in an order on which all replicas agree.
    pub(super) fn sorted_names(&self) -> Vec<Name> {
        let mut names: Vec<_> = self.names().collect();
        names.sort_unstable();
        names
    }
}

impl Name {
    fn guessable(key: &hmac::Key, kind: RecordKind, parts: &[&str]) -> Self {
        let mut mac = hmac::Context::with_key(key);
        mac.update(kind.label());
        for part in parts {
            mac.update(&[0]);
            mac.update(part.as_bytes());
        }
        Self::from_tag(kind, mac.sign().as_ref())
    }

    fn from_tag(kind: RecordKind, tag: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(tag);
        Self { hash, cause: kind.cause(), person: None }
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.hash
    }
}

/// A number for a person, of which there are too few to tell people apart.
fn short(key: &hmac::Key, sub: &str) -> u16 {
    let mut mac = hmac::Context::with_key(key);
    mac.update(b"person");
    mac.update(&[0]);
    mac.update(sub.as_bytes());
    let tag = mac.sign();
    u16::from_be_bytes([tag.as_ref()[0], tag.as_ref()[1]])
}
