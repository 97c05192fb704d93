//! The MFA API: list, associate, challenge, remove (Auth0, Manage Authenticator Factors Using the MFA API).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Answer, Call, Error, MfaToken, Reason, Tenant, path};
use crate::factor::Factor;
use crate::secret::Secret;

/// An authenticator's id, such as `totp|dev_nELLU4PFUiTW6iWs`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthenticatorId(String);

impl AuthenticatorId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the bar, which text messages and calls of one phone number share.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        self.0.split_once('|').map(|(_, suffix)| suffix)
    }

    /// Whether it has the shape `name|dev_…`. No other id is ever put into a URL.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let Some((name, suffix)) = self.0.split_once("|dev_") else { return false };
        let is_named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        is_named
            && (1..=64).contains(&suffix.len())
            && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

/// An authenticator as the tenant lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct Authenticator {
    /// Unique within the tenant.
    pub id: AuthenticatorId,
    /// `Factor::Other` for a kind that we do not know.
    pub factor: Factor,
    /// Whether its enrollment was confirmed.
    pub active: bool,
    /// Whether the tenant does not say so in the documented form. It may protect, but it is no authenticator to show.
    pub is_unclear: bool,
    /// The masked phone number or e-mail address, or the name of the device.
    pub name: Option<String>,
}

/// Auth0's documents and recorded traffic disagree on the field that names the factor: `oob_channel`, `oob_channels` as
/// text or as an array, `type`, or the id alone. Only the id and `active` must parse, because the page can do without
/// the rest.
#[derive(Deserialize)]
struct Wire {
    id: AuthenticatorId,
    #[serde(default)]
    active: Value,
    #[serde(default)]
    oob_channel: Value,
    #[serde(default)]
    oob_channels: Value,
    #[serde(default)]
    authenticator_type: Value,
    #[serde(default)]
    r#type: Value,
    #[serde(default)]
    name: Value,
}

impl From<Wire> for Authenticator {
    fn from(wire: Wire) -> Self {
        let factor = factor_of(&wire);
        let name = wire.name.as_str().filter(|name| !name.is_empty()).map(ToOwned::to_owned);
        // Any other value than these stands for an authenticator that may protect.
        let active = !matches!(wire.active, Value::Null | Value::Bool(false));
        Self { factor, active, is_unclear: wire.active.is_null(), name, id: wire.id }
    }
}

impl Authenticator {
    /// An element of a list that has no readable id.
    fn unreadable() -> Self {
        let id = AuthenticatorId::default();
        Self { id, factor: Factor::Other, active: false, is_unclear: true, name: None }
    }
}

fn factor_of(wire: &Wire) -> Factor {
    let prefix = wire.id.as_str().split_once('|').map(|(prefix, _)| prefix);
    let channels = texts(&wire.oob_channel).chain(texts(&wire.oob_channels));
    let types = texts(&wire.r#type).chain(texts(&wire.authenticator_type));
    let names = channels.chain(prefix).chain(types).filter(|name| !["", "oob"].contains(name));
    // A name that we do not know may be that of a factor that protects.
    let factors: Vec<Factor> = names.map(|name| Factor::from_wire(name).unwrap_or(Factor::Other)).collect();
    let first = factors.iter().copied().find(|factor| *factor != Factor::Other).unwrap_or(Factor::Other);
    // Where the fields contradict each other, a factor that protects is not taken for one that does not.
    if first.protects() { first } else { factors.into_iter().find(|it| it.protects()).unwrap_or(first) }
}

/// The texts of a field, which is one or an array of them.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    value.as_str().into_iter().chain(all.iter().filter_map(Value::as_str))
}

/// An enrollment to begin: the factor, with the phone number in E.164 or the e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the factors of the same names say it")]
pub enum Associate {
    Totp,
    Sms(String),
    Voice(String),
    Email(String),
    Push,
}

impl Associate {
    /// An enrollment with a code that is sent to this phone number or e-mail address; `None` for other factors.
    pub(crate) fn sent_to(factor: Factor, target: String) -> Option<Self> {
        match factor {
            Factor::Sms => Some(Self::Sms(target)),
            Factor::Voice => Some(Self::Voice(target)),
            Factor::Email => Some(Self::Email(target)),
            Factor::Totp | Factor::Push | Factor::RecoveryCode | Factor::WebAuthn | Factor::Other => None,
        }
    }

    /// The factor that is enrolled.
    #[must_use]
    pub(crate) fn factor(&self) -> Factor {
        match self {
            Self::Totp => Factor::Totp,
            Self::Sms(_) => Factor::Sms,
            Self::Voice(_) => Factor::Voice,
            Self::Email(_) => Factor::Email,
            Self::Push => Factor::Push,
        }
    }

