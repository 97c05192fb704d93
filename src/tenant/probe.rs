//! The requests of `mfa-portal check`. Probes change nothing and send nothing: no sign-in is completed, the MFA token
//! is made up, and the token for the Management API is dropped.

use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_SECURITY_POLICY, DATE, LOCATION, SET_COOKIE, X_FRAME_OPTIONS};
use serde::Deserialize;
use time::OffsetDateTime;
use url::{Url, form_urlencoded};

use super::answer::{RawAnswer, header};
use super::{Call, Entrance, Error, ErrorBody, MfaToken, Proof, SignInRequest, Tenant};
use crate::random::Random;
use crate::secret::Secret;

/// Not a token of any tenant.
const MADE_UP_TOKEN: &str = "mfa-portal-check";

/// Asks for the token itself, by the implicit grant (RFC 6749 §4.2.1).
pub(crate) const FOR_A_TOKEN: (&str, &str) = ("response_type", "token");

/// The response to a probe, whatever its status.
pub(crate) struct ProbeResponse {
    /// HTTP status.
    pub status: u16,
    /// `Location`, if it is an absolute URL.
    pub location: Option<Url>,
    /// `Date` (RFC 9110 §6.6.1): the tenant's time.
    pub date: Option<OffsetDateTime>,
    /// The `Set-Cookie` headers.
    pub cookies: Vec<String>,
    /// Whether there is a `Content-Security-Policy`.
    pub has_policy: bool,
    /// Whether there is an `X-Frame-Options`.
    pub refuses_frames: bool,
    body: Vec<u8>,
}

impl ProbeResponse {
    /// `error` and `error_description`, from the JSON body or else from the query or the fragment of `Location`, where an
    /// answer with tokens would have them (RFC 6749 §4.2.2.1). Empty if there are none.
    #[must_use]
    pub(crate) fn refusal(&self) -> (String, String) {
        let said: ErrorBody = serde_json::from_slice(&self.body).unwrap_or_default();
        if !said.error.is_empty() {
            return (said.error, said.error_description);
        }
        let parameter = |name| {
            let query = self.location.iter().flat_map(Url::query_pairs);
            let fragment = self.location.as_ref().and_then(Url::fragment).unwrap_or_default();
            let mut said = query.chain(form_urlencoded::parse(fragment.as_bytes()));
            said.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        (parameter("error"), parameter("error_description"))
    }

    /// The description of the error and the body, in lower case: for words that may be in either.
    #[must_use]
    pub(crate) fn searchable_text(&self) -> String {
        let (_, description) = self.refusal();
        format!("{description} {}", String::from_utf8_lossy(&self.body)).to_lowercase()
    }

    /// The scopes of a token response (RFC 6749 §5.1).
    #[must_use]
    pub(crate) fn scopes(&self) -> Option<Vec<String>> {
        #[derive(Deserialize)]
        struct Granted {
            scope: String,
        }
        let granted: Granted = serde_json::from_slice(&self.body).ok()?;
        Some(granted.scope.split_whitespace().map(str::to_owned).collect())
    }
}

impl From<RawAnswer> for ProbeResponse {
    fn from(received: RawAnswer) -> Self {
        let headers = &received.headers;
        let date = header(headers, DATE.as_str()).and_then(|date| httpdate::parse_http_date(&date).ok());
        let cookies = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        Self {
            status: received.status.as_u16(),
            location: header(headers, LOCATION.as_str()).and_then(|address| address.parse().ok()),
            date: date.map(OffsetDateTime::from),
            cookies: cookies.map(str::to_owned).collect(),
            has_policy: headers.contains_key(CONTENT_SECURITY_POLICY),
            refuses_frames: headers.contains_key(X_FRAME_OPTIONS),
            body: received.body,
        }
    }
}

impl Tenant {
    /// Begins a sign-in that may show no page (`prompt=none`, OpenID Connect Core 1.0 §3.1.2.1), by this way in, as people
    /// do or with another value for one of the parameters. It carries no cookies, so nobody can be signed in.
    pub(crate) async fn probe_sign_in(
        &self,
        random: &Random,
        entrance: &Entrance,
        other: Option<(&str, &str)>,
    ) -> Result<ProbeResponse, Error> {
        let verifier = Secret::from(random.verifier());
        let (state, nonce) = (random.id(), random.id());
        let request = SignInRequest {
            state: &state,
            nonce: &nonce,
            verifier: &verifier,
            step_up: false,
            ask_account: false,
            ui_locales: "en",
            entrance,
            login_hint: None,
        };
        let mut url = self.authorize_url(request).await?;
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        // Without a code there is none to challenge.
        let is_left_out =
            |name: &str| name == "max_age" || other == Some(FOR_A_TOKEN) && name.starts_with("code_");
        let query = query.into_iter().filter(|(name, _)| !is_left_out(name)).map(|(name, value)| {
            let value =
                other.filter(|(other, _)| name == *other).map_or(value, |(_, other)| other.to_owned());
            (name, value)
        });
        url.query_pairs_mut().clear().extend_pairs(query).append_pair("prompt", "none");
        self.probe(Call::ProbeSignIn, self.http.get(url)).await
    }

    /// Confirms an enrollment with a made-up MFA token. Auth0 checks the client's credentials first, the grant type
    /// next, and the token last.
    pub(crate) async fn probe_confirm(&self) -> Result<ProbeResponse, Error> {
        let proof = Proof::Otp(Secret::from("000000"));
        self.probe(Call::ProbeConfirm, self.proof_request(&MfaToken::new(MADE_UP_TOKEN), &proof)).await
    }

    /// Signs out without a session, with this `returnTo`.
    pub(crate) async fn probe_sign_out(&self, return_to: &str) -> Result<ProbeResponse, Error> {
        let mut url = self.endpoint("/v2/logout");
        url.query_pairs_mut()
            .append_pair("client_id", &self.options.client_id)
            .append_pair("returnTo", return_to);
        self.probe(Call::ProbeSignOut, self.http.get(url)).await
    }

    /// Requests a token for the Management API; `None` without credentials for it.
    pub(crate) async fn probe_management(&self) -> Option<Result<ProbeResponse, Error>> {
        let request = self.management_token_request(self.options.management.as_ref()?);
        Some(self.probe(Call::ProbeManagement, request).await)
    }

    /// Fetches any URL, such as our own public address.
    pub(crate) async fn probe_url(&self, url: Url) -> Result<ProbeResponse, Error> {
        self.probe(Call::ProbeUrl, self.http.get(url)).await
    }

    async fn probe(&self, call: Call, request: RequestBuilder) -> Result<ProbeResponse, Error> {
        self.receive(call, request).await.map(ProbeResponse::from)
    }
}
