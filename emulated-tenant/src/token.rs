//! `POST /oauth/token`: who asks, by which grant, and the answer that all grants share (contract §2).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::answers::Answer;
use crate::domains::Issuer;
use crate::grants::{authorization_code, client_credentials, mfa_oob, mfa_otp, mfa_recovery_code, password};
use crate::params::Params;
use crate::tokens::{Grant, SignIn};
use crate::world::{Shared, World};

const MFA_GRANTS: &str = "http://auth0.com/oauth/grant-type/mfa-";
const PASSWORD_REALM: &str = "http://auth0.com/oauth/grant-type/password-realm";

/// A request for a token by an application that has proved who it is.
pub(crate) struct Call<'a> {
    pub(crate) params: &'a Params,
    pub(crate) client_id: &'a str,
    pub(crate) issuer: &'a str,
}

/// Issues tokens.
pub(crate) async fn token(
    State(shared): State<Shared>,
    issuer: Issuer,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Answer> {
    let mut world = shared.world();
    let grant_type = params.required("grant_type")?;
    let client_id = world.client(&headers, &params)?;
    let call = Call { params: &params, client_id: &client_id, issuer: &issuer.0 };
    world.may_use(grant_type, &client_id)?;
    let answer = match grant_type {
        "authorization_code" => authorization_code::exchange(&mut world, &call).map(Json::into_response),
        "client_credentials" => client_credentials::exchange(&world, &call).map(Json::into_response),
        "password" | PASSWORD_REALM => password::exchange(&mut world, &call),
        mfa => match mfa.strip_prefix(MFA_GRANTS) {
            Some("otp") => mfa_otp::exchange(&mut world, &call).map(Json::into_response),
            Some("oob") => mfa_oob::exchange(&mut world, &call).map(Json::into_response),
            Some("recovery-code") => mfa_recovery_code::exchange(&mut world, &call).map(Json::into_response),
            _ => Err(Answer::new(400, "unsupported_grant_type", format!("Unsupported grant type: {mfa}"))),
        },
    };
    Ok(([(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], answer?).into_response())
}

impl World {
    /// The application that asks, by `client_secret_post` or `client_secret_basic` (RFC 6749 §2.3.1).
    pub(crate) fn client(&self, headers: &HeaderMap, params: &Params) -> Result<String, Answer> {
        let posted =
            || Some((params.text("client_id")?.to_owned(), params.text("client_secret")?.to_owned()));
        let credentials = basic(headers).or_else(posted);
        let settings = &self.settings;
        let known = [
            (&settings.client_id, &settings.client_secret),
            (&settings.management_client_id, &settings.management_client_secret),
        ];
        let client = credentials.filter(|(id, secret)| known.contains(&(id, secret)));
        client.map(|(id, _)| id).ok_or_else(|| settings.answers.wrong_client.clone())
    }

    /// Which grants an application has; the Management API's one is a machine.
    fn may_use(&self, grant_type: &str, client_id: &str) -> Result<(), Answer> {
        let machine = client_id == self.settings.management_client_id;
        let allowed = match grant_type {
            "client_credentials" => machine && self.settings.management_grant,
            "password" | PASSWORD_REALM => !machine && self.settings.password_grant,
            mfa if mfa.starts_with(MFA_GRANTS) => !machine && self.settings.mfa_grant,
            _ => !machine,
        };
        if allowed { Ok(()) } else { Err(Answer::grant_not_allowed(grant_type)) }
    }

    /// The answer to a grant that succeeded: an ID token comes with `openid` only.
    pub(crate) fn token_answer(&mut self, grant: &Grant, sign_in: &SignIn, issuer: &str) -> Value {
        let lifetime = self.settings.token_lifetime;
        let mut answer = json!({
            "access_token": self.access_token(grant, issuer, lifetime),
            "scope": grant.scope.join(" "),
            "expires_in": lifetime,
            "token_type": "Bearer",
        });
        if grant.has("openid") {
            answer["id_token"] = json!(self.id_token(grant, sign_in, issuer));
        }
        answer
    }

    /// What of the scopes that are asked for is granted; unknown ones are dropped silently (contract §1.2).
    pub(crate) fn granted(&self, asked: &str, audience: Option<&str>) -> Vec<String> {
        let of_api = ["enroll", "read:authenticators", "remove:authenticators"];
        let of_profile = ["openid", "profile", "email"];
        let known =
            |scope: &&str| of_profile.contains(scope) || (audience.is_some() && of_api.contains(scope));
        let limit = self.settings.granted_scopes.as_deref();
        let allowed = |scope: &&str| limit.is_none_or(|limit| limit.iter().any(|one| one == scope));
        asked.split_whitespace().filter(known).filter(allowed).map(str::to_owned).collect()
    }
}

/// Id and secret of an `Authorization: Basic` header, each form-encoded inside (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (decode(id), decode(secret)))
}

fn decode(text: &str) -> String {
    form_urlencoded::parse(format!("text={text}").as_bytes()).map(|(_, value)| value.into_owned()).collect()
}
