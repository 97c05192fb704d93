//! The kinds of second factor, in one table: a new kind is one variant and one row.

use serde::{Deserialize, Serialize};

/// The kind of second factor that a person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Factor {
    /// An authenticator app: time-based codes (RFC 6238).
    Totp,
    /// A code in a text message.
    Sms,
    /// A code read out in a phone call.
    Voice,
    /// A code in an e-mail.
    Email,
    /// A push notification to an app, Auth0 Guardian or the company's own with its SDK.
    Push,
    /// A code on paper, for the day on which nothing else is at hand.
    RecoveryCode,
    /// A security key or passkey: listed, but not managed through the MFA API.
    WebAuthn,
    /// Any other kind that the tenant lists.
    Other,
}

/// The input that an enrollment begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsksFor {
    /// Nothing: the tenant makes a key.
    Nothing,
    /// A phone number.
    PhoneNumber,
    /// An e-mail address.
    EmailAddress,
}

/// How an enrolled factor proves itself to the MFA API (Auth0, Authenticate Using ROPG With MFA, Verify).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvesBy {
    /// A code that an app shows, without a challenge.
    AppCode,
    /// A code that the tenant sends after a challenge.
    SentCode,
    /// An approval on the phone after a challenge.
    Approval,
    /// Not through this portal.
    Nothing,
}

/// Where an enrolled factor is managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagedBy {
    /// Added, replaced and removed on our pages.
    Pages,
    /// Replaced by a new one through the Management API.
    Regeneration,
    /// Elsewhere: our pages only list it.
    Others,
}

/// One row of the table.
struct Row {
    factor: Factor,
    /// Its name in our addresses, settings and message ids.
    slug: &'static str,
    /// The wire's names for it, in lower case: a channel, an id's prefix or a type.
    wire_names: &'static [&'static str],
    managed_by: ManagedBy,
    asks_for: AsksFor,
    proves_by: ProvesBy,
    /// Whether it alone makes Auth0 ask for a second factor at sign-in.
    protects: bool,
    /// The other channel of the same phone number.
    other_channel: Option<Factor>,
    /// The factor that the tenant enrolls along with it.
    brings: Option<Factor>,
    /// Its place on the list: the strongest first, the spare one last.
    rank: u8,
}

const TABLE: &[Row] = &[
    Row {
        factor: Factor::Totp,
        slug: "totp",
        wire_names: &["totp", "otp"],
        managed_by: ManagedBy::Pages,
        asks_for: AsksFor::Nothing,
        proves_by: ProvesBy::AppCode,
        protects: true,
        other_channel: None,
        brings: None,
        rank: 2,
    },
    Row {
        factor: Factor::Sms,
        slug: "sms",
        wire_names: &["sms", "phone"],
        managed_by: ManagedBy::Pages,
        asks_for: AsksFor::PhoneNumber,
        proves_by: ProvesBy::SentCode,
        protects: true,
        other_channel: Some(Factor::Voice),
        brings: None,
        rank: 3,
    },
    Row {
        factor: Factor::Voice,
        slug: "voice",
        wire_names: &["voice"],
        managed_by: ManagedBy::Pages,
        asks_for: AsksFor::PhoneNumber,
        proves_by: ProvesBy::SentCode,
        protects: true,
        other_channel: Some(Factor::Sms),
        brings: None,
        rank: 3,
    },
    Row {
        factor: Factor::Email,
        slug: "email",
        wire_names: &["email"],
        managed_by: ManagedBy::Pages,
        asks_for: AsksFor::EmailAddress,
        proves_by: ProvesBy::SentCode,
        protects: false,
        other_channel: None,
        brings: None,
        rank: 4,
    },
    Row {
        factor: Factor::Push,
        slug: "push",
        wire_names: &["push", "auth0", "push-notification"],
        managed_by: ManagedBy::Pages,
        asks_for: AsksFor::Nothing,
        proves_by: ProvesBy::Approval,
        protects: true,
        other_channel: None,
        brings: Some(Factor::Totp),
        rank: 1,
    },
    Row {
        factor: Factor::RecoveryCode,
        slug: "recovery-code",
        wire_names: &["recovery-code"],
        managed_by: ManagedBy::Regeneration,
        asks_for: AsksFor::Nothing,
        proves_by: ProvesBy::Nothing,
        protects: false,
        other_channel: None,
        brings: None,
        rank: 6,
    },
    Row {
        factor: Factor::WebAuthn,
        slug: "webauthn",
        wire_names: &["webauthn-roaming", "webauthn-platform", "webauthn", "passkey"],
        managed_by: ManagedBy::Others,
        asks_for: AsksFor::Nothing,
        proves_by: ProvesBy::Nothing,
        protects: true,
        other_channel: None,
        brings: None,
        rank: 0,
    },
    Row {
        factor: Factor::Other,
        slug: "other",
        wire_names: &[],
        managed_by: ManagedBy::Others,
        asks_for: AsksFor::Nothing,
        proves_by: ProvesBy::Nothing,
        protects: true,
        other_channel: None,
        brings: None,
        rank: 5,
    },
];

/// A variant without a row, or rows in another order than the variants, do not compile.
const _: () = {
    assert!(TABLE.len() == Factor::Other as usize + 1, "every factor has one row");
    let mut at = 0;
    while at < TABLE.len() {
        assert!(TABLE[at].factor as usize == at, "the rows stand in the order of the variants");
        at += 1;
    }
};

impl Factor {
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Every factor.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.factor)
    }

    /// The factors that people can add here.
    pub fn addable() -> impl Iterator<Item = Self> {
        Self::all().filter(|factor| factor.can_be_added())
    }

    /// The factor's name in our addresses, settings and message ids.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.row().slug
    }

    /// The factor with this slug, if people can add it.
    #[must_use]
    pub fn named(slug: &str) -> Option<Self> {
        Self::addable().find(|factor| factor.slug() == slug)
    }

    /// The factor that the wire means by `name`: a channel, an id's prefix or a type (Auth0, MFA API, List
    /// authenticators).
    #[must_use]
    pub fn from_wire(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        TABLE.iter().find(|row| row.wire_names.contains(&name.as_str())).map(|row| row.factor)
    }

    /// Whether one may take the other's place: a phone number is reached by message or by call.
    #[must_use]
    pub fn is_akin(self, other: Self) -> bool {
        self == other || self.other_channel() == Some(other)
    }

    /// The other channel of the same phone number.
    #[must_use]
    pub fn other_channel(self) -> Option<Self> {
        self.row().other_channel
    }

    /// Whether enrolling this factor adds authenticators of `listed` to the tenant's list.
    #[must_use]
    pub fn enrolls(self, listed: Self) -> bool {
        self.is_akin(listed) || self.row().brings == Some(listed)
    }

    /// Whether people can add it here.
    #[must_use]
    pub fn can_be_added(self) -> bool {
        self.row().managed_by == ManagedBy::Pages
    }

    /// Whether it makes Auth0 ask at sign-in. E-mail alone does not, and a recovery code only stands in.
    #[must_use]
    pub fn protects(self) -> bool {
        self.row().protects
    }

    /// Where it is managed.
    #[must_use]
    pub fn managed_by(self) -> ManagedBy {
        self.row().managed_by
    }

    /// The input that its enrollment begins with.
    #[must_use]
    pub fn asks_for(self) -> AsksFor {
        self.row().asks_for
    }

    /// How it proves itself.
    #[must_use]
    pub fn proves_by(self) -> ProvesBy {
        self.row().proves_by
    }

    /// Its place on the list, from 0.
    #[must_use]
    pub fn rank(self) -> u8 {
        self.row().rank
    }
}
