//! What was found: one line a check, with what to do under each that failed; or the same as JSON.

use std::fmt;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::Cause;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The tenant can be reached.
    Tenant,
    /// The tenant's clock and ours agree.
    Clock,
    /// The tenant calls itself as it is configured.
    Issuer,
    /// The tenant's keys can be used.
    SigningKeys,
    /// The tenant knows the application.
    ClientId,
    /// The application's secret is right.
    ClientSecret,
    /// The application has the MFA grant.
    MfaGrant,
    /// Sign-in may come back to us.
    CallbackUrl,
    /// Tokens are asked for under the right name.
    Audience,
    /// Sign-out may come back to us.
    LogoutUrl,
    /// The application for the Management API can do what it is there for.
    Management,
    /// Sessions can be kept.
    Store,
    /// People reach this portal under its public address.
    PublicAddress,
}

impl Subject {
    /// Those that the tenant is asked about.
    pub const AT_THE_TENANT: [Self; 10] = [
        Self::Clock,
        Self::Issuer,
        Self::SigningKeys,
        Self::ClientId,
        Self::ClientSecret,
        Self::MfaGrant,
        Self::CallbackUrl,
        Self::Audience,
        Self::LogoutUrl,
        Self::Management,
    ];

    /// What it is called in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenant => "Tenant",
            Self::Clock => "Clock",
            Self::Issuer => "Issuer",
            Self::SigningKeys => "Signing keys",
            Self::ClientId => "Client id",
            Self::ClientSecret => "Client secret",
            Self::MfaGrant => "MFA grant",
            Self::CallbackUrl => "Callback URL",
            Self::Audience => "Audience",
            Self::LogoutUrl => "Logout URL",
            Self::Management => "Management",
            Self::Store => "Store",
            Self::PublicAddress => "Public address",
        }
    }
}

/// Why a check did not succeed.
#[derive(Debug)]
pub enum Trouble {
    /// Something is set up wrongly.
    Failed(Cause),
    /// It could not be known, and why.
    Unknown(String),
}

impl From<Cause> for Trouble {
    fn from(cause: Cause) -> Self {
        Self::Failed(cause)
    }
}

/// What a check came to: what it saw that is right, or what the trouble is.
pub type Outcome = Result<String, Trouble>;

/// One check.
#[derive(Debug)]
pub struct Finding {
    /// What was checked.
    pub subject: Subject,
    /// What it came to.
    pub outcome: Outcome,
}

/// Everything that was found, in order. Its text is for a terminal, with colours.
#[derive(Debug)]
pub struct Report(pub Vec<Finding>);

impl Report {
    /// Whether anything failed. What could not be known is no failure.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.0.iter().any(|finding| matches!(finding.outcome, Err(Trouble::Failed(_))))
    }

    /// The same for programs: `check`, `outcome` (`ok`, `failed` or `unknown`), `detail`, and `remedy` where it failed.
    #[must_use]
    pub fn json(&self) -> Value {
        let one = |Finding { subject, outcome }: &Finding| {
            let (outcome, detail, remedy) = match outcome {
                Ok(detail) => ("ok", detail.clone(), None),
                Err(Trouble::Unknown(why)) => ("unknown", why.clone(), None),
                Err(Trouble::Failed(cause)) => ("failed", cause.to_string(), Some(cause.remedy())),
            };
            json!({ "check": subject.name(), "outcome": outcome, "detail": detail, "remedy": remedy })
        };
        self.0.iter().map(one).collect()
    }
}

const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (colour, outcome) = match &self.outcome {
            Ok(_) => (GREEN, "ok"),
            Err(Trouble::Failed(_)) => (RED, "failed"),
            Err(Trouble::Unknown(_)) => (YELLOW, "could not be known"),
        };
        write!(f, "{colour}{outcome:<18}{colour:#}  {:<14}  ", self.subject.name())?;
        match &self.outcome {
            Ok(detail) => writeln!(f, "{detail}"),
            Err(Trouble::Unknown(why)) => writeln!(f, "{why}"),
            Err(Trouble::Failed(cause)) => writeln!(f, "{cause}\n{:<20}→ {}", "", cause.remedy()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|finding| write!(f, "{finding}"))?;
        let count = |is: fn(&Outcome) -> bool| self.0.iter().filter(|finding| is(&finding.outcome)).count();
        let ok = count(Result::is_ok);
        let failed = count(|outcome| matches!(outcome, Err(Trouble::Failed(_))));
        write!(f, "\n{ok} ok, {failed} failed, {} could not be known", self.0.len() - ok - failed)
    }
}
