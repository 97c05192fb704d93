//! The MFA API: list, associate, challenge, remove (Auth0, Manage authenticator factors with the MFA API).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Call, Error, MfaToken, Reason, Tenant};
use crate::factor::Factor;
use crate::secret::Secret;

/// An authenticator's id, such as `totp|dev_nELLU4PFUiTW6iWs`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthenticatorId(String);

impl AuthenticatorId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the bar: the same for both channels of one phone number.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        self.0.split_once('|').map(|(_, suffix)| suffix)
    }

    /// Whether it has the shape `name|dev_…`; no other id is ever put into an address.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let Some((name, suffix)) = self.0.split_once("|dev_") else { return false };
        let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        named && (1..=64).contains(&suffix.len()) && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

/// One enrolled thing, as the tenant lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct Authenticator {
    /// Its id.
    pub id: AuthenticatorId,
    /// Its kind.
    pub factor: Factor,
    /// Whether it was confirmed.
    pub active: bool,
    /// The masked number or address, or a device's name.
    pub name: Option<String>,
}

/// The variants that documents and traffic show: `oob_channel`, `oob_channels` as text or array, `type`, or just the id.
/// Only the id and `active` must be readable: what the others lack, the page can do without.
#[derive(Deserialize)]
struct Wire {
    id: AuthenticatorId,
    #[serde(default)]
    active: bool,
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
        Self { factor, active: wire.active, name, id: wire.id }
    }
}

fn factor_of(wire: &Wire) -> Factor {
    let prefix = wire.id.as_str().split_once('|').map(|(prefix, _)| prefix);
    let hints = [
        first(&wire.oob_channel),
        first(&wire.oob_channels),
        prefix,
        first(&wire.r#type),
        first(&wire.authenticator_type),
    ];
    hints.into_iter().flatten().find_map(Factor::from_wire).unwrap_or(Factor::Other)
}

fn first(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get(0)?.as_str())
}

/// What to enroll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Associate {
    /// An authenticator app.
    Totp,
    /// Text messages to a number in E.164.
    Sms(String),
    /// Phone calls to a number in E.164.
    Voice(String),
    /// E-mails to an address.
    Email(String),
    /// Requests to the Guardian app.
    Push,
}

impl Associate {
    /// The factor it enrolls.
    #[must_use]
    pub fn factor(&self) -> Factor {
        match self {
            Self::Totp => Factor::Totp,
            Self::Sms(_) => Factor::Sms,
            Self::Voice(_) => Factor::Voice,
            Self::Email(_) => Factor::Email,
            Self::Push => Factor::Push,
        }
    }

    /// The number or address, where there is one.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
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

/// The tenant's answer to an association.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Association {
    /// The key for an authenticator app, in base32.
    pub secret: Option<Secret>,
    /// The same as an address for a QR code.
    pub barcode_uri: Option<Secret>,
    /// The handle of a code that was sent.
    pub oob_code: Option<Secret>,
    /// Only in a person's very first association, and never again.
    #[serde(default)]
    pub recovery_codes: Vec<Secret>,
}

impl Association {
    /// Whether it has what ends the enrollment: a key, or the handle of what was sent.
    fn fits(&self, what: &Associate) -> bool {
        let needed = if *what == Associate::Totp { &self.secret } else { &self.oob_code };
        needed.as_ref().is_some_and(|needed| !needed.expose().is_empty())
    }
}

/// The tenant's answer to a challenge.
#[derive(Deserialize)]
struct Challenged {
    oob_code: Option<Secret>,
}

impl Tenant {
    /// The person's authenticators, unfinished ones included. An element nobody can read is left out.
    pub async fn authenticators(&self, token: &MfaToken) -> Result<Vec<Authenticator>, Error> {
        let url = self.endpoint(&["mfa", "authenticators"]);
        let listed: Vec<Value> = self.get(Call::List, url, Some(token)).await?.json()?;
        Ok(listed.into_iter().filter_map(|element| serde_json::from_value(element).ok()).collect())
    }

    /// Begins an enrollment; sends the code where there is one to send.
    pub async fn associate(&self, token: &MfaToken, what: &Associate) -> Result<Association, Error> {
        let request = self.http.post(self.endpoint(&["mfa", "associate"]));
        let answer =
            self.send(Call::Associate, request.bearer_auth(token.expose()).json(&what.body())).await?;
        let association: Association = answer.json()?;
        if association.fits(what) {
            Ok(association)
        } else {
            Err(answer.unintelligible("without key or handle"))
        }
    }

    /// Asks an active authenticator for a proof; sends the code, or the request to the phone, where there is one.
    /// Returns the handle of what was sent; an app's code needs none.
    pub async fn challenge(
        &self,
        token: &MfaToken,
        id: &AuthenticatorId,
        factor: Factor,
    ) -> Result<Option<Secret>, Error> {
        let body = json!({
            "client_id": self.options.client_id,
            "client_secret": self.options.client_secret,
            "mfa_token": token,
            "challenge_type": if factor == Factor::Totp { "otp" } else { "oob" },
            "authenticator_id": id,
        });
        let request = self.http.post(self.endpoint(&["mfa", "challenge"]));
        let answer = self.send(Call::Challenge, request.json(&body)).await?;
        let oob_code = answer.json::<Challenged>()?.oob_code;
        if oob_code.as_ref().is_none_or(|code| code.expose().is_empty()) && factor != Factor::Totp {
            return Err(answer.unintelligible("without handle"));
        }
        Ok(oob_code)
    }

    /// Removes an authenticator. One that is gone already is no failure.
    pub async fn remove(&self, token: &MfaToken, id: &AuthenticatorId) -> Result<(), Error> {
        let request = self.http.delete(self.endpoint(&["mfa", "authenticators", id.as_str()]));
        match self.send(Call::Remove, request.bearer_auth(token.expose())).await {
            Ok(answer) if answer.body.is_empty() => Ok(()),
            // Auth0 says nothing here. Who does may be some gateway: the list tells.
            Ok(answer) => Err(answer.unintelligible("words where none belong")),
            Err(error) if error.reason() == Some(Reason::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
