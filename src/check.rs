//! `mfa-portal check`: tries the configured tenant and what is around the portal, and says of each mistake what causes
//! it and what to click. Nothing is changed at the tenant, and nobody is sent anything.

mod address;
mod application;
mod cause;
mod issuer;
mod management;
mod reach;
mod report;
mod sign_in;
mod store;

pub use self::cause::Cause;
pub use self::report::{Finding, Outcome, Report, Subject, Trouble};
use self::sign_in::SignIn;
use crate::clock::Clock;
use crate::config::Config;
use crate::random::Random;
use crate::tenant::{Error, Kind, Look, Tenant};

/// What the checks share.
struct Trial {
    config: Config,
    tenant: Tenant,
    clock: Clock,
    random: Random,
}

/// Tries everything, one check after the other.
pub async fn check(config: Config, clock: Clock, random: Random) -> anyhow::Result<Report> {
    let tenant = Tenant::new(config.tenant(), clock.clone())?;
    let trial = Trial { config, tenant, clock, random };
    let reach = reach::reach(&trial).await;
    let mut findings = if reach.is_ok() { tenant_side(&trial).await } else { tenant_unseen(&trial) };
    findings.insert(0, Finding { subject: Subject::Tenant, outcome: reach });
    findings.push(Finding { subject: Subject::Store, outcome: store::store(&trial).await });
    findings.push(Finding { subject: Subject::PublicAddress, outcome: address::public(&trial).await });
    Ok(Report(findings))
}

async fn tenant_side(trial: &Trial) -> Vec<Finding> {
    let token = trial.tenant.try_confirm().await;
    let now = trial.clock.now();
    let sign_in = SignIn::ask(trial).await;
    let mut findings = vec![
        (Subject::Clock, reach::clock(&token, now)),
        (Subject::Issuer, issuer::issuer(trial).await),
        (Subject::SigningKeys, issuer::keys(trial).await),
        (Subject::ClientId, sign_in.client_id()),
        (Subject::ClientSecret, application::secret(&token, &sign_in)),
        (Subject::MfaGrant, application::mfa_grant(&token)),
        (Subject::CallbackUrl, sign_in.callback()),
        (Subject::Audience, sign_in.audience(&trial.config)),
        (Subject::LogoutUrl, address::sign_out(trial).await),
    ];
    if let Some(answer) = trial.tenant.try_management().await {
        findings.push((Subject::Management, management::management(&answer, &trial.config)));
    }
    findings.into_iter().map(|(subject, outcome)| Finding { subject, outcome }).collect()
}

/// What cannot be known while the tenant is out of reach.
fn tenant_unseen(trial: &Trial) -> Vec<Finding> {
    let asked = |subject: &Subject| *subject != Subject::Management || trial.tenant.can_regenerate();
    let unseen = |subject| Finding {
        subject,
        outcome: Err(Trouble::Unknown("the tenant could not be asked".to_owned())),
    };
    Subject::AT_THE_TENANT.into_iter().filter(asked).map(unseen).collect()
}

/// The answer, unless it speaks of trouble that says nothing about how anything is set up.
fn answered(answer: &Result<Look, Error>) -> Result<&Look, Trouble> {
    match answer {
        Ok(look) if look.status >= 500 => {
            Err(Trouble::Unknown(format!("the tenant answered with status {}; try again later", look.status)))
        }
        Ok(look) if look.status == 429 => {
            Err(Trouble::Unknown("the tenant was asked too often; try again in a minute".to_owned()))
        }
        Ok(look) => Ok(look),
        Err(error) => Err(unknown(error)),
    }
}

/// A call that brought nothing to judge by.
fn unknown(error: &Error) -> Trouble {
    Trouble::Unknown(match &error.kind {
        Kind::Refused(refusal) => format!("the tenant refused with status {}", refusal.status),
        Kind::Unreachable { cause, .. } | Kind::Unintelligible { cause, .. } | Kind::Misconfigured(cause) => {
            short(cause)
        }
    })
}

/// Other people's words on one line: no control characters, which a terminal would obey, and not endless.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}
