//! `POST /mfa/associate`: begins an enrollment (contract §4).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::answers::Answer;
use crate::authenticator::{Authenticator, Factor};
use crate::domains::Issuer;
use crate::mfa_token::{Bearer, bearer_token};
use crate::params::Params;
use crate::world::{Shared, World};

/// Begins an enrollment; the authenticator stays inactive until it is confirmed.
pub(crate) async fn associate(
    State(shared): State<Shared>,
    issuer: Issuer,
    headers: HeaderMap,
    params: Params,
) -> Result<Json<Value>, Answer> {
    let mut world = shared.world();
    // Seed 003 has the token in the body; nobody else does.
    let token = bearer_token(&headers).or_else(|| params.text("mfa_token"));
    let bearer = world.bearer(token, "enroll", &issuer.0)?;
    world.may_enroll(&bearer)?;
    let sub = &bearer.grant.sub;
    let mut answer = match requested_factor(&params)? {
        Factor::Totp => world.associate_totp(sub),
        Factor::Push => world.associate_push(sub, &issuer.0),
        Factor::Email => world.associate_email(sub, params.text("email")),
        phone => world.associate_phone(sub, phone, params.text("phone_number")),
    }?;
    if let Some(recovery_code) = world.first_recovery_code(sub) {
        answer["recovery_codes"] = json!([recovery_code]);
    }
    Ok(Json(answer))
}

fn requested_factor(params: &Params) -> Result<Factor, Answer> {
    let types = params.list("authenticator_types");
    match types.first().copied() {
        Some("otp") => Ok(Factor::Totp),
        Some("oob") => {
            let channels = params.list("oob_channels");
            let channel = channels.first().ok_or_else(|| Answer::missing("oob_channels"))?;
            Factor::from_channel(channel)
                .ok_or_else(|| Answer::invalid(format!("Invalid oob_channel: {channel}")))
        }
        Some(other) => Err(Answer::invalid(format!("Invalid authenticator type: {other}"))),
        None => Err(Answer::missing("authenticator_types")),
    }
}

impl World {
    /// An opaque token enrolls the first authenticator only (seed 000), and 51 are enough (contract §3).
    fn may_enroll(&self, bearer: &Bearer) -> Result<(), Answer> {
        let answers = &self.settings.answers;
        let authenticators = self.person(&bearer.grant.sub).map_or(&[][..], |person| &person.authenticators);
        if bearer.opaque && authenticators.iter().any(|one| one.active && !one.from_profile) {
            return Err(answers.already_enrolled.clone());
        }
        if authenticators.len() >= self.settings.authenticator_limit {
            return Err(answers.too_many_authenticators.clone());
        }
        Ok(())
    }

    fn enabled(&self, factor: Factor) -> Result<(), Answer> {
        let enabled = self.settings.enables(factor);
        if enabled { Ok(()) } else { Err(self.settings.answers.factor_disabled.clone()) }
    }

    fn add(&mut self, sub: &str, authenticators: impl IntoIterator<Item = Authenticator>) {
        if let Some(person) = self.person_mut(sub) {
            person.authenticators.extend(authenticators);
        }
    }

    fn associate_totp(&mut self, sub: &str) -> Result<Value, Answer> {
        self.enabled(Factor::Totp)?;
        let (device, secret) = (self.random.device(), self.random.totp_secret());
        self.add(sub, [Authenticator::new(Factor::Totp, &device).keeping(&secret)]);
        let issuer = encode(&self.settings.friendly_name);
        let label = self.otpauth_label(sub);
        let parameters = format!("secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30");
        Ok(json!({
            "authenticator_type": "otp",
            "secret": secret,
            "barcode_uri": format!("otpauth://totp/{label}?{parameters}"),
        }))
    }

    fn associate_phone(&mut self, sub: &str, factor: Factor, number: Option<&str>) -> Result<Value, Answer> {
        self.enabled(factor)?;
        let number = number.ok_or_else(|| Answer::missing("phone_number"))?;
        if !is_e164(number) {
            return Err(self.settings.answers.invalid_phone.clone());
        }
        self.count_message(sub, factor)?;
        let device = self.random.device();
        let asked = Authenticator::new(factor, &device).reached_at(number);
        let twin = if factor == Factor::Sms { Factor::Voice } else { Factor::Sms };
        let id = asked.id.clone();
        if self.settings.enables(twin) {
            let twin = Authenticator::new(twin, &device).reached_at(number).with_twin(&id);
            let asked = asked.with_twin(&twin.id);
            self.add(sub, [asked, twin]);
        } else {
            self.add(sub, [asked]);
        }
        Ok(self.prompt_for_code(sub, &id, factor))
    }

    fn associate_email(&mut self, sub: &str, address: Option<&str>) -> Result<Value, Answer> {
        self.enabled(Factor::Email)?;
        let profile = self.person(sub).map(|person| person.email.clone()).unwrap_or_default();
        let address = address.unwrap_or(&profile).to_owned();
        if !is_address(&address) {
            return Err(self.settings.answers.invalid_email.clone());
        }
        self.count_message(sub, Factor::Email)?;
        let device = self.random.device();
        let email = Authenticator::new(Factor::Email, &device).reached_at(&address);
        let id = email.id.clone();
        self.add(sub, [email]);
        Ok(self.prompt_for_code(sub, &id, Factor::Email))
    }

    /// The code goes out with the association: no challenge is needed (contract §4).
    fn prompt_for_code(&mut self, sub: &str, id: &str, factor: Factor) -> Value {
        json!({
            "authenticator_type": "oob",
            "binding_method": "prompt",
            "oob_channel": factor.channel(),
            "oob_code": self.start_oob(sub, id, true),
        })
    }

    /// Brings a code generator with another suffix along (contract §3).
    fn associate_push(&mut self, sub: &str, issuer: &str) -> Result<Value, Answer> {
        self.enabled(Factor::Push)?;
        let (device, twin, secret) = (self.random.device(), self.random.device(), self.random.totp_secret());
        let push = Authenticator::new(Factor::Push, &device).reached_at("Emulated phone");
        let totp = Authenticator::new(Factor::Totp, &twin).keeping(&secret).with_twin(&push.id);
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

    /// One code, with the person's very first association only (contract §4).
    fn first_recovery_code(&mut self, sub: &str) -> Option<String> {
        let (device, code) = (self.random.device(), self.random.recovery_code());
        let enabled = self.settings.recovery_codes;
        let person = self.person_mut(sub)?;
        let first = !std::mem::replace(&mut person.ever_associated, true);
        if !first || !enabled {
            return None;
        }
        person.authenticators.push(Authenticator::new(Factor::RecoveryCode, &device).keeping(&code));
        Some(code)
    }

    /// `My%20Test%20Tenant:user%40example.com`
    fn otpauth_label(&self, sub: &str) -> String {
        let email = self.person(sub).map_or(sub, |person| &person.email);
        format!("{}:{}", encode(&self.settings.friendly_name), encode(email))
    }
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A plus sign and 8 to 15 digits that begin with no zero (ITU-T E.164).
fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && !text.contains(' '))
}
