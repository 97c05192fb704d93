//! The Auth0 tenant over HTTP: one client, and [`Tenant::send`], through which every call goes.
//!
//! `discovery` and `keys` are documents that `cache` holds, `id_token` and `claims` check who signed in, `token` is
//! `/oauth/token`, `credentials` proves there that we are its application, `mfa` the MFA API, `management` one call of the
//! Management API. `call` lists the calls, `answer` reads responses, `organization` is a part of the tenant, `reason` gives Auth0's errors their meaning, `probe` holds the requests of `mfa-portal check`.

mod answer;
mod cache;
mod call;
mod claims;
mod counted;
mod credentials;
mod discovery;
mod error;
mod id_token;
mod keys;
mod management;
mod mfa;
mod organization;
mod path;
mod probe;
mod reason;
mod token;

use std::time::Duration as StdDuration;

use jsonwebtoken::jwk::JwkSet;
use opentelemetry::KeyValue;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode, redirect, retry};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use self::answer::{Answer, RawAnswer};
use self::cache::Cached;
pub use self::call::Call;
use self::counted::Counted;
pub(crate) use self::counted::register_metrics;
pub(crate) use self::credentials::ClientKey;
pub use self::credentials::Credentials;
pub use self::discovery::Discovery;
pub use self::error::{Error, Failure, Refusal};
pub use self::id_token::{Expected, IdToken, IdTokenError, Identity};
pub(crate) use self::management::Management;
pub use self::mfa::{Associate, Association, Authenticator, AuthenticatorId};
pub(crate) use self::organization::Entrance;
pub use self::organization::Organization;
pub use self::path::below;
pub(crate) use self::probe::{FOR_A_TOKEN, ProbeResponse};
pub use self::reason::Reason;
pub(crate) use self::token::{GRANT_SCOPES, MAX_AGE, MfaToken, Proof, SignInRequest, Tokens};
use crate::clock::Clock;
use crate::deadline::{self, Answered};
use crate::hold::{self, Look};
use crate::random::Random;
use crate::secret::{Secret, without_contacts};
use crate::spans;

/// Limit for opening a connection.
const CONNECT_TIMEOUT: StdDuration = StdDuration::from_secs(2);
/// Limit for one call, short enough that a second one still fits into the page's deadline.
const CALL_TIMEOUT: StdDuration = StdDuration::from_secs(8);
/// A change is not begun with less time left: it would be cut off, and its outcome unknown.
const MIN_TIME_FOR_CHANGE: StdDuration = StdDuration::from_secs(2);

/// Where the tenant is, and as which application we call it.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "`Config` describes the settings of the same name")]
pub struct Options {
    /// `https://AUTH0_DOMAIN/`, which is also the issuer, byte for byte.
    pub url: Url,
    /// The Management API is called here only.
    pub canonical_url: Url,
    pub audience: String,
    pub client_id: String,
    pub credentials: Credentials,
    pub redirect_uri: String,
    pub management: Option<Management>,
}

/// The client of one Auth0 tenant.
pub struct Tenant {
    http: reqwest::Client,
    clock: Clock,
    random: Random,
    options: Options,
    management_token: management::TokenCache,
    /// Where the MFA API lists a person's authenticators.
    authenticators: Url,
    discovery: Cached<Discovery>,
    keys: Cached<JwkSet>,
}

/// An error of the Authentication API (RFC 6749 §5.2) or of the Management API.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    error: String,
    error_description: String,
    message: String,
}

