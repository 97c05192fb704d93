//! `POST /oauth/token`: a code becomes tokens, and a proof ends an enrollment.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use oauth2::basic::BasicTokenType;
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};
use time::Duration;
use url::Url;

use super::{Call, Discovery, Error, IdToken, Kind, Tenant};
use crate::secret::Secret;

/// What the portal asks for; the last three are the MFA API's (Manage authenticator factors, Scopes).
const SCOPES: [&str; 6] =
    ["openid", "profile", "email", "enroll", "read:authenticators", "remove:authenticators"];
/// The MFA token's life, which Auth0 fixes. Used where an answer does not say.
const LIFE: Duration = Duration::seconds(600);
/// No session lasts longer, whatever an answer says.
const LONGEST: Duration = Duration::DAY;

/// The access token for the audience `https://TENANT/mfa/`; the API also takes it as its `mfa_token`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MfaToken(Secret);

impl MfaToken {
    pub(super) fn new(text: &str) -> Self {
        Self(Secret::from(text))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What a sign-in brought.
#[derive(Debug)]
pub struct Tokens {
    /// For the MFA API.
    pub mfa_token: MfaToken,
    /// Who signed in.
    pub id_token: IdToken,
    /// How long the MFA token lives.
    pub lives: Duration,
    /// What it allows; `None` where the tenant says it is all that was asked for (RFC 6749 §5.1).
    pub scopes: Option<Vec<String>>,
}

/// What a person shows to end an enrollment or to try an authenticator out.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A code from an authenticator app.
    Otp(Secret),
    /// A code that was sent, with the handle of the sending.
    BindingCode {
        /// The handle.
        oob_code: Secret,
        /// What the person typed.
        code: Secret,
    },
    /// A request that the person approves on the phone.
    Approval {
        /// The request's handle.
        oob_code: Secret,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct WithIdToken {
    id_token: Option<Secret>,
}

impl ExtraTokenFields for WithIdToken {}

type TokenAnswer = StandardTokenResponse<WithIdToken, BasicTokenType>;
/// A client whose endpoints are not named yet.
type Unset = oauth2::Client<
    oauth2::basic::BasicErrorResponse,
    TokenAnswer,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
>;
type Client = oauth2::Client<
    oauth2::basic::BasicErrorResponse,
    TokenAnswer,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What makes one sign-in unlike all others.
#[derive(Clone, Debug)]
pub struct SignInRequest<'a> {
    /// Comes back with the callback.
    pub state: &'a str,
    /// Comes back in the ID token.
    pub nonce: &'a str,
    /// The secret half of PKCE (RFC 7636).
    pub verifier: &'a Secret,
    /// How old the person's last proof may be, in seconds.
    pub max_age: u32,
    /// The page's language.
    pub ui_locales: &'a str,
}

impl Tenant {
    /// Where to send the browser to sign in (authorization code with PKCE S256, for the MFA audience).
    pub async fn authorize_url(&self, request: SignInRequest<'_>) -> Result<Url, Error> {
        let client = self.oauth(&*self.discovery().await?)?;
        let verifier = PkceCodeVerifier::new(request.verifier.expose().to_owned());
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(request.state.to_owned()))
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("audience", &self.options.audience)
            .add_extra_param("nonce", request.nonce)
            .add_extra_param("max_age", request.max_age.to_string())
            .add_extra_param("ui_locales", request.ui_locales)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url)
    }

