//! A person of the tenant: the profile, the authenticators, and what reached the person's devices.

use time::OffsetDateTime;

use crate::authenticator::{Authenticator, Factor};

/// A text, a call or a mail that reached a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `Sms`, `Voice` or `Email`.
    pub channel: Factor,
    /// The number or address.
    pub to: String,
    /// The six digits.
    pub code: String,
    /// The words around them.
    pub text: String,
    /// When it came.
    pub at: OffsetDateTime,
}

/// What a person answered to a push notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing yet.
    Waiting,
    /// Approve.
    Approved,
    /// Deny.
    Denied,
}

/// A push notification, or the scan of a push enrollment's QR code, on a person's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRequest {
    /// Names the request in forms.
    pub id: String,
    /// The authenticator that it is for.
    pub authenticator: String,
    /// Whether it asks to scan a QR code, rather than to approve a sign-in.
    pub enrollment: bool,
    /// The answer.
    pub decision: Decision,
    /// When it came.
    pub at: OffsetDateTime,
    /// When it stops to matter.
    pub expires_at: OffsetDateTime,
}

/// A person of the tenant.
#[derive(Clone, Debug)]
pub struct Person {
    /// `auth0|…`.
    pub sub: String,
    /// The full name.
    pub name: String,
    /// The e-mail address, with which the person signs in.
    pub email: String,
    /// Whether that address was verified.
    pub email_verified: bool,
    /// The password.
    pub password: String,
    /// The `locale` claim, which people of a database have not: it comes with social and enterprise profiles.
    pub locale: Option<String>,
    /// Whether the tenant refuses the person with "user is blocked".
    pub blocked: bool,
    /// The authenticators, oldest first, unfinished ones included.
    pub authenticators: Vec<Authenticator>,
    /// Whether an association was ever begun: only the very first one brings recovery codes.
    pub ever_associated: bool,
    /// Texts, calls and mails, oldest first.
    pub messages: Vec<Message>,
    /// Push notifications, oldest first.
    pub pushes: Vec<PushRequest>,
    /// What the seeded person is for, in a few words; empty for others.
    pub situation: String,
}

/// The password of every seeded person.
pub const DEMO_PASSWORD: &str = "correct horse";

impl Person {
    /// Somebody with a verified e-mail address, the demo password and nothing enrolled.
    #[must_use]
    pub fn new(name: &str, email: &str) -> Self {
        let name_of_sub = email.split('@').next().unwrap_or(email);
        Self {
            sub: format!("auth0|{name_of_sub}"),
            name: name.to_owned(),
            email: email.to_owned(),
            email_verified: true,
            password: DEMO_PASSWORD.to_owned(),
            locale: None,
            blocked: false,
            authenticators: Vec::new(),
            ever_associated: false,
            messages: Vec::new(),
            pushes: Vec::new(),
            situation: String::new(),
        }
    }

    /// With these authenticators besides.
    #[must_use]
    pub fn with(mut self, authenticators: impl IntoIterator<Item = Authenticator>) -> Self {
        self.authenticators.extend(authenticators);
        self.ever_associated |= !self.authenticators.is_empty();
        self
    }

    /// The authenticator with an id.
    #[must_use]
    pub fn authenticator(&self, id: &str) -> Option<&Authenticator> {
        self.authenticators.iter().find(|authenticator| authenticator.id == id)
    }

    /// The active authenticator of a kind that was enrolled last.
    #[must_use]
    pub fn active(&self, factor: Factor) -> Option<&Authenticator> {
        self.authenticators
            .iter()
            .rev()
            .find(|authenticator| authenticator.active && authenticator.factor == factor)
    }

    /// Whether Universal Login challenges for the MFA audience: e-mail alone does not (contract §1.1).
    #[must_use]
    pub fn must_be_challenged(&self) -> bool {
        self.authenticators.iter().any(Authenticator::demands_challenge)
    }

    /// The id itself and its twin's.
    pub(crate) fn pair(&self, id: &str) -> Vec<String> {
        let twin = self.authenticator(id).and_then(|authenticator| authenticator.twin.clone());
        std::iter::once(id.to_owned()).chain(twin).collect()
    }

    /// Ends an enrollment: the authenticator, its twin and the recovery code become active.
    pub(crate) fn confirm(&mut self, id: &str) {
        let pair = self.pair(id);
        for authenticator in &mut self.authenticators {
            let confirmed = pair.contains(&authenticator.id);
            authenticator.active |= confirmed || authenticator.factor == Factor::RecoveryCode;
        }
    }

    /// Takes an authenticator and its twin away; says whether it was there.
    pub fn remove(&mut self, id: &str) -> bool {
        let pair = self.pair(id);
        let before = self.authenticators.len();
        self.authenticators.retain(|authenticator| !pair.contains(&authenticator.id));
        self.authenticators.len() < before
    }

    /// Lists the profile's e-mail address as soon as it is verified ("all verified e-mails", contract §3).
    pub(crate) fn list_profile_email(&mut self) {
        if self.email_verified && !self.authenticators.iter().any(|authenticator| authenticator.from_profile)
        {
            let device =
                format!("dev_{:A<16.16}", self.email.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
            let email = Authenticator::new(Factor::Email, &device).active().reached_at(&self.email);
            self.authenticators.insert(0, Authenticator { from_profile: true, ..email });
        }
    }
}
