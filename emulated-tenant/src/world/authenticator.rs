//! An authenticator, its factor, and its entry in the MFA API's list (API reference, List authenticators).

use serde_json::{Map, Value, json};

use crate::world::settings::{ChannelSpelling, Settings};

/// The kind of an authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Factor {
    /// An authenticator app (RFC 6238).
    Totp,
    /// A text message.
    Sms,
    /// A phone call.
    Voice,
    /// An e-mail.
    Email,
    /// A push notification of the Guardian app.
    Push,
    /// The recovery code.
    RecoveryCode,
}

impl Factor {
    /// The part of an authenticator's id before the `|`.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Email => "email",
            Self::Push => "push",
            Self::RecoveryCode => "recovery-code",
        }
    }

    /// `authenticator_type` on the wire.
    pub(crate) fn authenticator_type(self) -> &'static str {
        match self {
            Self::Totp => "otp",
            Self::RecoveryCode => "recovery-code",
            _ => "oob",
        }
    }

    /// `oob_channel` on the wire.
    pub(crate) fn channel(self) -> Option<&'static str> {
        match self {
            Self::Sms | Self::Voice | Self::Email => Some(self.prefix()),
            Self::Push => Some("auth0"),
            Self::Totp | Self::RecoveryCode => None,
        }
    }

    /// The factor of an `oob_channels` entry.
    pub(crate) fn from_channel(channel: &str) -> Option<Self> {
        [Self::Sms, Self::Voice, Self::Email, Self::Push].into_iter().find(|f| f.channel() == Some(channel))
    }

    /// The Early Access field `type`, which has one value, `phone`, for texts and calls (Auth0, Email).
    fn early_access_type(self) -> &'static str {
        match self {
            Self::Totp => "otp",
            Self::Sms | Self::Voice => "phone",
            Self::Email => "email",
            Self::Push => "push-notification",
            Self::RecoveryCode => "recovery-code",
        }
    }

    /// The label on the tenant's pages.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Totp => "Code of an authenticator app",
            Self::Sms => "Text message",
            Self::Voice => "Phone call",
            Self::Email => "E-mail",
            Self::Push => "Push notification",
            Self::RecoveryCode => "Recovery code",
        }
    }
}

/// An enrolled device, number, address or recovery code of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// The id, for example `totp|dev_nELLU4PFUiTW6iWs`.
    pub id: String,
    /// The factor.
    pub factor: Factor,
    /// Whether it was confirmed.
    pub active: bool,
    /// The number, the address or the device's name, unmasked.
    pub contact: Option<String>,
    /// The base32 secret of an authenticator app, or the recovery code.
    pub secret: Option<String>,
    /// The id of the authenticator that is confirmed and removed together with this one.
    pub twin: Option<String>,
    /// Whether it is the profile's verified e-mail address, which cannot be removed.
    pub from_profile: bool,
    /// The last time step whose code was accepted; a step works once (RFC 6238 §5.2).
    pub last_step: Option<u64>,
}

impl Authenticator {
    /// An inactive authenticator; `device` is the part of the id after the `|`, such as `dev_nELLU4PFUiTW6iWs`.
    #[must_use]
    pub fn new(factor: Factor, device: &str) -> Self {
        Self {
            id: format!("{}|{device}", factor.prefix()),
            factor,
            active: false,
            contact: None,
            secret: None,
            twin: None,
            from_profile: false,
            last_step: None,
        }
    }

    /// Confirms it.
    #[must_use]
    pub fn active(self) -> Self {
        Self { active: true, ..self }
    }

    /// Sets the number, the address or the device's name.
    #[must_use]
    pub fn with_contact(self, contact: &str) -> Self {
        Self { contact: Some(contact.to_owned()), ..self }
    }

    /// Sets the base32 secret of an authenticator app, or the recovery code.
    #[must_use]
    pub fn with_secret(self, secret: &str) -> Self {
        Self { secret: Some(secret.to_owned()), ..self }
    }

    /// Sets the id of its twin.
    #[must_use]
    pub fn with_twin(self, id: &str) -> Self {
        Self { twin: Some(id.to_owned()), ..self }
    }

    /// Whether it makes Universal Login challenge the person; e-mail and the recovery code do not (Auth0,
    /// Manage factors).
    pub(crate) fn demands_challenge(&self) -> bool {
        self.active && !matches!(self.factor, Factor::Email | Factor::RecoveryCode)
    }

    /// The `name` in the list, with number or address masked.
    pub(crate) fn masked(&self) -> Option<String> {
        let contact = self.contact.as_deref()?;
        Some(match self.factor {
            Factor::Sms | Factor::Voice => mask_phone(contact),
            Factor::Email => mask_email(contact),
            _ => contact.to_owned(),
        })
    }

    /// The entry in the list.
    pub(crate) fn entry(&self, settings: &Settings) -> Value {
        let mut entry = Map::new();
        entry.insert("id".to_owned(), json!(self.id));
        entry.insert("authenticator_type".to_owned(), json!(self.factor.authenticator_type()));
        entry.insert("active".to_owned(), json!(self.active));
        if let Some(channel) = self.factor.channel() {
            let (name, value) = match settings.channel_spelling {
                ChannelSpelling::Channel => ("oob_channel", json!(channel)),
                ChannelSpelling::ChannelsText => ("oob_channels", json!(channel)),
                ChannelSpelling::ChannelsList => ("oob_channels", json!([channel])),
                ChannelSpelling::Absent => ("", Value::Null),
            };
            if !name.is_empty() {
                entry.insert(name.to_owned(), value);
            }
        }
        if let Some(name) = self.masked() {
            entry.insert("name".to_owned(), json!(name));
        }
        if settings.type_field {
            entry.insert("type".to_owned(), json!(self.factor.early_access_type()));
        }
        Value::Object(entry)
    }
}

/// Masks all but the last four characters, such as `XXXXXXXXX9167` (recorded traffic).
fn mask_phone(number: &str) -> String {
    let shown = number.len().saturating_sub(4);
    let mask = |(at, sign)| if at < shown { 'X' } else { sign };
    number.chars().enumerate().map(mask).collect()
}

/// Masks all but the first four characters of the domain, such as `****@exam*******` (recorded traffic).
fn mask_email(address: &str) -> String {
    let (name, domain) = address.split_once('@').unwrap_or((address, ""));
    let hidden = |text: &str| "*".repeat(text.chars().count());
    let shown: String = domain.chars().take(4).collect();
    let rest: String = domain.chars().skip(4).collect();
    format!("{}@{shown}{}", hidden(name), hidden(&rest))
}
