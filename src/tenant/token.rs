//! `POST /oauth/token`: a code becomes tokens, and a proof ends an enrollment.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use oauth2::basic::BasicTokenType;
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};
use time::Duration;
use url::Url;

use super::id_token::MULTI_FACTOR;
use super::{Call, Discovery, Entrance, Error, Failure, IdToken, Organization, Tenant};
use crate::secret::Secret;

/// The last three belong to the MFA API (Auth0, Manage Authenticator Factors Using the MFA API).
const SCOPES: [&str; 6] =
    ["openid", "profile", "email", "enroll", "read:authenticators", "remove:authenticators"];
/// Those of them whose claims tell who is to hear of changes (OpenID Connect Core §5.4).
const SCOPES_OF_CLAIMS: [&str; 2] = ["profile", "email"];
/// Where an operator grants the MFA API's scopes (Auth0, API Access Policies for Applications).
pub(crate) const GRANT_SCOPES: &str = "Auth0 dashboard: Applications → Applications → (the portal's) → APIs: authorize it \
     for the MFA API with all three permissions; let no Action remove a scope";
/// The MFA token's lifetime, which Auth0 fixes; used when a response does not say.
const DEFAULT_LIFETIME: Duration = Duration::seconds(600);
/// No session lasts longer, whatever a response says.
const MAX_LIFETIME: Duration = Duration::minutes(10);
/// The oldest proof that a sign-in may repeat (`max_age`, OpenID Connect Core §3.1.2.1). It forces hardly anybody to sign in
/// again, and makes Auth0 add `auth_time`.
pub(crate) const MAX_AGE: Duration = Duration::days(30);

/// The access token for the audience `https://TENANT/mfa/`, which the API also takes as `mfa_token`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct MfaToken(Secret);

impl MfaToken {
    pub(super) fn new(text: &str) -> Self {
        Self(Secret::from(text))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The tokens of a sign-in.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// For the MFA API.
    pub mfa_token: MfaToken,
    /// Not yet validated: see [`Tenant::identify`].
    pub id_token: IdToken,
    /// Lifetime of the MFA token.
    pub lives: Duration,
    /// The scopes of the MFA token; `None` if it has all that we asked for (RFC 6749 §5.1).
    pub scopes: Option<Vec<String>>,
}

/// Proves possession of an authenticator, to confirm an enrollment or to try one out.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    /// From an authenticator app.
    Otp(Secret),
    /// From a message.
    BindingCode { oob_code: Secret, code: Secret },
    /// Of a push request, on the phone.
    Approval { oob_code: Secret },
}

#[derive(Debug, Serialize, Deserialize)]
struct WithIdToken {
    id_token: Option<Secret>,
}

impl ExtraTokenFields for WithIdToken {}

type TokenResponse = StandardTokenResponse<WithIdToken, BasicTokenType>;
/// A client without its endpoints.
type Unset = oauth2::Client<
    oauth2::basic::BasicErrorResponse,
    TokenResponse,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
>;
type Client = oauth2::Client<
    oauth2::basic::BasicErrorResponse,
    TokenResponse,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The parameters of one sign-in.
#[derive(Clone, Debug)]
pub(crate) struct SignInRequest<'a> {
    /// Returned by the callback.
    pub state: &'a str,
    /// Returned in the ID token.
    pub nonce: &'a str,
    /// PKCE's code verifier (RFC 7636).
    pub verifier: &'a Secret,
    /// Whether the person must sign in anew, with a factor if they have one.
    pub step_up: bool,
    /// Whether the tenant asks for an account even of somebody who is signed in there.
    pub ask_account: bool,
    /// Language, as a BCP 47 tag.
    pub ui_locales: &'a str,
    pub entrance: &'a Entrance,
    /// The text that the tenant's page may put into its field for the account.
    pub login_hint: Option<&'a str>,
}

/// A scope whose claims the ID token lacks. Some tenants name the scopes of the API alone, which tells nothing.
fn missing_claims(granted: &[String]) -> Option<&'static str> {
    let has = |scope: &str| granted.iter().any(|it| it == scope);
    SCOPES_OF_CLAIMS.into_iter().find(|scope| has("openid") && !has(scope))
}

