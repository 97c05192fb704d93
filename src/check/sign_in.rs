//! Client id, callback URL and audience, from sign-ins that may show no page: `/authorize` refuses an unknown one of
//! each in its own way (Auth0, Configure Silent Authentication; Custom Error Pages).

use url::Url;

use super::{Cause, CheckResult, ProbeContext, Trouble, answered, short};
use crate::config::Config;
use crate::tenant::{Error, ProbeResponse};

/// An API that no tenant has.
const UNKNOWN_AUDIENCE: &str = "urn:mfa-portal:check";

/// The tenant's replies to three sign-ins.
pub(super) struct SignInProbes {
    callback: Url,
    /// For the configured audience.
    configured: Reply,
    /// For `/userinfo`, which is an audience of every tenant, under its canonical domain only.
    canonical: Reply,
    /// For an unknown audience: whether the tenant checks the audience at all before it requires a sign-in.
    unknown: Reply,
}

#[derive(Debug, PartialEq, Eq)]
enum Reply {
    /// The request is in order, but nobody is signed in.
    LoginRequired,
    /// The tenant has no such API.
    ServiceNotFound,
    UnknownClient,
    UnknownCallback,
    /// Another error at the callback.
    Refused {
        error: String,
        description: String,
    },
    /// The reply says neither yes nor no.
    Inconclusive(String),
}

impl SignInProbes {
    pub(super) async fn send(context: &ProbeContext) -> Self {
        let config = &context.config;
        let mut callback = config.base_url.clone();
        callback.set_path(&format!("{}/callback", config.base_path()));
        let userinfo = format!("{}userinfo", config.canonical_url);
        let probe = async |audience| {
            Reply::of(&context.tenant.probe_sign_in(&context.random, audience).await, &callback)
        };
        let (configured, canonical, unknown) =
            (probe(None).await, probe(Some(&userinfo)).await, probe(Some(UNKNOWN_AUDIENCE)).await);
        Self { callback, configured, canonical, unknown }
    }

    /// Whether the tenant knows the application.
    pub(super) fn client_id(&self) -> CheckResult {
        match &self.configured {
            Reply::UnknownClient => Err(Cause::UnknownClient.into()),
            Reply::Inconclusive(why) => Err(Trouble::Unknown(why.clone())),
            _ => Ok("the tenant knows the application".to_owned()),
        }
    }

    /// Whether our callback is an Allowed Callback URL.
    pub(super) fn callback(&self) -> CheckResult {
        match &self.configured {
            Reply::UnknownCallback => Err(Cause::CallbackNotAllowed(self.callback.to_string()).into()),
            Reply::UnknownClient => {
                Err(Trouble::Unknown("the tenant does not know the application".to_owned()))
            }
            Reply::Inconclusive(why) => Err(Trouble::Unknown(why.clone())),
            _ => Ok(format!("{} is allowed", self.callback)),
        }
    }

    /// Whether the configured audience is the MFA API, which has its identifier under the canonical domain.
    pub(super) fn audience(&self, config: &Config) -> CheckResult {
        let audience = config.audience.clone();
        let is_canonical = self.canonical != Reply::ServiceNotFound;
        match &self.configured {
            Reply::LoginRequired if !is_canonical => Err(Cause::HandMadeApi(audience).into()),
            Reply::LoginRequired if self.unknown != Reply::ServiceNotFound => Err(Trouble::Unknown(
                "the tenant requires a sign-in before it checks the audience; sign in once to see".to_owned(),
            )),
            Reply::LoginRequired => Ok(audience),
            Reply::ServiceNotFound if is_canonical => Err(Cause::NoMfaApi(audience).into()),
            Reply::ServiceNotFound => Err(Cause::NotCanonical(audience).into()),
            Reply::Refused { error, description } if error == "unauthorized_client" => {
                Err(Cause::SignInGrantOff(description.clone()).into())
            }
            Reply::Refused { description, .. } if description.contains("not authorized to access") => {
                Err(Cause::NotAuthorizedForMfaApi.into())
            }
            Reply::Refused { error, description } => {
                Err(Trouble::Unknown(format!("the tenant answered {error}: {description}")))
            }
            Reply::UnknownClient | Reply::UnknownCallback => {
                Err(Trouble::Unknown("the tenant checks the client id and the callback URL first".to_owned()))
            }
            Reply::Inconclusive(why) => Err(Trouble::Unknown(why.clone())),
        }
    }

    /// Whether the client id is wrong, so that nothing is known about the client secret.
    pub(super) fn knows_no_client(&self) -> bool {
        self.configured == Reply::UnknownClient
    }
}

impl Reply {
    fn of(answer: &Result<ProbeResponse, Error>, callback: &Url) -> Self {
        let response = match answered(answer) {
            Ok(response) => response,
            Err(Trouble::Unknown(why)) => return Self::Inconclusive(why),
            Err(Trouble::Failed(cause)) => return Self::Inconclusive(cause.to_string()),
        };
        if response.location.as_ref().is_some_and(|location| is_same_page(location, callback)) {
            Self::at_the_callback(response)
        } else {
            Self::on_a_page(response)
        }
    }

    fn at_the_callback(response: &ProbeResponse) -> Self {
        let (error, description) = response.refusal();
        match error.as_str() {
            // The last two only come while somebody is signed in, but they too accept the request.
            "login_required" | "consent_required" | "interaction_required" => Self::LoginRequired,
            _ if description.starts_with("Service not found") => Self::ServiceNotFound,
            _ => Self::Refused { error: short(&error), description: short(&description) },
        }
    }

    /// An error page: the tenant's own, or the company's, which gets the error in its URL.
    fn on_a_page(response: &ProbeResponse) -> Self {
        let text = response.searchable_text();
        if text.contains("unknown client") {
            Self::UnknownClient
        } else if text.contains("allowed callback urls") || text.contains("callback url mismatch") {
            Self::UnknownCallback
        } else {
            Self::Inconclusive(format!(
                "the tenant shows a page (status {}) that says neither yes nor no",
                response.status
            ))
        }
    }
}

/// Compares everything but the query.
fn is_same_page(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path() == other.path()
}
