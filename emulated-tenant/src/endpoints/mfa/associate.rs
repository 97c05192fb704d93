//! `POST /mfa/associate`: begins an enrollment (API reference, Add an authenticator).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::endpoints::issuer::Issuer;
use crate::wire::credentials::bearer_token;
use crate::wire::params::Params;
use crate::wire::refusals::Refusal;
use crate::world::authenticator::{Authenticator, Factor};
use crate::world::mfa_token::Bearer;
use crate::world::{Shared, World};

/// `POST /mfa/associate`: begins an enrollment. The authenticator stays inactive until the token endpoint
/// confirms it.
pub(crate) async fn associate(
    State(shared): State<Shared>,
    issuer: Issuer,
    headers: HeaderMap,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    // Only the FAQ sends the token in the body.
    let token = bearer_token(&headers).or_else(|| params.text("mfa_token"));
    let bearer = world.bearer(token, "enroll", &issuer.0)?;
    world.check_may_enroll(&bearer)?;
    let sub = &bearer.grant.sub;
    let mut response = match requested_factor(&params)? {
        Factor::Totp => world.associate_totp(sub),
        Factor::Push => world.associate_push(sub, &issuer.0),
        Factor::Email => world.associate_email(sub, params.text("email")),
        phone => world.associate_phone(sub, phone, params.text("phone_number")),
    }?;
    if let Some(recovery_code) = world.first_recovery_code(sub) {
        response["recovery_codes"] = json!([recovery_code]);
    }
    Ok(Json(response))
}

fn requested_factor(params: &Params) -> Result<Factor, Refusal> {
    let types = params.list("authenticator_types");
    match types.first().copied() {
        Some("otp") => Ok(Factor::Totp),
        Some("oob") => {
            let channels = params.list("oob_channels");
            let channel = channels.first().ok_or_else(|| Refusal::missing("oob_channels"))?;
            Factor::from_channel(channel)
                .ok_or_else(|| Refusal::invalid(format!("Invalid oob_channel: {channel}")))
        }
        Some(other) => Err(Refusal::invalid(format!("Invalid authenticator type: {other}"))),
        None => Err(Refusal::missing("authenticator_types")),
    }
}

impl World {
    /// An opaque token enrolls the first authenticator only (thread 90893), and the number of authenticators is
    /// limited (thread 95815).
    fn check_may_enroll(&self, bearer: &Bearer) -> Result<(), Refusal> {
        let refusals = &self.settings.refusals;
        let authenticators = self.person(&bearer.grant.sub).map_or(&[][..], |person| &person.authenticators);
        if bearer.opaque && authenticators.iter().any(|one| one.active && !one.from_profile) {
            return Err(refusals.already_enrolled.clone());
        }
        if authenticators.len() >= self.settings.authenticator_limit {
            return Err(refusals.too_many_authenticators.clone());
        }
        Ok(())
    }

    fn check_enabled(&self, factor: Factor) -> Result<(), Refusal> {
        let enabled = self.settings.enables(factor);
        if enabled { Ok(()) } else { Err(self.settings.refusals.factor_disabled.clone()) }
    }

    fn add(&mut self, sub: &str, authenticators: impl IntoIterator<Item = Authenticator>) {
        if let Some(person) = self.person_mut(sub) {
            person.authenticators.extend(authenticators);
        }
    }

    fn associate_totp(&mut self, sub: &str) -> Result<Value, Refusal> {
        self.check_enabled(Factor::Totp)?;
        let (device, secret) = (self.random.device(), self.random.totp_secret());
        self.add(sub, [Authenticator::new(Factor::Totp, &device).with_secret(&secret)]);
        let issuer = encode(&self.settings.friendly_name);
        let label = self.otpauth_label(sub);
        let parameters = format!("secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30");
        Ok(json!({
            "authenticator_type": "otp",
            "secret": secret,
            "barcode_uri": format!("otpauth://totp/{label}?{parameters}"),
        }))
    }

