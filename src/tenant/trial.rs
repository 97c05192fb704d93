//! What `mfa-portal check` asks the tenant, only to see what it says. Nothing is changed there, and nobody is sent
//! anything: nobody is signed in, the MFA token is none, and the token for the Management API is dropped.

use reqwest::RequestBuilder;
use reqwest::header::{DATE, LOCATION, SET_COOKIE};
use serde::Deserialize;
use time::OffsetDateTime;
use url::Url;

use super::answer::{Received, header};
use super::{Call, Error, ErrorBody, MfaToken, Proof, SignInRequest, Tenant};
use crate::random::Random;
use crate::secret::Secret;

/// No tenant ever made such a token.
const JUNK: &str = "mfa-portal-check";

/// An answer as it came, whatever its status.
pub struct Look {
    /// The HTTP status.
    pub status: u16,
    /// Where it leads, if it is a redirect to an address in full.
    pub location: Option<Url>,
    /// The tenant's time, by its `Date` header (RFC 9110 §6.6.1).
    pub date: Option<OffsetDateTime>,
    /// The `Set-Cookie` headers.
    pub cookies: Vec<String>,
    body: Vec<u8>,
}

impl Look {
    /// `error` and its description: of a JSON answer, else of the address that a redirect leads to.
    #[must_use]
    pub fn refusal(&self) -> (String, String) {
        let said: ErrorBody = serde_json::from_slice(&self.body).unwrap_or_default();
        if !said.error.is_empty() {
            return (said.error, said.error_description);
        }
        let parameter = |name| {
            let mut query = self.location.iter().flat_map(Url::query_pairs);
            query.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        (parameter("error"), parameter("error_description"))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The scopes of a token answer (RFC 6749 §5.1); the token itself is dropped.
    #[must_use]
    pub fn scopes(&self) -> Option<Vec<String>> {
        #[derive(Deserialize)]
        struct Granted {
            scope: String,
        }
        let granted: Granted = serde_json::from_slice(&self.body).ok()?;
        Some(granted.scope.split_whitespace().map(str::to_owned).collect())
    }
}

impl From<Received> for Look {
    fn from(received: Received) -> Self {
        let headers = &received.headers;
        let date = header(headers, DATE.as_str()).and_then(|date| httpdate::parse_http_date(&date).ok());
        let cookies = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        Self {
            status: received.status.as_u16(),
            location: header(headers, LOCATION.as_str()).and_then(|address| address.parse().ok()),
            date: date.map(OffsetDateTime::from),
            cookies: cookies.map(str::to_owned).collect(),
            body: received.body,
        }
    }
}

impl Tenant {
    /// What the tenant answers to a sign-in that may show no page (`prompt=none`, OpenID Connect Core §3.1.2.1), for
    /// the MFA API or another audience. No browser comes with it, so nobody can be signed in.
    pub async fn try_sign_in(&self, random: &Random, audience: Option<&str>) -> Result<Look, Error> {
        let verifier = Secret::from(random.verifier());
        let (state, nonce) = (random.id(), random.id());
        let request =
            SignInRequest { state: &state, nonce: &nonce, verifier: &verifier, max_age: 0, ui_locales: "en" };
        let mut url = self.authorize_url(request).await?;
        let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let silent = asked.into_iter().filter(|(name, _)| name != "max_age").map(|(name, value)| {
            let value = audience.filter(|_| name == "audience").map_or(value, str::to_owned);
            (name, value)
        });
        url.query_pairs_mut().clear().extend_pairs(silent).append_pair("prompt", "none");
        self.look(Call::TrySignIn, self.http.get(url)).await
    }

    /// What the token endpoint says to a confirmation whose MFA token is none. It looks at the client's credentials
    /// first, at the grant type next, and at the token last.
    pub async fn try_confirm(&self) -> Result<Look, Error> {
        let proof = Proof::Otp(Secret::from("000000"));
        self.look(Call::TryConfirm, self.proof_request(&MfaToken::new(JUNK), &proof)).await
    }

    /// What `/v2/logout` says to our address without a session to end.
    pub async fn try_sign_out(&self, return_to: &str) -> Result<Look, Error> {
        let mut url = self.endpoint(&["v2", "logout"]);
        url.query_pairs_mut()
            .append_pair("client_id", &self.options.client_id)
            .append_pair("returnTo", return_to);
        self.look(Call::TrySignOut, self.http.get(url)).await
    }

    /// What the token endpoint says to the management credentials; `None` without any.
    pub async fn try_management(&self) -> Option<Result<Look, Error>> {
        let request = self.management_token_request(self.options.management.as_ref()?);
        Some(self.look(Call::TryManagement, request).await)
    }

    /// What is served at an address, which is not the tenant's.
    pub async fn look_at(&self, url: Url) -> Result<Look, Error> {
        self.look(Call::Look, self.http.get(url)).await
    }

    async fn look(&self, call: Call, request: RequestBuilder) -> Result<Look, Error> {
        self.receive(call, request).await.map(Look::from)
    }
}
