//! `POST /mfa/challenge` (API reference, Request MFA challenge).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::wire::credentials;
use crate::wire::params::Params;
use crate::wire::refusals::Refusal;
use crate::world::authenticator::{Authenticator, Factor};
use crate::world::{Shared, World};

/// `POST /mfa/challenge`: sends the code or push notification that the authenticator needs.
pub(crate) async fn challenge(
    State(shared): State<Shared>,
    headers: HeaderMap,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    let client_id = world.authenticate_client(credentials::client(&headers, &params))?;
    let grant = world.mfa_token(params.required("mfa_token")?, &client_id)?;
    let authenticator = world.challenged_authenticator(&grant.sub, &params)?;
    if authenticator.factor == Factor::Totp {
        return Ok(Json(json!({ "challenge_type": "otp" })));
    }
    world.count_message(&grant.sub, authenticator.factor)?;
    let oob_code = world.start_oob(&grant.sub, &authenticator.id, false);
    let mut response = json!({ "challenge_type": "oob", "oob_code": oob_code });
    if authenticator.factor != Factor::Push {
        response["binding_method"] = json!("prompt");
    }
    Ok(Json(response))
}

impl World {
    /// The requested authenticator, or the newest active one of a requested challenge type.
    fn challenged_authenticator(&self, sub: &str, params: &Params) -> Result<Authenticator, Refusal> {
        let refusals = &self.settings.refusals;
        let types: Vec<&str> =
            params.text("challenge_type").unwrap_or("otp oob").split_whitespace().collect();
        if types.iter().any(|one| !["otp", "oob"].contains(one)) {
            return Err(refusals.invalid_challenge_type.clone());
        }
        let all = self.person(sub).map(|person| person.authenticators.as_slice()).unwrap_or_default();
        if !all.iter().any(|one| one.active && one.factor != Factor::RecoveryCode) {
            return Err(refusals.association_required.clone());
        }
        let found = if let Some(id) = params.text("authenticator_id") {
            all.iter().find(|one| one.id == id).ok_or(&refusals.unknown_authenticator)
        } else {
            let channel = params.text("oob_channel");
            let mut wanted = all.iter().rev().filter(|one| one.active && fits(one, channel));
            wanted
                .find(|one| types.contains(&one.factor.authenticator_type()))
                .ok_or(&refusals.unsupported_challenge)
        };
        let found = found.map_err(Clone::clone)?;
        if !found.active {
            return Err(refusals.association_required.clone());
        }
        if !types.contains(&found.factor.authenticator_type()) {
            return Err(refusals.unsupported_challenge.clone());
        }
        Ok(found.clone())
    }
}

fn fits(authenticator: &Authenticator, channel: Option<&str>) -> bool {
    channel.is_none() || authenticator.factor.channel().is_none() || authenticator.factor.channel() == channel
}