impl Tenant {
    /// Where people sign in: authorization code flow with PKCE (RFC 7636), for the MFA audience.
    pub(crate) async fn authorize_url(&self, request: SignInRequest<'_>) -> Result<Url, Error> {
        let client = self.oauth(&*self.discovery().await?)?;
        let verifier = PkceCodeVerifier::new(request.verifier.expose().to_owned());
        let url = client
            .authorize_url(|| CsrfToken::new(request.state.to_owned()))
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("audience", &self.options.audience)
            .add_extra_param("nonce", request.nonce)
            .add_extra_param("ui_locales", request.ui_locales)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let url = if request.ask_account { url.add_extra_param("prompt", "login") } else { url };
        let url = if request.step_up {
            url.add_extra_param("max_age", "0").add_extra_param("acr_values", MULTI_FACTOR)
        } else {
            url.add_extra_param("max_age", MAX_AGE.whole_seconds().to_string())
        };
        let named = [
            ("organization", request.entrance.organization.as_ref().map(Organization::as_str)),
            ("connection", request.entrance.connection.as_deref()),
            ("login_hint", request.login_hint),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let url = named.fold(url, |url, (name, value)| url.add_extra_param(name, value));
        Ok(url.url().0)
    }

    /// Exchanges an authorization code.
    pub(crate) async fn exchange(&self, code: String, verifier: &Secret) -> Result<Tokens, Error> {
        let client = self.oauth(&*self.discovery().await?)?;
        let transport = OauthTransport { tenant: self, request_id: Mutex::default() };
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
        let proof = self.proof_of_client();
        let answer = proof
            .iter()
            .fold(request, |request, (name, value)| request.add_extra_param(*name, value.expose()))
            .request_async(&transport)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => error,
                other => transport.unintelligible(other.to_string().chars().take(80).collect()),
            })?;
        let unintelligible = |cause: &str| transport.unintelligible(cause.to_owned());
        let id_token = answer.extra_fields().id_token.clone().ok_or_else(|| unintelligible("no id_token"))?;
        let lives = answer
            .expires_in()
            .map_or(DEFAULT_LIFETIME, |life| life.try_into().unwrap_or(MAX_LIFETIME))
            .min(MAX_LIFETIME);
        if lives.is_zero() {
            return Err(unintelligible("a token without lifetime"));
        }
        let scopes: Option<Vec<String>> =
            answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect());
        let of_token = scopes_of(answer.access_token().secret());
        // The request went through the browser, and without its address the person hears of no change.
        let missing = [scopes.as_deref().unwrap_or_default(), &of_token].into_iter().find_map(missing_claims);
        if let Some(missing) = missing {
            return Err(unintelligible(&format!("sign-in without the scope {missing}, which was asked for")));
        }
        Ok(Tokens {
            mfa_token: MfaToken::new(answer.access_token().secret()),
            id_token: IdToken(id_token),
            lives,
            scopes,
        })
    }

    /// Verifies a proof with an MFA grant. The first success confirms the authenticator (Auth0, Manage Authenticator
    /// Factors Using the MFA API). Returns the `sub` of the new token, which is then discarded: the session keeps its
    /// own.
    pub(crate) async fn verify(&self, token: &MfaToken, proof: &Proof) -> Result<Option<String>, Error> {
        let answer: Confirmed = self.send(Call::Confirm, self.proof_request(token, proof)).await?.json()?;
        Ok(subject(&answer.access_token))
    }

    pub(super) fn proof_request(&self, token: &MfaToken, proof: &Proof) -> RequestBuilder {
        let client = self.proof_of_client();
        let mut form = vec![("client_id", self.options.client_id.as_str()), ("mfa_token", token.expose())];
        form.extend(client.iter().map(|(name, value)| (*name, value.expose())));
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
        self.http.post(self.endpoint("/oauth/token")).form(&form)
    }

    fn oauth(&self, discovery: &Discovery) -> Result<Client, Error> {
        let redirect = RedirectUrl::new(self.options.redirect_uri.clone()).map_err(|_| Error {
            call: Call::Exchange,
            kind: Failure::Misconfigured("APP_BASE_URL".into()),
            request_id: None,
            is_logged: false,
        })?;
        Ok(Unset::new(ClientId::new(self.options.client_id.clone()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(discovery.authorization_endpoint.clone()))
            .set_token_uri(TokenUrl::from_url(discovery.token_endpoint.clone()))
            .set_redirect_uri(redirect))
    }
}

/// Sends oauth2's requests through [`Tenant::send`], so that deadlines, limits and errors are the same everywhere.
struct OauthTransport<'t> {
    tenant: &'t Tenant,
    /// Of the last response, because oauth2 parses it only later.
    request_id: Mutex<Option<String>>,
}

impl OauthTransport<'_> {
    fn unintelligible(&self, cause: String) -> Error {
        let request_id = self.request_id.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Error {
            call: Call::Exchange,
            kind: Failure::Unintelligible { maybe_done: false, cause },
            request_id,
            is_logged: false,
        }
    }
}

impl<'c> AsyncHttpClient<'c> for OauthTransport<'_> {
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

/// Every token response has an access token (RFC 6749 §5.1), so one without it confirms nothing.
#[derive(Deserialize)]
struct Confirmed {
    access_token: Secret,
}

/// The scopes that an access token names, if it is a JWT (RFC 9068 §2.2.3). Over TLS from the tenant, so the signature need
/// not be checked.
fn scopes_of(token: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Scopes {
        scope: String,
    }
    let named = jsonwebtoken::dangerous::insecure_decode::<Scopes>(token).ok();
    named.map_or_else(Vec::new, |it| it.claims.scope.split_whitespace().map(str::to_owned).collect())
}

/// The `sub` of an access token, if it is a JWT. Over TLS from the tenant, so the signature need not be checked.
fn subject(token: &Secret) -> Option<String> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    jsonwebtoken::dangerous::insecure_decode::<Subject>(token.expose()).ok().map(|token| token.claims.sub)
}
