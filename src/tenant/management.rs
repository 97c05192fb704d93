//! The one call to the Management API: a new recovery code. It needs credentials of its own, far stronger than the rest,
//! and is off without them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::json;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::{Call, Error, Kind, Reason, Tenant, below};
use crate::secret::Secret;

/// Client credentials that may call the Management API with `update:users`.
#[derive(Clone, Debug)]
pub struct Management {
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: Secret,
}

/// The token is asked for again this long before it ends.
const SPARE: Duration = Duration::minutes(5);

/// The last answer, with when it was asked for. Two that are asked for at once do no harm: nobody waits for another's.
#[derive(Default)]
pub(super) struct Cache(Mutex<Option<(OffsetDateTime, TokenAnswer)>>);

impl Cache {
    fn token(&self) -> MutexGuard<'_, Option<(OffsetDateTime, TokenAnswer)>> {
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
    /// Whether a new recovery code can be had here.
    #[must_use]
    pub fn can_regenerate(&self) -> bool {
        self.options.management.is_some()
    }

    /// Gives the person a new recovery code; the old one ends (Management API, recovery-code-regeneration).
    pub async fn regenerate_recovery_code(&self, sub: &str) -> Result<Secret, Error> {
        let token = self.management_token().await?;
        let url = self.canonical(&["api", "v2", "users", sub, "recovery-code-regeneration"]);
        let answer = self.send(Call::Regenerate, self.http.post(url).bearer_auth(token.expose())).await;
        let answer = answer.map_err(|error| match error.reason() {
            // Neither is the person's doing, and nothing they can mend by signing in again.
            Some(reason @ (Reason::TokenEnded | Reason::MissingScope)) => {
                let cause = format!("{reason:?}: does the management application have update:users?");
                Error { kind: Kind::Misconfigured(cause), ..error }
            }
            _ => error,
        });
        if matches!(&answer, Err(error) if matches!(error.kind, Kind::Misconfigured(_))) {
            // Perhaps it was only revoked: the next try asks for a new one.
            *self.management_token.token() = None;
        }
        Ok(answer?.json::<Regenerated>()?.recovery_code)
    }

    /// Client credentials (RFC 6749 §4.4), kept until shortly before they end.
    async fn management_token(&self) -> Result<Secret, Error> {
        let now = self.clock.now();
        let young = |(at, answer): &(_, TokenAnswer)| {
            self.clock.is_within(Duration::seconds(answer.expires_in.into()) - SPARE, *at)
        };
        let kept = self.management_token.token().clone().filter(young);
        if let Some((_, answer)) = kept {
            return Ok(answer.access_token);
        }
        let answer = self.fetch_management_token().await?;
        *self.management_token.token() = Some((now, answer.clone()));
        Ok(answer.access_token)
    }

    async fn fetch_management_token(&self) -> Result<TokenAnswer, Error> {
        const CALL: Call = Call::ManagementToken;
        let off = || Error {
            call: CALL,
            kind: Kind::Misconfigured("no management credentials".into()),
            request_id: None,
        };
        let credentials = self.options.management.as_ref().ok_or_else(off)?;
        self.send(CALL, self.management_token_request(credentials)).await?.json()
    }

    /// The request for a token for the Management API, with every scope that the application was granted.
    pub(super) fn management_token_request(&self, credentials: &Management) -> RequestBuilder {
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "audience": self.canonical(&["api", "v2", ""]),
        });
        self.http.post(self.canonical(&["oauth", "token"])).json(&body)
    }

    /// The Management API is asked for under the canonical domain, whatever domain people sign in on.
    fn canonical(&self, segments: &[&str]) -> Url {
        below(&self.options.canonical_url, segments)
    }
}
