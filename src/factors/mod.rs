//! The kinds of second factor: what the wire calls them, what the pages call them, which of them come in pairs.
//!
//! One file per factor people can add, each with the same members in the same order: router, page structs, form
//! structs, handlers in the order in which the person meets them.

pub(crate) mod code;
mod email;
mod entry;
mod entry_words;
pub mod offers;
mod overview;
mod phone;
mod push;
pub(crate) mod qr;
pub mod recovery_code;
mod sent;
mod totp;

use axum::Router;
use axum::middleware::from_fn_with_state;
use serde::{Deserialize, Serialize};

pub use self::entry::Entry;
pub use self::overview::{Overview, mask_fits};
use crate::app::App;
use crate::draft;

/// The kind of second factor a person chooses.
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
    /// A push notification to the Guardian app.
    Push,
    /// A code kept for the day on which nothing else is at hand.
    RecoveryCode,
    /// A security key or passkey: listed, but not managed through this API.
    WebAuthn,
    /// Anything else the tenant lists.
    Other,
}

impl Factor {
    /// Every factor.
    pub const ALL: [Self; 8] = [
        Self::Totp,
        Self::Sms,
        Self::Voice,
        Self::Email,
        Self::Push,
        Self::RecoveryCode,
        Self::WebAuthn,
        Self::Other,
    ];

    /// The factor's name in our addresses, settings and message keys.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Email => "email",
            Self::Push => "push",
            Self::RecoveryCode => "recovery-code",
            Self::WebAuthn => "webauthn",
            Self::Other => "other",
        }
    }

    /// The factor with this name, if people can add it.
    #[must_use]
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.can_be_added() && factor.slug() == slug)
    }

    /// Whether one may take the other's place: a number is reached by message or by call.
    #[must_use]
    pub fn is_akin(self, other: Self) -> bool {
        let phone = |factor| matches!(factor, Self::Sms | Self::Voice);
        self == other || (phone(self) && phone(other))
    }

    /// The factor that the wire means by `name`: a channel, an id's prefix or a type (MFA API, List authenticators).
    #[must_use]
    pub fn from_wire(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "totp" | "otp" => Some(Self::Totp),
            "sms" | "phone" => Some(Self::Sms),
            "voice" => Some(Self::Voice),
            "email" => Some(Self::Email),
            "push" | "auth0" | "push-notification" => Some(Self::Push),
            "recovery-code" => Some(Self::RecoveryCode),
            "webauthn-roaming" | "webauthn-platform" | "webauthn" | "passkey" => Some(Self::WebAuthn),
            _ => None,
        }
    }

    /// Whether people can add it here.
    #[must_use]
    pub fn can_be_added(self) -> bool {
        matches!(self, Self::Totp | Self::Sms | Self::Voice | Self::Email | Self::Push)
    }

    /// Whether it makes Auth0 ask at sign-in. E-mail alone does not, and a recovery code only stands in.
    #[must_use]
    pub fn protects(self) -> bool {
        !matches!(self, Self::Email | Self::RecoveryCode)
    }
}

/// The pages of every factor.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .merge(totp::router())
        .merge(phone::router())
        .merge(email::router())
        .merge(push::router())
        .merge(recovery_code::router())
        .layer(from_fn_with_state(app.clone(), draft::keep))
}

/// In groups of four, as people type and copy keys.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
