//! The Auth0 tenant, over HTTP: one client, and `Tenant::send`, through which every call goes.
//!
//! `discovery` and `keys` are what the tenant says of itself and is `kept` a while, `id_token` checks who signed in, `token`
//! is `/oauth/token`, `mfa` the MFA API, `management` one call of the Management API, `call` lists the calls, `answer` is
//! what comes back, `reason` what errors in it mean, `trial` what is asked only to see what the tenant says to it.

mod answer;
mod call;
mod discovery;
mod error;
mod id_token;
mod kept;
mod keys;
mod management;
mod mfa;
mod reason;
mod token;
mod trial;

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode, redirect};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use url::{Url, form_urlencoded};

use self::answer::{Answer, Received};
pub use self::call::Call;
pub use self::discovery::Discovery;
pub use self::error::{Error, Kind, Refusal};
pub use self::id_token::{Expected, IdToken, IdTokenError, Identity};
use self::kept::Kept;
pub use self::management::Management;
pub use self::mfa::{Associate, Association, Authenticator, AuthenticatorId};
pub use self::reason::Reason;
pub use self::token::{MfaToken, Proof, SignInRequest, Tokens};
pub use self::trial::Look;
use crate::clock::Clock;
use crate::deadline;
use crate::secret::Secret;

/// A host that does not answer the connection by then is away.
const CONNECT: Duration = Duration::from_secs(2);
/// One call takes no longer, so that a second one still fits into the page's time.
const CALL: Duration = Duration::from_secs(8);
/// With less time left a change is not begun: it would be cut short, and nobody would know what became of it.
const LEAST: Duration = Duration::from_secs(2);

/// Where the tenant is, and as which application we call it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where people sign in and the API is called: `https://AUTH0_DOMAIN/`. Also the issuer, byte for byte.
    pub url: Url,
    /// The tenant's canonical domain. The Management API is only called there.
    pub canonical_url: Url,
    /// The MFA API's identifier, `https://TENANT/mfa/`.
    pub audience: String,
    /// The application's client id.
    pub client_id: String,
    /// The application's client secret.
    pub client_secret: Secret,
    /// Our own `/callback`, in full.
    pub redirect_uri: String,
    /// Credentials for the Management API, if there are any.
    pub management: Option<Management>,
}

/// The client of one Auth0 tenant.
pub struct Tenant {
    http: reqwest::Client,
    clock: Clock,
    options: Options,
    management_token: management::Cache,
    discovery: Kept<Discovery>,
    keys: Kept<JwkSet>,
}

/// What a token answer or an error of the Authentication API may hold (RFC 6749 §5.2).
#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    error: String,
    error_description: String,
    message: String,
}