    /// The phone number or e-mail address, if the factor has one.
    #[must_use]
    pub(crate) fn target(&self) -> Option<&str> {
        match self {
            Self::Totp | Self::Push => None,
            Self::Sms(target) | Self::Voice(target) | Self::Email(target) => Some(target),
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Totp => json!({ "authenticator_types": ["otp"] }),
            Self::Sms(to) => {
                json!({ "authenticator_types": ["oob"], "oob_channels": ["sms"], "phone_number": to })
            }
            Self::Voice(to) => {
                json!({ "authenticator_types": ["oob"], "oob_channels": ["voice"], "phone_number": to })
            }
            Self::Email(to) => {
                json!({ "authenticator_types": ["oob"], "oob_channels": ["email"], "email": to })
            }
            Self::Push => json!({ "authenticator_types": ["oob"], "oob_channels": ["auth0"] }),
        }
    }
}

/// The response to an association.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Association {
    /// Authenticator app: the key, in base32.
    pub secret: Option<Secret>,
    /// Authenticator app or push: the `otpauth:` URI for a QR code.
    pub barcode_uri: Option<Secret>,
    /// The handle of the message that was sent.
    pub oob_code: Option<Secret>,
    /// Only in a person's first association, and never again.
    #[serde(default)]
    pub recovery_codes: Vec<Secret>,
}

impl Association {
    /// Whether it has what the confirmation needs: a key, or the handle of a message.
    fn is_complete(&self, what: &Associate) -> bool {
        let needed = if *what == Associate::Totp { &self.secret } else { &self.oob_code };
        needed.as_ref().is_some_and(|needed| !needed.expose().is_empty())
    }
}

#[derive(Deserialize)]
struct Challenged {
    oob_code: Option<Secret>,
}

/// An element of a list. Of a name that it has twice, the last one counts (RFC 8259 §4), which takes the longer way.
fn element(text: &RawValue) -> Authenticator {
    let anew = || {
        let last: Authenticator =
            serde_json::from_value(serde_json::from_str::<Value>(text.get()).ok()?).ok()?;
        Some(Authenticator { is_unclear: true, ..last })
    };
    serde_json::from_str(text.get()).ok().or_else(anew).unwrap_or_else(Authenticator::unreadable)
}

impl Answer {
    /// A list of authenticators. Elements that do not parse are unclear, and have no id.
    pub fn authenticators(&self) -> Result<Vec<Authenticator>, Error> {
        let listed: Vec<&RawValue> = self.json()?;
        Ok(listed.into_iter().map(element).collect())
    }

    /// The proof that confirms this enrollment.
    pub fn association(&self, what: &Associate) -> Result<Association, Error> {
        let association: Association = self.json()?;
        if association.is_complete(what) {
            Ok(association)
        } else {
            Err(self.unintelligible("neither a key nor an oob_code"))
        }
    }
}

impl Tenant {
    /// The person's authenticators, unconfirmed ones included.
    pub(crate) async fn authenticators(&self, token: &MfaToken) -> Result<Vec<Authenticator>, Error> {
        self.get(Call::List, &self.authenticators, Some(token)).await?.authenticators()
    }

    /// Begins an enrollment. Auth0 sends the code or the push request with it.
    pub(crate) async fn associate(&self, token: &MfaToken, what: &Associate) -> Result<Association, Error> {
        let request = self.http.post(self.endpoint("/mfa/associate"));
        let request = request.bearer_auth(token.expose()).json(&what.body());
        self.send(Call::Associate, request).await?.association(what)
    }

    /// Asks an active authenticator for a proof: Auth0 sends the code or the push request, and we get its handle. An
    /// authenticator app needs neither.
    pub(crate) async fn challenge(
        &self,
        token: &MfaToken,
        id: &AuthenticatorId,
        factor: Factor,
    ) -> Result<Option<Secret>, Error> {
        let mut body = json!({
            "client_id": self.options.client_id,
            "mfa_token": token,
            "challenge_type": if factor == Factor::Totp { "otp" } else { "oob" },
            "authenticator_id": id,
        });
        for (name, value) in self.proof_of_client() {
            body[name] = value.expose().into();
        }
        let request = self.http.post(self.endpoint("/mfa/challenge"));
        let answer = self.send(Call::Challenge, request.json(&body)).await?;
        let oob_code = answer.json::<Challenged>()?.oob_code;
        if oob_code.as_ref().is_none_or(|code| code.expose().is_empty()) && factor != Factor::Totp {
            return Err(answer.unintelligible("no oob_code"));
        }
        Ok(oob_code)
    }

    /// Removes an authenticator. Succeeds if it does not exist any more.
    pub(crate) async fn remove(&self, token: &MfaToken, id: &AuthenticatorId) -> Result<(), Error> {
        let url = path::of_id(Call::Remove, self.authenticators.clone(), id.as_str(), "")?;
        match self.send(Call::Remove, self.http.delete(url).bearer_auth(token.expose())).await {
            Ok(answer) if answer.body.is_empty() => Ok(()),
            // Auth0 answers a DELETE with an empty body. Any other body probably comes from a gateway, so the caller
            // checks the list to see what happened.
            Ok(answer) => Err(answer.unintelligible("a body where Auth0 sends none")),
            Err(error) if error.reason() == Some(Reason::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