impl Tenant {
    /// Fetches nothing yet, so that the portal starts while the tenant is away.
    pub fn new(options: Options, clock: Clock, random: Random) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            // Over HTTP/2, calls that hang would use up the one connection's streams and block all others.
            .http1_only()
            // A redirect would carry the token to another host.
            .redirect(redirect::Policy::none())
            // The default repeats calls over HTTP/2 only, and copies each for that.
            .retry(retry::never())
            .no_proxy()
            .user_agent(concat!("mfa-portal/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            clock,
            random,
            authenticators: path::at(&options.url, "/mfa/authenticators"),
            options,
            management_token: management::TokenCache::default(),
            discovery: Cached::default(),
            keys: Cached::default(),
        })
    }

    /// Reads files of private keys anew, which a rotation has replaced. A key that cannot be read stays as it was.
    pub(crate) fn read_keys_anew(&self) -> Result<(), String> {
        let management = self.options.management.as_ref().map(|management| &management.credentials);
        [Some(&self.options.credentials), management]
            .into_iter()
            .flatten()
            .try_for_each(Credentials::read_anew)
    }

    /// Whether the application has a private key in place of a secret.
    pub(crate) fn has_key(&self) -> bool {
        matches!(self.options.credentials, Credentials::Key(_))
    }

    /// The parameters that prove that we are the application.
    fn proof_of_client(&self) -> Vec<(&'static str, Secret)> {
        let Options { url, client_id, credentials, .. } = &self.options;
        credentials.parameters(client_id, url, self.clock.now(), &self.random)
    }

    /// The URL of an endpoint on the domain where people sign in.
    fn endpoint(&self, path: &'static str) -> Url {
        path::at(&self.options.url, path)
    }

    /// A GET, tried a second time if the tenant could not be reached.
    async fn get(&self, call: Call, url: &Url, bearer: Option<&MfaToken>) -> Result<Answer, Error> {
        let request = || {
            let request = self.http.get(url.clone());
            match bearer {
                Some(token) => request.bearer_auth(token.expose()),
                None => request,
            }
        };
        match self.send(call, request()).await {
            Err(Error { kind: Failure::Unreachable { timed_out: false, retry_at: None, .. }, .. }) => {
                self.send(call, request()).await
            }
            answer => answer,
        }
    }

    /// Sends one request and reads the response, within the page's deadline.
    async fn send(&self, call: Call, request: RequestBuilder) -> Result<Answer, Error> {
        if call.has_side_effect() {
            hold::stop_if_lost(Look::Now).await;
        }
        let began = Instant::now();
        let change = call.changes_authenticators().then(deadline::ChangeUnderWay::begin);
        let received = self.receive(call, request).await;
        hold::note_answer();
        let took = began.elapsed();
        counted::note(call, took, received.as_ref().ok().map(|received| &received.headers));
        let answered = answer::noted(call, received.as_ref().ok());
        let result = match received {
            Ok(received) => self.judge(call, received),
            Err(error) => Err(error),
        };
        if let Some(change) = change {
            change.end(result.as_ref().map_or_else(Error::maybe_done, |_| true));
        }
        let counted = Counted::answered(call);
        if let Err(error) = &result {
            counted.failed(error);
        }
        note_span(call, took, &answered, counted.outcome());
        deadline::note_answer(answered);
        result.map(|answer| Answer { counted: Some(counted), ..answer })
    }

    /// The response to a request, whatever its status.
    async fn receive(&self, call: Call, request: RequestBuilder) -> Result<RawAnswer, Error> {
        let failed = |kind| Error { call, kind, request_id: None, is_logged: false };
        let (client, request) = request.build_split();
        let request = request.map_err(|error| failed(Failure::Misconfigured(error.to_string())))?;
        let time = deadline::left().min(CALL_TIMEOUT);
        if call.has_side_effect() && time < MIN_TIME_FOR_CHANGE {
            return Err(failed(answer::late(false, "too little time left to begin")));
        }
        let deadline = Instant::now() + time;
        match timeout_at(deadline, client.execute(request)).await {
            Ok(Ok(response)) => answer::read(call, response, deadline).await,
            Ok(Err(error)) => Err(failed(answer::unreachable(call, &error))),
            Err(_) => {
                let cause = format!("no answer within {:.1} s", time.as_secs_f32());
                Err(failed(answer::late(call.has_side_effect(), &cause)))
            }
        }
    }

    /// The answer in a response, or what its refusal means.
    pub fn judge(&self, call: Call, received: RawAnswer) -> Result<Answer, Error> {
        let RawAnswer { status, headers, body } = received;
        let request_id = answer::request_id(&headers);
        if status.is_success() {
            return Ok(Answer { call, request_id, body, counted: None });
        }
        Err(Error { call, kind: self.refusal(call, status, &headers, &body), request_id, is_logged: false })
    }

    fn refusal(&self, call: Call, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        let said: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
        let description =
            if said.error_description.is_empty() { said.message } else { said.error_description };
        let retry_at = answer::retry_at(headers, self.clock.now());
        if status.is_redirection() {
            return Failure::Misconfigured(format!("a redirect ({status}), which the portal never follows"));
        }
        if status.is_server_error() && !is_oauth_refusal(call, status, &said.error) {
            let cause = format!("status {}", status.as_u16());
            return Failure::Unreachable {
                maybe_done: call.has_side_effect(),
                timed_out: false,
                retry_at,
                cause,
            };
        }
        let is_silent = said.error.is_empty() && description.is_empty();
        if call == Call::Remove && status == StatusCode::NOT_FOUND && is_silent {
            // Auth0 sends this for an authenticator that no longer exists, but a gateway may send it too. The caller
            // checks the list.
            let cause = "status 404 without a body".to_owned();
            return Failure::Unintelligible { maybe_done: true, cause };
        }
        let reason = Reason::of(call, status.as_u16(), &said.error, &description);
        let said =
            without_contacts(&format!("{}: {description}", said.error)).chars().take(300).collect::<String>();
        let text = format!("{said}{}", self.advice(call, reason));
        if reason.is_misconfiguration() {
            return Failure::Misconfigured(format!("{reason:?}: {text}"));
        }
        Failure::Refused(Refusal { status: status.as_u16(), reason, retry_at, text })
    }

    /// A hint for the operator.
    fn advice(&self, call: Call, reason: Reason) -> String {
        match reason {
            Reason::WrongAudience => format!(
                " (asked for {}, but the MFA API exists under the canonical domain only: set AUTH0_TENANT_DOMAIN to it)",
                self.options.audience
            ),
            Reason::MissingScope if call != Call::Regenerate => {
                let scope = match call {
                    Call::List => "read:authenticators",
                    Call::Remove => "remove:authenticators",
                    _ => "enroll",
                };
                format!(" (the token lacks {scope}; {GRANT_SCOPES})")
            }
            Reason::GrantNotEnabled => " (enable the MFA grant type of the application)".to_owned(),
            Reason::NotTheTenant => {
                format!(" (is {} the tenant, or does a proxy answer in its place?)", self.options.url)
            }
            _ => String::new(),
        }
    }
}

/// Records the call as a part of the request that it is made for.
fn note_span(call: Call, took: StdDuration, answered: &Answered, outcome: &'static str) {
    let Some(request) = deadline::span() else { return };
    let status = answered.status.map(|it| KeyValue::new("http.response.status_code", i64::from(it)));
    let id = answered.request_id.clone().map(|it| KeyValue::new("auth0.request_id", it));
    let attributes = [
        Some(KeyValue::new("mfa_portal.call", call.name())),
        Some(KeyValue::new("mfa_portal.outcome", outcome)),
        status,
        id,
    ];
    let has_failed = !["ok", "refused"].contains(&outcome);
    spans::note(request, format!("tenant {call}"), took, has_failed, attributes.into_iter().flatten());
}

/// Whether the token endpoint refuses with an error of its own although the status is 500, as Auth0 does for Actions
/// that fail. The two other errors are outages (RFC 6749 §4.1.2.1).
fn is_oauth_refusal(call: Call, status: StatusCode, error: &str) -> bool {
    let is_outage = ["", "server_error", "temporarily_unavailable"].contains(&error);
    call.is_at_token_endpoint() && status == StatusCode::INTERNAL_SERVER_ERROR && !is_outage
}