impl Tenant {
    /// Nothing is fetched yet, so that the portal starts while the tenant is away.
    pub fn new(options: Options, clock: Clock) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            // Each call has a connection to itself: over HTTP/2 calls that hang would take the place of all others.
            .http1_only()
            // A redirect would carry the token to a host that nobody configured.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("mfa-portal/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            clock,
            options,
            management_token: management::Cache::default(),
            discovery: Kept::default(),
            keys: Kept::default(),
        })
    }

    /// The address of an endpoint below the domain people sign in on.
    fn endpoint(&self, segments: &[&str]) -> Url {
        below(&self.options.url, segments)
    }

    /// A GET, tried once more if the tenant could not be reached and there is time left.
    async fn get(&self, call: Call, url: Url, bearer: Option<&MfaToken>) -> Result<Answer, Error> {
        let request = || {
            let request = self.http.get(url.clone());
            bearer.map_or(request.try_clone(), |token| Some(request.bearer_auth(token.expose())))
        };
        let request = || request().unwrap_or_else(|| self.http.get(url.clone()));
        match self.send(call, request()).await {
            Err(Error { kind: Kind::Unreachable { timed_out: false, retry_at: None, .. }, .. }) => {
                self.send(call, request()).await
            }
            answer => answer,
        }
    }

    /// Sends one request and reads the answer, within the page's deadline.
    async fn send(&self, call: Call, request: RequestBuilder) -> Result<Answer, Error> {
        let result = match self.receive(call, request).await {
            Ok(received) => self.judge(call, received),
            Err(error) => Err(error),
        };
        if call.alters() && result.as_ref().map_or_else(Error::maybe_done, |_| true) {
            deadline::note_change();
        }
        let outcome = if result.is_ok() { "ok" } else { "failed" };
        metrics::counter!("tenant_calls_total", "call" => call.name(), "outcome" => outcome).increment(1);
        result
    }

    /// The answer to a request, whatever it says.
    async fn receive(&self, call: Call, request: RequestBuilder) -> Result<Received, Error> {
        let failed = |kind| Error { call, kind, request_id: None };
        let (client, request) = request.build_split();
        let request = request.map_err(|error| failed(Kind::Misconfigured(error.to_string())))?;
        let time = deadline::left().min(CALL);
        if call.changes() && time < LEAST {
            return Err(failed(answer::late(false, "no time was left to begin it")));
        }
        let ends = Instant::now() + time;
        match timeout_at(ends, client.execute(request)).await {
            Ok(Ok(response)) => answer::read(call, response, ends).await,
            Ok(Err(error)) => Err(failed(answer::unreachable(call, &error))),
            Err(_) => {
                let cause = format!("no answer within {:.1} s", time.as_secs_f32());
                Err(failed(answer::late(call.changes(), &cause)))
            }
        }
    }

    fn judge(&self, call: Call, received: Received) -> Result<Answer, Error> {
        let Received { status, headers, body } = received;
        let request_id = answer::request_id(&headers);
        if status.is_success() {
            return Ok(Answer { call, request_id, body });
        }
        Err(Error { call, kind: self.refusal(call, status, &headers, &body), request_id })
    }

    fn refusal(&self, call: Call, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Kind {
        let said: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
        let description =
            if said.error_description.is_empty() { said.message } else { said.error_description };
        let retry_at = answer::retry_at(headers, self.clock.now());
        if status.is_redirection() {
            return Kind::Misconfigured(format!("a redirect ({status}), which is never followed"));
        }
        if status.is_server_error() {
            let cause = format!("status {}", status.as_u16());
            return Kind::Unreachable { maybe_done: call.changes(), timed_out: false, retry_at, cause };
        }
        let is_silent = said.error.is_empty() && description.is_empty();
        if call == Call::Remove && status == StatusCode::NOT_FOUND && is_silent {
            // Some gateway's, or the tenant's own for what is gone: the list tells.
            let cause = "status 404 in nobody's words".to_owned();
            return Kind::Unintelligible { maybe_done: true, cause };
        }
        let reason = Reason::of(call, status.as_u16(), &said.error, &description);
        let said: String = format!("{}: {description}", said.error).chars().take(300).collect();
        let text = format!("{said}{}", self.advice(reason));
        if reason.is_misconfiguration() {
            return Kind::Misconfigured(format!("{reason:?}: {text}"));
        }
        Kind::Refused(Refusal { status: status.as_u16(), reason, retry_at, text })
    }
}

/// The address below a domain; each segment is encoded, the bar of an id too.
fn below(domain: &Url, segments: &[&str]) -> Url {
    let encode = |segment: &&str| form_urlencoded::byte_serialize(segment.as_bytes()).collect::<String>();
    let path: Vec<String> = segments.iter().map(encode).collect();
    let mut url = domain.clone();
    url.set_path(&path.join("/"));
    url
}

impl Tenant {
    /// What the operator should look at. Only the confirmation minds an audience on the custom domain.
    fn advice(&self, reason: Reason) -> String {
        match reason {
            Reason::WrongAudience => format!(
                " (asked for {}; the MFA API knows its canonical domain only: set AUTH0_TENANT_DOMAIN to that)",
                self.options.audience
            ),
            Reason::GrantNotEnabled => " (switch on the MFA grant type of the application)".to_owned(),
            Reason::NotTheTenant => {
                format!(" (is {} the tenant, and does nothing stand before it?)", self.options.url)
            }
            _ => String::new(),
        }
    }
}
