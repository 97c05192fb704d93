//! People, as a test adds them to the tenant and sees them.

use emulated_tenant::{Authenticator, Decision, Factor, Message, Person, PushRequest, Tenant, totp_code};
use serde::{Deserialize, Deserializer, Serialize};
use stage::Stage;

/// A person to add.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seed {
    email: String,
    name: String,
    #[serde(default)]
    email_verified: bool,
    #[serde(default)]
    authenticators: Vec<Enrolled>,
}

/// An authenticator, active or not yet confirmed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enrolled {
    #[serde(deserialize_with = "factor")]
    factor: Factor,
    /// The part of the id after the `|`.
    device: String,
    #[serde(default)]
    active: bool,
    contact: Option<String>,
    secret: Option<String>,
    /// The id of the authenticator that is confirmed and removed together with this one.
    twin: Option<String>,
}

impl From<Enrolled> for Authenticator {
    fn from(it: Enrolled) -> Self {
        let plain = Self::new(it.factor, &it.device);
        Self { active: it.active, contact: it.contact, secret: it.secret, twin: it.twin, ..plain }
    }
}

impl Seed {
    /// Adds the person, or replaces the one with that address.
    pub(crate) fn add_to(self, tenant: &Tenant) {
        let person = Person { email_verified: self.email_verified, ..Person::new(&self.name, &self.email) };
        let person = person.with(self.authenticators.into_iter().map(Into::into));
        if tenant.change_person(&self.email, |it| *it = person.clone()).is_none() {
            tenant.add_person(person);
        }
    }
}

fn named(name: &str) -> Option<Factor> {
    use Factor::{Email, Push, RecoveryCode, Sms, Totp, Voice};
    [Totp, Sms, Voice, Email, Push, RecoveryCode].into_iter().find(|factor| factor.prefix() == name)
}

fn factor<'de, D: Deserializer<'de>>(from: D) -> Result<Factor, D::Error> {
    let name = String::deserialize(from)?;
    named(&name).ok_or_else(|| serde::de::Error::custom(format!("no factor is called {name}")))
}

/// Factors by the part of their ids before the `|`.
pub(crate) fn factors<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<Factor>>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    Ok(Some(names.iter().filter_map(|name| named(name)).collect()))
}

/// A person's authenticators, and what reached their devices.
#[derive(Serialize)]
pub(crate) struct View {
    authenticators: Vec<Shown>,
    messages: Vec<Arrived>,
    /// The texts of the portal's mails.
    letters: Vec<String>,
    pushes: Vec<Asked>,
    recovery_code: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    factor: &'static str,
    active: bool,
    contact: Option<String>,
    /// The app's current code.
    code: Option<String>,
}

#[derive(Serialize)]
struct Arrived {
    channel: &'static str,
    to: String,
    code: String,
}

#[derive(Serialize)]
struct Asked {
    enrollment: bool,
    waiting: bool,
}

impl View {
    /// `None` if no person has the address.
    pub(crate) fn of(stage: &Stage, email: &str) -> Option<Self> {
        let person = stage.tenant.person(email)?;
        let now = u64::try_from(stage.now().unix_timestamp()).unwrap_or_default();
        Some(Self {
            authenticators: person.authenticators.into_iter().map(|it| shown(it, now)).collect(),
            messages: person.messages.into_iter().map(arrived).collect(),
            letters: person.letters.into_iter().map(|letter| letter.text).collect(),
            pushes: person.pushes.iter().map(|push| asked(push, stage)).collect(),
            recovery_code: stage.devices(email).recovery_code(),
        })
    }
}

fn shown(it: Authenticator, now: u64) -> Shown {
    let secret = it.secret.filter(|_| it.factor == Factor::Totp);
    let code = secret.and_then(|secret| totp_code(&secret, now));
    Shown { id: it.id, factor: it.factor.prefix(), active: it.active, contact: it.contact, code }
}

fn arrived(message: Message) -> Arrived {
    Arrived { channel: message.channel.prefix(), to: message.to, code: message.code }
}

fn asked(push: &PushRequest, stage: &Stage) -> Asked {
    let waiting = push.decision == Decision::Waiting && stage.now() < push.expires_at;
    Asked { enrollment: push.enrollment, waiting }
}
