//! What `/authorize` says to a sign-in that may show no page: it names an unknown application, an unknown callback and
//! an unknown audience, each in its own way (Auth0, Silent authentication and Error pages).

use url::Url;

use super::{Cause, Outcome, Trial, Trouble, answered, short};
use crate::config::Config;
use crate::tenant::{Error, Look};

/// An API that no tenant has.
const NONSENSE: &str = "urn:mfa-portal:check";

/// What the tenant said to three sign-ins.
pub(super) struct SignIn {
    callback: Url,
    /// As the portal asks.
    real: Said,
    /// For `/userinfo`, which every tenant knows under its canonical domain, and under no other.
    canonical: Said,
    /// For an API that nobody has: whether the tenant looks at the audience at all before it asks for a sign-in.
    nonsense: Said,
}

#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// Everything is in order, but nobody is signed in.
    LoginRequired,
    /// There is no API of this name.
    ServiceNotFound,
    UnknownClient,
    UnknownCallback,
    /// Something else came back to the callback.
    Refused {
        error: String,
        description: String,
    },
    /// Nothing to judge by.
    Nothing(String),
}

impl SignIn {
    pub(super) async fn ask(trial: &Trial) -> Self {
        let config = &trial.config;
        let mut callback = config.base_url.clone();
        callback.set_path(&format!("{}/callback", config.base_path()));
        let userinfo = format!("{}userinfo", config.canonical_url);
        let ask =
            async |audience| Said::of(&trial.tenant.try_sign_in(&trial.random, audience).await, &callback);
        let (real, canonical, nonsense) =
            (ask(None).await, ask(Some(&userinfo)).await, ask(Some(NONSENSE)).await);
        Self { callback, real, canonical, nonsense }
    }

    /// Whether the tenant knows the application.
    pub(super) fn client_id(&self) -> Outcome {
        match &self.real {
            Said::UnknownClient => Err(Cause::UnknownClient.into()),
            Said::Nothing(why) => Err(Trouble::Unknown(why.clone())),
            _ => Ok("the tenant knows the application".to_owned()),
        }
    }

    /// Whether sign-ins may come back to us.
    pub(super) fn callback(&self) -> Outcome {
        match &self.real {
            Said::UnknownCallback => Err(Cause::CallbackNotAllowed(self.callback.to_string()).into()),
            Said::UnknownClient => {
                Err(Trouble::Unknown("the tenant does not know the application".to_owned()))
            }
            Said::Nothing(why) => Err(Trouble::Unknown(why.clone())),
            _ => Ok(format!("{} is allowed", self.callback)),
        }
    }

    /// Whether the MFA API is asked for under its own name: the canonical domain's.
    pub(super) fn audience(&self, config: &Config) -> Outcome {
        let audience = config.audience.clone();
        let is_canonical = self.canonical != Said::ServiceNotFound;
        match &self.real {
            Said::LoginRequired if !is_canonical => Err(Cause::HandMadeApi { audience }.into()),
            Said::LoginRequired if self.nonsense != Said::ServiceNotFound => Err(Trouble::Unknown(
                "the tenant asks for a sign-in before it looks at the audience; sign in once to see"
                    .to_owned(),
            )),
            Said::LoginRequired => Ok(audience),
            Said::ServiceNotFound if is_canonical => Err(Cause::NoMfaApi { audience }.into()),
            Said::ServiceNotFound => Err(Cause::NotCanonical { audience }.into()),
            Said::Refused { error, description } if error == "unauthorized_client" => {
                Err(Cause::SignInGrantOff(description.clone()).into())
            }
            Said::Refused { description, .. } if description.contains("not authorized to access") => {
                Err(Cause::NotAuthorizedForMfaApi.into())
            }
            Said::Refused { error, description } => {
                Err(Trouble::Unknown(format!("the tenant answered {error}: {description}")))
            }
            Said::UnknownClient | Said::UnknownCallback => Err(Trouble::Unknown(
                "the tenant looks at the client id and the callback URL first".to_owned(),
            )),
            Said::Nothing(why) => Err(Trouble::Unknown(why.clone())),
        }
    }

    /// Whether the id is the wrong half of the client's credentials.
    pub(super) fn knows_no_client(&self) -> bool {
        self.real == Said::UnknownClient
    }
}

impl Said {
    fn of(answer: &Result<Look, Error>, callback: &Url) -> Self {
        let look = match answered(answer) {
            Ok(look) => look,
            Err(Trouble::Unknown(why)) => return Self::Nothing(why),
            Err(Trouble::Failed(cause)) => return Self::Nothing(cause.to_string()),
        };
        let (error, description) = look.refusal();
        let is_back = look.location.as_ref().is_some_and(|location| is_same_page(location, callback));
        if is_back {
            Self::at_the_callback(&error, &description)
        } else {
            Self::elsewhere(look, &description)
        }
    }

    fn at_the_callback(error: &str, description: &str) -> Self {
        match error {
            // The last two would be said to somebody who is signed in, which we are not.
            "login_required" | "consent_required" | "interaction_required" => Self::LoginRequired,
            _ if description.starts_with("Service not found") => Self::ServiceNotFound,
            _ => Self::Refused { error: short(error), description: short(description) },
        }
    }

    /// An error page: the tenant's own, or the company's, which is told the error in its address.
    fn elsewhere(look: &Look, description: &str) -> Self {
        let said = format!("{description} {}", look.text()).to_lowercase();
        if said.contains("unknown client") {
            Self::UnknownClient
        } else if said.contains("allowed callback urls") || said.contains("callback url mismatch") {
            Self::UnknownCallback
        } else {
            Self::Nothing(format!(
                "the tenant shows a page (status {}) that says neither yes nor no",
                look.status
            ))
        }
    }
}

/// The same address but for the query.
fn is_same_page(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path() == other.path()
}
