//! The one call to the Management API: a new recovery code. It needs credentials of its own, far more powerful than the
//! application's, and is off without them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::json;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::{Call, Credentials, Error, Failure, Reason, Tenant, path};
use crate::secret::Secret;

/// Client credentials of the management application, which may call the Management API with `update:users`.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the struct's line says it")]
pub struct Management {
    pub client_id: String,
    pub credentials: Credentials,
}

/// How long before its end the cached token is replaced.
const SPARE: Duration = Duration::minutes(5);

/// The last token, and when it was requested. Concurrent callers may each request one, which does no harm.
#[derive(Default)]
pub(super) struct TokenCache(Mutex<Option<(OffsetDateTime, TokenAnswer)>>);

impl TokenCache {
    fn lock(&self) -> MutexGuard<'_, Option<(OffsetDateTime, TokenAnswer)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Deserialize)]
struct TokenAnswer {
    access_token: Secret,
    /// In seconds.
    expires_in: u32,
}

#[derive(Deserialize)]
struct Regenerated {
    recovery_code: Secret,
}

impl Tenant {
    /// Whether people can get a new recovery code.
    #[must_use]
    pub(crate) fn can_regenerate(&self) -> bool {
        self.options.management.is_some()
    }

    /// Replaces the person's recovery code (Auth0 Management API, Generate New Multi-factor Authentication Recovery
    /// Code).
    pub(crate) async fn regenerate_recovery_code(&self, sub: &str) -> Result<Secret, Error> {
        let users = self.canonical("/api/v2/users");
        let url = path::of_id(Call::Regenerate, users, sub, "/recovery-code-regeneration")?;
        let token = self.management_token().await?;
        let answer = self.send(Call::Regenerate, self.http.post(url).bearer_auth(token.expose())).await;
        let answer = answer.map_err(|error| match error.reason() {
            // This concerns the management application's token, so signing in again would not help the person.
            Some(reason @ (Reason::TokenEnded | Reason::MissingScope)) => {
                let cause = format!("{reason:?}: does the management application have update:users?");
                Error { kind: Failure::Misconfigured(cause), ..error }
            }
            _ => error,
        });
        if matches!(&answer, Err(error) if matches!(error.kind, Failure::Misconfigured(_))) {
            // The token may have been revoked, so the next try gets a new one.
            *self.management_token.lock() = None;
        }
        Ok(answer?.json::<Regenerated>()?.recovery_code)
    }

    /// A token for client credentials (RFC 6749 §4.4), cached until shortly before its end.
    async fn management_token(&self) -> Result<Secret, Error> {
        let now = self.clock.now();
        let is_current = |(at, answer): &(_, TokenAnswer)| {
            self.clock.is_within(Duration::seconds(answer.expires_in.into()) - SPARE, *at)
        };
        let cached = self.management_token.lock().clone().filter(is_current);
        if let Some((_, answer)) = cached {
            return Ok(answer.access_token);
        }
        let answer = self.fetch_management_token().await?;
        *self.management_token.lock() = Some((now, answer.clone()));
        Ok(answer.access_token)
    }

    async fn fetch_management_token(&self) -> Result<TokenAnswer, Error> {
        const CALL: Call = Call::ManagementToken;
        let disabled = || Error {
            call: CALL,
            kind: Failure::Misconfigured("no management credentials".into()),
            request_id: None,
            is_logged: false,
        };
        let credentials = self.options.management.as_ref().ok_or_else(disabled)?;
        self.send(CALL, self.management_token_request(credentials)).await?.json()
    }

    /// Names no scope, so the token gets every one that the application was granted.
    pub(super) fn management_token_request(&self, management: &Management) -> RequestBuilder {
        let Management { client_id, credentials } = management;
        let mut body = json!({
            "grant_type": "client_credentials",
            "client_id": client_id,
            "audience": self.canonical("/api/v2/"),
        });
        let proof =
            credentials.parameters(client_id, &self.options.canonical_url, self.clock.now(), &self.random);
        for (name, value) in proof {
            body[name] = value.expose().into();
        }
        self.http.post(self.canonical("/oauth/token")).json(&body)
    }

    /// The Management API exists under the canonical domain only (Auth0, Configure Features to Use Custom Domains).
    fn canonical(&self, path: &'static str) -> Url {
        path::at(&self.options.canonical_url, path)
    }
}
