//! `mfa-portal check`: probes the configured tenant, the store, the ways of notices and the public URL, and names cause and
//! remedy of each mistake. It changes nothing at the tenant and sends no messages.

mod address;
mod application;
mod cause;
mod issuer;
mod management;
mod notices;
mod reach;
mod report;
mod sign_in;
mod store;

pub use self::cause::Cause;
pub use self::report::{CheckResult, Finding, Report, Subject, Trouble};
use self::sign_in::SignInProbes;
use crate::clock::Clock;
use crate::config::Config;
use crate::i18n::visible;
use crate::random::Random;
use crate::tenant::{Error, Failure, ProbeResponse, Tenant};

/// Shared by all checks.
struct ProbeContext {
    config: Config,
    tenant: Tenant,
    clock: Clock,
    random: Random,
}

/// Runs all checks, one after the other.
pub async fn check(config: Config, clock: Clock, random: Random) -> anyhow::Result<Report> {
    let tenant = Tenant::new(config.tenant(), clock.clone(), random.clone())?;
    let context = ProbeContext { config, tenant, clock, random };
    let reach = reach::reach(&context).await;
    let mut findings = if reach.is_ok() { tenant_checks(&context).await } else { tenant_skipped(&context) };
    findings.insert(0, Finding { subject: Subject::Tenant, result: reach });
    let store = store::store(&context).await;
    let works = store.is_ok();
    findings.push(Finding { subject: Subject::Store, result: store });
    if works && let Some(result) = store::settings(&context).await {
        findings.push(Finding { subject: Subject::StoreSettings, result });
    }
    let notices = [
        (Subject::MailServer, Box::pin(notices::mail_server(&context)).await),
        (Subject::Webhook, Box::pin(notices::webhook(&context)).await),
    ];
    let notices =
        notices.into_iter().filter_map(|(subject, result)| Some(Finding { subject, result: result? }));
    findings.extend(notices);
    findings.push(Finding { subject: Subject::PublicAddress, result: address::public(&context).await });
    if context.config.is_https() {
        findings.push(Finding { subject: Subject::Proxies, result: address::proxies(&context.config) });
    }
    Ok(Report(findings))
}

async fn tenant_checks(context: &ProbeContext) -> Vec<Finding> {
    let token = context.tenant.probe_confirm().await;
    let now = context.clock.now();
    let sign_in = SignInProbes::send(context).await;
    let mut findings = vec![
        (Subject::Clock, reach::clock(&token, now)),
        (Subject::Issuer, issuer::issuer(context).await),
        (Subject::SigningKeys, issuer::keys(context).await),
        (Subject::ClientId, sign_in.client_id()),
        (credentials(context), application::credentials(&token, &sign_in, context)),
        (Subject::MfaGrant, application::mfa_grant(&token, context)),
        (Subject::ImplicitGrant, sign_in.implicit_grant()),
        (Subject::CallbackUrl, sign_in.callback()),
        (Subject::Audience, sign_in.audience(&context.config)),
        (Subject::SignIn, sign_in.request(&context.config)),
        (Subject::LogoutUrl, address::sign_out(context).await),
    ];
    findings.extend(sign_in.organizations().map(|result| (Subject::Organizations, result)));
    if let Some(answer) = context.tenant.probe_management().await {
        findings.push((Subject::Management, management::management(&answer, &context.config)));
    }
    findings.into_iter().map(|(subject, result)| Finding { subject, result }).collect()
}

/// The same checks, without a result because the tenant cannot be reached.
fn tenant_skipped(context: &ProbeContext) -> Vec<Finding> {
    let applies = |subject: &Subject| match subject {
        Subject::ClientSecret | Subject::ClientKey => *subject == credentials(context),
        Subject::Management => context.tenant.can_regenerate(),
        Subject::Organizations => !context.config.organizations.is_empty(),
        _ => true,
    };
    let skipped = |subject| Finding {
        subject,
        result: Err(Trouble::Unknown("not checked, because the tenant cannot be reached".to_owned())),
    };
    Subject::AT_THE_TENANT.into_iter().filter(applies).map(skipped).collect()
}

fn credentials(context: &ProbeContext) -> Subject {
    if context.tenant.has_key() { Subject::ClientKey } else { Subject::ClientSecret }
}

/// The response, unless its status (5xx, 429) says nothing about how the tenant is set up.
fn answered(answer: &Result<ProbeResponse, Error>) -> Result<&ProbeResponse, Trouble> {
    match answer {
        Ok(response) if response.status >= 500 => Err(Trouble::Unknown(format!(
            "the tenant answered with status {}; try again later",
            response.status
        ))),
        Ok(response) if response.status == 429 => {
            Err(Trouble::Unknown("the tenant limits our requests; try again in a minute".to_owned()))
        }
        Ok(response) => Ok(response),
        Err(error) => Err(unknown(error)),
    }
}

fn unknown(error: &Error) -> Trouble {
    Trouble::Unknown(match &error.kind {
        Failure::Refused(refusal) => format!("the tenant refused with status {}", refusal.status),
        Failure::Unreachable { cause, .. }
        | Failure::Unintelligible { cause, .. }
        | Failure::Misconfigured(cause) => short(cause),
    })
}

/// Foreign text in one line: without what a terminal would obey, and not endless.
fn short(text: &str) -> String {
    visible::seen(text).unwrap_or_default().chars().take(300).collect()
}