    /// Exchanges the code of a callback.
    pub async fn exchange(&self, code: String, verifier: &Secret) -> Result<Tokens, Error> {
        let client = self.oauth(&*self.discovery().await?)?;
        let line = Line { tenant: self, request_id: Mutex::default() };
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()))
            .request_async(&line)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => error,
                other => line.unintelligible(other.to_string().chars().take(80).collect()),
            })?;
        let unintelligible = |cause: &str| line.unintelligible(cause.to_owned());
        let id_token = answer.extra_fields().id_token.clone().ok_or_else(|| unintelligible("no id_token"))?;
        let lives = answer.expires_in().map_or(LIFE, |life| life.try_into().unwrap_or(LONGEST)).min(LONGEST);
        if lives.is_zero() {
            return Err(unintelligible("a token that has ended already"));
        }
        Ok(Tokens {
            mfa_token: MfaToken::new(answer.access_token().secret()),
            id_token: IdToken(id_token),
            lives,
            scopes: answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
        })
    }

    /// Shows a proof with an MFA grant. The first success confirms the authenticator (MFA API, Confirm the enrollment).
    /// Returns whose token came back: the token itself is discarded, for the session does not outlive its own.
    pub async fn verify(&self, token: &MfaToken, proof: &Proof) -> Result<Option<String>, Error> {
        let answer: Confirmed = self.send(Call::Confirm, self.proof_request(token, proof)).await?.json()?;
        Ok(subject(&answer.access_token))
    }

    /// The request that shows a proof.
    pub(super) fn proof_request(&self, token: &MfaToken, proof: &Proof) -> RequestBuilder {
        let mut form = vec![
            ("client_id", self.options.client_id.as_str()),
            ("client_secret", self.options.client_secret.expose()),
            ("mfa_token", token.expose()),
        ];
        match proof {
            Proof::Otp(code) => form.extend([
                ("grant_type", "http://auth0.com/oauth/grant-type/mfa-otp"),
                ("otp", code.expose()),
            ]),
            Proof::BindingCode { oob_code, code } => form.extend([
                ("grant_type", "http://auth0.com/oauth/grant-type/mfa-oob"),
                ("oob_code", oob_code.expose()),
                ("binding_code", code.expose()),
            ]),
            Proof::Approval { oob_code } => form.extend([
                ("grant_type", "http://auth0.com/oauth/grant-type/mfa-oob"),
                ("oob_code", oob_code.expose()),
            ]),
        }
        self.http.post(self.endpoint(&["oauth", "token"])).form(&form)
    }

    fn oauth(&self, discovery: &Discovery) -> Result<Client, Error> {
        let redirect = RedirectUrl::new(self.options.redirect_uri.clone()).map_err(|_| Error {
            call: Call::Exchange,
            kind: Kind::Misconfigured("APP_BASE_URL".into()),
            request_id: None,
        })?;
        Ok(Unset::new(ClientId::new(self.options.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.options.client_secret.expose().to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(discovery.authorization_endpoint.clone()))
            .set_token_uri(TokenUrl::from_url(discovery.token_endpoint.clone()))
            .set_redirect_uri(redirect))
    }
}

/// oauth2 speaks through our own client, so that deadlines, limits and error kinds are the same everywhere.
struct Line<'t> {
    tenant: &'t Tenant,
    /// Which request it was, for a failure that shows only later.
    request_id: Mutex<Option<String>>,
}

impl Line<'_> {
    fn unintelligible(&self, cause: String) -> Error {
        let request_id = self.request_id.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Error { call: Call::Exchange, kind: Kind::Unintelligible { maybe_done: false, cause }, request_id }
    }
}

impl<'c> AsyncHttpClient<'c> for Line<'_> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let (parts, body) = request.into_parts();
        let http = &self.tenant.http;
        let request = http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
        Box::pin(async move {
            let answer = self.tenant.send(Call::Exchange, request).await?;
            *self.request_id.lock().unwrap_or_else(PoisonError::into_inner) = answer.request_id;
            let mut response = HttpResponse::new(answer.body);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(response)
        })
    }
}

/// Every token answer has one (RFC 6749 §5.1); what has none is no answer to a proof.
#[derive(Deserialize)]
struct Confirmed {
    access_token: Secret,
}

/// The `sub` of an access token, where it can be read. It came straight from the tenant, so no signature is needed.
fn subject(token: &Secret) -> Option<String> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    jsonwebtoken::dangerous::insecure_decode::<Subject>(token.expose()).ok().map(|token| token.claims.sub)
}