    fn associate_phone(&mut self, sub: &str, factor: Factor, number: Option<&str>) -> Result<Value, Refusal> {
        self.check_enabled(factor)?;
        let number = number.ok_or_else(|| Refusal::missing("phone_number"))?;
        if !is_e164(number) {
            return Err(self.settings.refusals.invalid_phone.clone());
        }
        self.count_message(sub, factor)?;
        let device = self.random.device();
        let asked = Authenticator::new(factor, &device).with_contact(number);
        let twin = if factor == Factor::Sms { Factor::Voice } else { Factor::Sms };
        let id = asked.id.clone();
        if self.settings.enables(twin) {
            let twin = Authenticator::new(twin, &device).with_contact(number).with_twin(&id);
            let asked = asked.with_twin(&twin.id);
            self.add(sub, [asked, twin]);
        } else {
            self.add(sub, [asked]);
        }
        Ok(self.prompt_for_code(sub, &id, factor))
    }

    fn associate_email(&mut self, sub: &str, address: Option<&str>) -> Result<Value, Refusal> {
        self.check_enabled(Factor::Email)?;
        let profile = self.person(sub).map(|person| person.email.clone()).unwrap_or_default();
        let address = address.unwrap_or(&profile).to_owned();
        if !is_email(&address) {
            return Err(self.settings.refusals.invalid_email.clone());
        }
        self.count_message(sub, Factor::Email)?;
        let device = self.random.device();
        let email = Authenticator::new(Factor::Email, &device).with_contact(&address);
        let id = email.id.clone();
        self.add(sub, [email]);
        Ok(self.prompt_for_code(sub, &id, Factor::Email))
    }

    /// Sends the code, so that no `/mfa/challenge` is needed (API reference, Add an authenticator).
    fn prompt_for_code(&mut self, sub: &str, id: &str, factor: Factor) -> Value {
        json!({
            "authenticator_type": "oob",
            "binding_method": "prompt",
            "oob_channel": factor.channel(),
            "oob_code": self.start_oob(sub, id, true),
        })
    }

    /// Adds an OTP authenticator too, whose id has another suffix (Auth0, Push).
    fn associate_push(&mut self, sub: &str, issuer: &str) -> Result<Value, Refusal> {
        self.check_enabled(Factor::Push)?;
        let (device, twin, secret) = (self.random.device(), self.random.device(), self.random.totp_secret());
        let push = Authenticator::new(Factor::Push, &device).with_contact("Emulated phone");
        let totp = Authenticator::new(Factor::Totp, &twin).with_secret(&secret).with_twin(&push.id);
        let id = push.id.clone();
        let push = push.with_twin(&totp.id);
        self.add(sub, [push, totp]);
        let oob_code = self.start_oob(sub, &id, true);
        let (transaction, base_url) = (self.random.handle(), encode(&format!("{issuer}appliance-mfa")));
        let label = self.otpauth_label(sub);
        Ok(json!({
            "authenticator_type": "oob",
            "oob_channel": "auth0",
            "oob_code": oob_code,
            "barcode_uri": format!("otpauth://totp/{label}?enrollment_tx_id={transaction}&base_url={base_url}"),
        }))
    }

    /// Creates a recovery code, with the person's very first association only (API reference, Add an authenticator).
    fn first_recovery_code(&mut self, sub: &str) -> Option<String> {
        let (device, code) = (self.random.device(), self.random.recovery_code());
        let enabled = self.settings.recovery_codes;
        let person = self.person_mut(sub)?;
        let first = !std::mem::replace(&mut person.ever_associated, true);
        if !first || !enabled {
            return None;
        }
        person.authenticators.push(Authenticator::new(Factor::RecoveryCode, &device).with_secret(&code));
        Some(code)
    }

    /// The label of an `otpauth` URI, such as `My%20Test%20Tenant:user%40example.com` (recorded traffic).
    fn otpauth_label(&self, sub: &str) -> String {
        let email = self.person(sub).map_or(sub, |person| &person.email);
        format!("{}:{}", encode(&self.settings.friendly_name), encode(email))
    }
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Whether a number is a plus sign and 8 to 15 digits, the first of them not zero (ITU-T E.164).
fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && !text.contains(' '))
}
