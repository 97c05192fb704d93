//! Client id, callback URL, audience, grant types and organizations, from sign-ins that may show no page: `/authorize`
//! refuses an unknown one of each in its own way (Auth0, Configure Silent Authentication; Custom Error Pages).

use url::Url;

use super::{Cause, CheckResult, ProbeContext, Trouble, answered, short};
use crate::config::Config;
use crate::tenant::{Entrance, Error, FOR_A_TOKEN, Organization, ProbeResponse};

/// An API that no tenant has.
const UNKNOWN_AUDIENCE: &str = "urn:mfa-portal:check";

/// The errors of a tenant that is well set up, but not well (RFC 6749 §4.1.2.1).
const OUTAGES: [&str; 2] = ["server_error", "temporarily_unavailable"];
/// Begins Auth0's description where it wants another organization, or none.
const ORGANIZATION: &str = "parameter organization";

/// The tenant's replies to four sign-ins, and to one for each organization that links may name.
pub(super) struct SignInProbes {
    callback: Url,
    /// As people sign in.
    configured: Reply,
    organizations: Vec<(Organization, Reply)>,
    /// For `/userinfo`, which is an audience of every tenant, under its canonical domain only.
    canonical: Reply,
    /// For an unknown audience: whether the tenant checks the audience at all before it requires a sign-in.
    unknown: Reply,
    /// For a token in place of a code.
    for_a_token: Reply,
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
    /// A page with this status, which says neither yes nor no.
    Page(u16),
    /// No reply, or one that has nothing to do with the request.
    Inconclusive(String),
}

impl SignInProbes {
    pub(super) async fn send(context: &ProbeContext) -> Self {
        let config = &context.config;
        let mut callback = config.base_url.clone();
        callback.set_path(&format!("{}/callback", config.base_path()));
        let userinfo = format!("{}userinfo", config.canonical_url);
        let (tenant, random, entrance) = (&context.tenant, &context.random, config.entrance());
        let probe = async |entrance: &Entrance, other| {
            Reply::of(&tenant.probe_sign_in(random, entrance, other).await, &callback)
        };
        let configured = probe(&entrance, None).await;
        let canonical = probe(&entrance, Some(("audience", &userinfo))).await;
        let unknown = probe(&entrance, Some(("audience", UNKNOWN_AUDIENCE))).await;
        let for_a_token = probe(&entrance, Some(FOR_A_TOKEN)).await;
        let mut organizations = Vec::new();
        for organization in &config.organizations {
            let entrance = Entrance { organization: Some(organization.clone()), ..entrance.clone() };
            organizations.push((organization.clone(), probe(&entrance, None).await));
        }
        Self { callback, configured, organizations, canonical, unknown, for_a_token }
    }

    /// Whether the tenant knows the application.
    pub(super) fn client_id(&self) -> CheckResult {
        match &self.configured {
            Reply::UnknownClient => Err(Cause::UnknownClient.into()),
            Reply::Page(_) | Reply::Inconclusive(_) => Err(self.unknown_reply()),
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
            Reply::Page(_) | Reply::Inconclusive(_) => Err(self.unknown_reply()),
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
            Reply::UnknownClient | Reply::UnknownCallback => {
                Err(Trouble::Unknown("the tenant checks the client id and the callback URL first".to_owned()))
            }
            Reply::Refused { .. } | Reply::Page(_) | Reply::Inconclusive(_) => Err(self.unknown_reply()),
        }
    }

    /// Whether the application has no implicit grant. With one, somebody with the password gets a token for the MFA API into
    /// their own browser, and every check of the portal is passed by.
    pub(super) fn implicit_grant(&self) -> CheckResult {
        match &self.for_a_token {
            Reply::Refused { description, .. } if description.contains("implicit") => Ok("off".to_owned()),
            Reply::Refused { error, .. } if error == "unsupported_response_type" => Ok("off".to_owned()),
            Reply::LoginRequired if self.unknown == Reply::ServiceNotFound => Err(Cause::ImplicitGrantOn.into()),
            Reply::LoginRequired => Err(Trouble::Unknown(
                "the tenant requires a sign-in before it checks the grant type; see that Implicit is not ticked".to_owned(),
            )),
            Reply::UnknownClient | Reply::UnknownCallback => {
                Err(Trouble::Unknown("the tenant checks the client id and the callback URL first".to_owned()))
            }
            Reply::ServiceNotFound | Reply::Refused { .. } | Reply::Page(_) | Reply::Inconclusive(_) => {
                Err(Trouble::Unknown("the tenant refuses another part of the request first".to_owned()))
            }
        }
    }

    /// Whether the tenant would let people sign in: it must refuse for no other reason than that nobody is signed in.
    pub(super) fn request(&self, config: &Config) -> CheckResult {
        match &self.configured {
            Reply::LoginRequired => Ok("the tenant accepts the request of a sign-in".to_owned()),
            Reply::Refused { description, .. } if description.starts_with(ORGANIZATION) => {
                let organization = config.organization.as_ref().map(Organization::as_str);
                let (name, description) = (organization.map(ToOwned::to_owned), description.clone());
                Err(Cause::OrganizationRefused { name, description }.into())
            }
            Reply::Refused { .. } if matches!(self.audience(config), Err(Trouble::Failed(_))) => {
                Err(Trouble::Unknown("the tenant refuses the audience first".to_owned()))
            }
            Reply::Refused { error, .. } if OUTAGES.contains(&error.as_str()) => Err(self.unknown_reply()),
            Reply::Refused { error, description } => {
                Err(Cause::SignInRefused(format!("{error}: {description}")).into())
            }
            Reply::Page(status) => Err(Cause::SignInPage(*status).into()),
            Reply::ServiceNotFound | Reply::UnknownClient | Reply::UnknownCallback => {
                Err(Trouble::Unknown("the tenant refuses another part of the request first".to_owned()))
            }
            Reply::Inconclusive(_) => Err(self.unknown_reply()),
        }
    }

    /// Whether the tenant takes each organization that links may name; `None` if there is none.
    pub(super) fn organizations(&self) -> Option<CheckResult> {
        let refused = self.organizations.iter().find_map(|(organization, reply)| match reply {
            Reply::Refused { description, .. } if description.starts_with(ORGANIZATION) => {
                Some((organization.as_str().to_owned(), description.clone()))
            }
            _ => None,
        });
        let accepted = self.organizations.iter().all(|(_, reply)| *reply == Reply::LoginRequired);
        (!self.organizations.is_empty()).then(|| match refused {
            Some((name, description)) => {
                Err(Cause::OrganizationRefused { name: Some(name), description }.into())
            }
            None if accepted => Ok(format!("the tenant takes all {}", self.organizations.len())),
            None => Err(Trouble::Unknown("the tenant refuses another part of the request first".to_owned())),
        })
    }

    /// The tenant's reply, where it answers nothing.
    fn unknown_reply(&self) -> Trouble {
        Trouble::Unknown(match &self.configured {
            Reply::Refused { error, description } => format!("the tenant answered {error}: {description}"),
            Reply::Page(status) => {
                format!("the tenant shows a page (status {status}) that says neither yes nor no")
            }
            Reply::Inconclusive(why) => why.clone(),
            _ => "the tenant answered something else".to_owned(),
        })
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
            Self::Page(response.status)
        }
    }
}

/// Compares everything but the query.
fn is_same_page(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path() == other.path()
}
