//! `grant_type=http://auth0.com/oauth/grant-type/mfa-oob`: proves, and at first confirms, a phone, a mailbox or
//! the Guardian app (contract §5).

use axum::Json;
use serde_json::Value;

use crate::answers::Answer;
use crate::oob::OobAttempt;
use crate::token::Call;
use crate::tokens::SignIn;
use crate::world::World;

/// Takes a code that was sent, or an approval.
pub(crate) fn exchange(world: &mut World, call: &Call<'_>) -> Result<Json<Value>, Answer> {
    let mfa_token = call.params.required("mfa_token")?;
    let grant = world.mfa_token(mfa_token, call.client_id)?;
    let attempt = OobAttempt {
        sub: &grant.sub,
        oob_code: call.params.required("oob_code")?,
        binding_code: call.params.text("binding_code"),
        session: mfa_token,
    };
    let proved = world.finish_oob(&attempt)?;
    if let Some(person) = world.person_mut(&grant.sub) {
        person.confirm(&proved);
    }
    Ok(Json(world.token_answer(&grant, &SignIn::default(), call.issuer)))
}
