//! The report: one line for each check, with the remedy below each that failed; or the same as JSON.

use std::fmt;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::Cause;

/// The subject of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each check's own function says what it is about")]
pub enum Subject {
    Tenant,
    Clock,
    Issuer,
    SigningKeys,
    ClientId,
    ClientSecret,
    ClientKey,
    MfaGrant,
    ImplicitGrant,
    CallbackUrl,
    Audience,
    SignIn,
    LogoutUrl,
    Organizations,
    Management,
    Store,
    StoreSettings,
    MailServer,
    Webhook,
    PublicAddress,
    Proxies,
}

impl Subject {
    /// The subjects that need the tenant.
    pub const AT_THE_TENANT: [Self; 14] = [
        Self::Clock,
        Self::Issuer,
        Self::SigningKeys,
        Self::ClientId,
        Self::ClientSecret,
        Self::ClientKey,
        Self::MfaGrant,
        Self::ImplicitGrant,
        Self::CallbackUrl,
        Self::Audience,
        Self::SignIn,
        Self::LogoutUrl,
        Self::Organizations,
        Self::Management,
    ];

    /// The name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenant => "Tenant",
            Self::Clock => "Clock",
            Self::Issuer => "Issuer",
            Self::SigningKeys => "Signing keys",
            Self::ClientId => "Client id",
            Self::ClientSecret => "Client secret",
            Self::ClientKey => "Client key",
            Self::MfaGrant => "MFA grant",
            Self::ImplicitGrant => "Implicit grant",
            Self::CallbackUrl => "Callback URL",
            Self::Audience => "Audience",
            Self::SignIn => "Sign-in",
            Self::Organizations => "Organizations",
            Self::LogoutUrl => "Logout URL",
            Self::Management => "Management",
            Self::Store => "Store",
            Self::StoreSettings => "Store settings",
            Self::MailServer => "Mail server",
            Self::Webhook => "Webhook",
            Self::PublicAddress => "Public address",
            Self::Proxies => "Proxies",
        }
    }
}

/// Why a check is not ok.
#[derive(Debug)]
pub enum Trouble {
    /// Something is set up wrongly.
    Failed(Cause),
    /// The check brought no result, for this reason.
    Unknown(String),
}

impl From<Cause> for Trouble {
    fn from(cause: Cause) -> Self {
        Self::Failed(cause)
    }
}

/// The result of a check: a detail that confirms it, or the trouble.
pub type CheckResult = Result<String, Trouble>;

/// One check and its result.
#[derive(Debug)]
#[allow(missing_docs, reason = "the struct's line says it")]
pub struct Finding {
    pub subject: Subject,
    pub result: CheckResult,
}

/// All findings, in order. `Display` is for a terminal, with colours.
#[derive(Debug)]
pub struct Report(pub Vec<Finding>);

impl Report {
    /// Whether any check failed. One without a result did not fail.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.0.iter().any(|finding| matches!(finding.result, Err(Trouble::Failed(_))))
    }

    /// Whether any check brought no result.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.0.iter().any(|finding| matches!(finding.result, Err(Trouble::Unknown(_))))
    }

    /// The report for programs: `check`, `outcome` (`ok`, `failed` or `unknown`), `detail`, and `remedy` if it failed.
    #[must_use]
    pub fn json(&self) -> Value {
        let entry = |Finding { subject, result }: &Finding| {
            let (outcome, detail, remedy) = match result {
                Ok(detail) => ("ok", detail.clone(), None),
                Err(Trouble::Unknown(why)) => ("unknown", why.clone(), None),
                Err(Trouble::Failed(cause)) => ("failed", cause.to_string(), Some(cause.remedy())),
            };
            json!({ "check": subject.name(), "outcome": outcome, "detail": detail, "remedy": remedy })
        };
        self.0.iter().map(entry).collect()
    }
}

const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (colour, outcome) = match &self.result {
            Ok(_) => (GREEN, "ok"),
            Err(Trouble::Failed(_)) => (RED, "failed"),
            Err(Trouble::Unknown(_)) => (YELLOW, "unknown"),
        };
        write!(f, "{colour}{outcome:<18}{colour:#}  {:<14}  ", self.subject.name())?;
        match &self.result {
            Ok(detail) => writeln!(f, "{detail}"),
            Err(Trouble::Unknown(why)) => writeln!(f, "{why}"),
            Err(Trouble::Failed(cause)) => writeln!(f, "{cause}\n{:<20}→ {}", "", cause.remedy()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|finding| write!(f, "{finding}"))?;
        let count =
            |is: fn(&CheckResult) -> bool| self.0.iter().filter(|finding| is(&finding.result)).count();
        let ok = count(Result::is_ok);
        let failed = count(|result| matches!(result, Err(Trouble::Failed(_))));
        write!(f, "\n{ok} ok, {failed} failed, {} unknown", self.0.len() - ok - failed)
    }
}
