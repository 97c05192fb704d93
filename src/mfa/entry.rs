//! One line of the list: an authenticator, or a pair that is added and removed together.

mod words;

use time::OffsetDateTime;

use crate::factor::{AsksFor, Factor, ManagedBy};
use crate::tenant::{Authenticator, AuthenticatorId};

/// One line of the list: one authenticator, or a pair that is added and removed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its factors: two for a pair.
    pub factors: Vec<Factor>,
    /// Its ids, in the order of the factors.
    pub ids: Vec<AuthenticatorId>,
    /// How the tenant masks the number or address.
    pub name: Option<String>,
    /// Whether it is the profile's own e-mail address, which cannot be removed.
    pub is_profile: bool,
    /// Its number among entries that are otherwise alike, because the tenant gives apps no names.
    pub number: Option<usize>,
    /// The person's own name for it, as it is remembered.
    pub called: Option<String>,
    /// When it was added here, as it is remembered.
    pub added_at: Option<OffsetDateTime>,
}

impl Entry {
    pub(super) fn single(authenticator: Authenticator) -> Self {
        Self {
            factors: vec![authenticator.factor],
            ids: vec![authenticator.id],
            name: authenticator.name,
            is_profile: false,
            number: None,
            called: None,
            added_at: None,
        }
    }

    pub(super) fn add_twin(&mut self, twin: Authenticator) {
        self.factors.push(twin.factor);
        self.ids.push(twin.id);
        self.name = self.name.take().or(twin.name);
    }

    /// The first factor, which stands for the pair.
    #[must_use]
    pub fn factor(&self) -> Factor {
        self.factors.first().copied().unwrap_or(Factor::Other)
    }

    /// The id that stands for the entry in forms and addresses.
    #[must_use]
    pub fn id(&self) -> &str {
        self.ids.first().map_or("", AuthenticatorId::as_str)
    }

    /// The ending of its message keys: `totp`, `phone` (text message and call), `push`, …
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.factors[..] {
            [Factor::Sms, Factor::Voice] => "phone",
            _ => self.factor().slug(),
        }
    }

    /// The ending of the message keys that name it: a phone is one thing, whichever channels it has.
    pub(super) fn kind(&self) -> &'static str {
        match self.factor().asks_for() {
            AsksFor::PhoneNumber => "phone",
            AsksFor::EmailAddress | AsksFor::Nothing => self.factor().slug(),
        }
    }

    /// The parts of its controls' names. One that is managed elsewhere has no controls.
    pub(super) fn label_parts(&self) -> Option<[Option<String>; 4]> {
        let address = self.readable().filter(|_| self.factor().asks_for() == AsksFor::EmailAddress);
        let parts =
            [Some(self.kind().to_owned()), self.ending().map(str::to_owned), self.called.clone(), address];
        (!self.is_managed_elsewhere()).then_some(parts)
    }

    /// The last digits of a masked phone number, where the mask shows them.
    #[must_use]
    pub fn ending(&self) -> Option<&str> {
        let name = self.name.as_deref().filter(|_| self.factor().asks_for() == AsksFor::PhoneNumber)?;
        let digits = name.rsplit(|c: char| !c.is_ascii_digit()).next()?;
        (digits.len() >= 2).then_some(digits)
    }

    /// Whether it is the recovery code.
    #[must_use]
    pub fn is_recovery_code(&self) -> bool {
        self.factor() == Factor::RecoveryCode
    }

    /// Whether the MFA API cannot manage it.
    #[must_use]
    pub fn is_managed_elsewhere(&self) -> bool {
        self.factor().managed_by() == ManagedBy::Others
    }

    /// Whether it alone makes Auth0 ask at sign-in.
    #[must_use]
    pub fn protects(&self) -> bool {
        self.factor().protects()
    }

    /// Whether it can be removed here.
    #[must_use]
    pub fn is_removable(&self) -> bool {
        self.factor().can_be_added()
            && !self.is_profile
            && self.ids.iter().all(AuthenticatorId::is_well_formed)
    }

    /// Whether the person may give it a name: where others of its kind look the same.
    #[must_use]
    pub fn is_nameable(&self) -> bool {
        self.factor().can_be_added() && !self.is_profile
    }

    /// Whether a new one of its kind is offered.
    #[must_use]
    pub fn is_among(&self, offers: &[Factor]) -> bool {
        offers.contains(&self.factor())
    }

    /// Whether this is the entry with that id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|own| own.as_str() == id)
    }

    /// Text message before call, push before its code generator, whatever the tenant's order.
    pub(super) fn order(&mut self) {
        if let ([Factor::Voice, Factor::Sms] | [Factor::Totp, Factor::Push], [_, _]) =
            (&self.factors[..], &self.ids[..])
        {
            self.factors.reverse();
            self.ids.reverse();
        }
    }
}
