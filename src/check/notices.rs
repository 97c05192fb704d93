//! Whether notices of changes can be sent: the mail server takes TLS, password and sender, and the receiver of webhooks
//! answers. No mail and no webhook is sent.

use super::{Cause, CheckResult, ProbeContext, Trouble, short};
use crate::notify::smtp::{Failure, Server, Step};
use crate::notify::webhook::Sender;

/// The way to the mail server up to a mail's sender; `None` without SMTP_URL.
pub(super) async fn mail_server(context: &ProbeContext) -> Option<CheckResult> {
    let mail = context.config.mail.as_ref()?;
    let server = match Server::of(mail, &context.config) {
        Ok(server) => server,
        Err(error) => return Some(Err(Cause::MailTls(short(&error.to_string())).into())),
    };
    let taken = server.probe(&mail.from).await;
    Some(taken.map(|()| format!("{}:{} takes mails", mail.host, mail.port)).map_err(trouble))
}

fn trouble(Failure { step, cause, .. }: Failure) -> Trouble {
    let cause = short(&cause);
    match step {
        Step::Greeting => Cause::MailAway(cause),
        Step::Tls => Cause::MailTls(cause),
        Step::SignIn => Cause::MailPassword(cause),
        Step::Sender | Step::Recipient | Step::Content => Cause::MailSender(cause),
    }
    .into()
}

/// Whether something answers at WEBHOOK_URL; `None` without one.
pub(super) async fn webhook(context: &ProbeContext) -> Option<CheckResult> {
    let webhook = context.config.webhook.as_ref()?;
    let origin = webhook.url.origin().ascii_serialization();
    let answer = match Sender::new(webhook) {
        Ok(sender) => sender.probe().await,
        Err(error) => Err(error.to_string()),
    };
    Some(match answer {
        Err(cause) => Err(Cause::WebhookAway(short(&cause)).into()),
        Ok(status) if status.is_redirection() => Err(Cause::WebhookRedirects { origin }.into()),
        Ok(status) if status.is_server_error() => Err(Trouble::Unknown(format!(
            "{origin} answered with status {}; try again later",
            status.as_u16()
        ))),
        Ok(_) => Ok(format!("{origin} answers")),
    })
}
