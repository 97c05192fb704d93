//! A person of the tenant: profile, authenticators, and the messages and push notifications they got.

use time::OffsetDateTime;

use crate::world::authenticator::{Authenticator, Factor};

/// A text, a call or an e-mail that a person got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `Sms`, `Voice` or `Email`.
    pub channel: Factor,
    /// The phone number or e-mail address.
    pub to: String,
    /// The six-digit code.
    pub code: String,
    /// The text, which contains the code.
    pub text: String,
    /// When it was sent.
    pub at: OffsetDateTime,
}

/// A mail of another program than the tenant.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its plain part.
    pub text: String,
}

/// A person's answer to a push notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No answer yet.
    Waiting,
    /// Approved.
    Approved,
    /// Denied.
    Denied,
}

/// A push notification, or the scan of a push enrollment's QR code, on a person's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRequest {
    /// The id that forms refer to.
    pub id: String,
    /// The id of the authenticator.
    pub authenticator: String,
    /// Whether it asks to scan a QR code, rather than to approve a sign-in.
    pub enrollment: bool,
    /// The answer.
    pub decision: Decision,
    /// When it was sent.
    pub at: OffsetDateTime,
    /// When an answer no longer counts.
    pub expires_at: OffsetDateTime,
}

/// A person of the tenant.
#[derive(Clone, Debug)]
pub struct Person {
    /// The user id, `auth0|…`.
    pub sub: String,
    /// The full name.
    pub name: String,
    /// The e-mail address, which is also the username.
    pub email: String,
    /// Whether the address is verified.
    pub email_verified: bool,
    /// The password.
    pub password: String,
    /// The `locale` claim; only social and enterprise profiles have one.
    pub locale: Option<String>,
    /// Claims in place of the profile's own, as connections send them: texts for booleans, lists for texts.
    pub claims: serde_json::Map<String, serde_json::Value>,
    /// Whether sign-ins fail with "user is blocked".
    pub blocked: bool,
    /// The authenticators, oldest first, unconfirmed ones included.
    pub authenticators: Vec<Authenticator>,
    /// Whether an association was ever begun: only the first one brings a recovery code.
    pub ever_associated: bool,
    /// Texts, calls and e-mails, oldest first.
    pub messages: Vec<Message>,
    /// Mails of other programs, oldest first.
    pub letters: Vec<Letter>,
    /// Push notifications, oldest first.
    pub pushes: Vec<PushRequest>,
    /// The set-up of a demo person in a few words; empty for other people.
    pub situation: String,
}

/// The password of every demo person, and the default of [`Person::new`].
pub const DEMO_PASSWORD: &str = "correct horse";

impl Person {
    /// A person with a verified e-mail address, the demo password and no authenticators.
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
            claims: serde_json::Map::new(),
            blocked: false,
            authenticators: Vec::new(),
            ever_associated: false,
            messages: Vec::new(),
            letters: Vec::new(),
            pushes: Vec::new(),
            situation: String::new(),
        }
    }

    /// Adds authenticators.
    #[must_use]
    pub fn with(mut self, authenticators: impl IntoIterator<Item = Authenticator>) -> Self {
        self.authenticators.extend(authenticators);
        self.ever_associated |= !self.authenticators.is_empty();
        self
    }

    /// The authenticator with this id.
    #[must_use]
    pub fn authenticator(&self, id: &str) -> Option<&Authenticator> {
        self.authenticators.iter().find(|authenticator| authenticator.id == id)
    }

    /// The newest active authenticator of a factor.
    #[must_use]
    pub fn active(&self, factor: Factor) -> Option<&Authenticator> {
        self.authenticators
            .iter()
            .rev()
            .find(|authenticator| authenticator.active && authenticator.factor == factor)
    }

    /// Whether a sign-in for the MFA API's audience must pass a challenge: e-mail alone demands none (Auth0,
    /// Manage factors).
    #[must_use]
    pub fn must_be_challenged(&self) -> bool {
        self.authenticators.iter().any(Authenticator::demands_challenge)
    }

    /// The id and its twin's id.
    pub(crate) fn pair(&self, id: &str) -> Vec<String> {
        let twin = self.authenticator(id).and_then(|authenticator| authenticator.twin.clone());
        std::iter::once(id.to_owned()).chain(twin).collect()
    }

    /// Activates an authenticator, its twin and the recovery code.
    pub(crate) fn confirm(&mut self, id: &str) {
        let pair = self.pair(id);
        for authenticator in &mut self.authenticators {
            let confirmed = pair.contains(&authenticator.id);
            authenticator.active |= confirmed || authenticator.factor == Factor::RecoveryCode;
        }
    }

    /// Removes an authenticator and its twin; false if there was none with this id.
    pub fn remove(&mut self, id: &str) -> bool {
        let pair = self.pair(id);
        let before = self.authenticators.len();
        self.authenticators.retain(|authenticator| !pair.contains(&authenticator.id));
        self.authenticators.len() < before
    }

    /// Adds the profile's e-mail address as an authenticator if it is verified (Auth0, Manage factors, List
    /// authenticators).
    pub(crate) fn list_profile_email(&mut self) {
        if self.email_verified && !self.authenticators.iter().any(|authenticator| authenticator.from_profile)
        {
            let device =
                format!("dev_{:A<16.16}", self.email.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
            let email = Authenticator::new(Factor::Email, &device).active().with_contact(&self.email);
            self.authenticators.insert(0, Authenticator { from_profile: true, ..email });
        }
    }

    /// Answers a push notification; false if it is not waiting.
    pub(crate) fn answer_push(&mut self, id: &str, decision: Decision) -> bool {
        let push = self.pushes.iter_mut().find(|push| push.id == id && push.decision == Decision::Waiting);
        push.map(|push| push.decision = decision).is_some()
    }

    /// Answers the newest push notification; false if it is not waiting.
    pub(crate) fn answer_last_push(&mut self, decision: Decision) -> bool {
        let id = self.pushes.last().map(|push| push.id.clone());
        id.is_some_and(|id| self.answer_push(&id, decision))
    }
}
