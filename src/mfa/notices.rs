//! Notices: each change is told outside the session that made it, by mail to the person and by webhook to the company.
//! A failure here neither undoes nor blocks the change, which has been made.

use std::time::Duration as StdDuration;

use tokio::time::{Instant, sleep, timeout};

use super::act::Subject;
use super::{Account, remembered};
use crate::audit::{Event, Reason};
use crate::factor::Factor;
use crate::i18n::Words;
use crate::outbox::{Kind, Link, Message, Recipient, change_id};
use crate::portal::{App, Portal};
use crate::secret::Secret;
use crate::store::Error;

/// The longest that a slow store may keep the page waiting.
const KEPT_WITHIN: StdDuration = StdDuration::from_secs(2);
/// Pause between two attempts to keep a message while the store is away, and how long to go on.
const RETRY_STORE: StdDuration = StdDuration::from_millis(500);
const RETRY_FOR: StdDuration = StdDuration::from_secs(60 * 60);

/// Keeps a notice of the change that this operation made, once however often it is repeated. `old_address` is the
/// address that the change took away.
pub(super) async fn keep(
    account: &Account,
    kind: Kind,
    operation: &[&str],
    factor: Factor,
    old_address: Option<String>,
) {
    let portal = &account.portal;
    if portal.config.mail.is_none() && portal.config.webhook.is_none() {
        return;
    }
    let recipients = recipients(account, old_address);
    let subject = Subject { operation, factor: Some(factor), authenticator: None };
    if portal.config.mail.is_some() && !recipients.iter().any(|to| matches!(to, Recipient::Mail(_))) {
        account.tell_about(Event::Notice.failed(Reason::NoAddress), &subject);
    }
    let operation: Vec<String> = operation.iter().map(|part| (*part).to_owned()).collect();
    let message = Message {
        kind,
        change: change_id(&operation),
        operation,
        factor,
        at: portal.clock.now(),
        browser: account.browser.map(ToOwned::to_owned),
        client: account.request.client(),
        language: language(account).await,
        sub: account.sub().to_owned(),
        token: Secret::from(portal.random.verifier()),
    };
    match timeout(KEPT_WITHIN, keep_once(portal, &message, &recipients)).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => tracing::error!(%error, "notice of a change not kept"),
        Err(_) => tracing::error!(error = "the store is slow", "notice of a change not kept"),
    }
    account.tell_about(Event::Notice.failed(Reason::StoreAway), &subject);
    tokio::spawn(keep_later(account.portal.clone(), message, recipients));
}

/// Holds the message in memory until the store is back.
async fn keep_later(portal: App, message: Message, recipients: Vec<Recipient>) {
    let began = Instant::now();
    while began.elapsed() < RETRY_FOR {
        sleep(RETRY_STORE).await;
        if keep_once(&portal, &message, &recipients).await.is_ok() {
            return;
        }
    }
    tracing::error!("notice of a change lost: the session store stayed away");
}

async fn keep_once(portal: &Portal, message: &Message, recipients: &[Recipient]) -> Result<(), Error> {
    let Some(last) = recipients.last() else { return Ok(()) };
    // The last one is kept last, so with it all are kept.
    if portal.outbox.has(&message.change, last).await? {
        return Ok(());
    }
    Link::keep(&portal.store, message).await?;
    portal.outbox.keep(message, recipients).await
}

/// The language of earlier visits, else the profile's, else this session's, which an intruder chooses.
async fn language(account: &Account) -> String {
    let of_earlier_visits = timeout(KEPT_WITHIN, remembered::language(account)).await.ok().flatten();
    let of_profile = || Words::known(account.person.identity.locale.as_deref()?).map(|words| words.lang());
    of_earlier_visits.or_else(of_profile).unwrap_or_else(|| account.language.clone())
}

fn recipients(account: &Account, old_address: Option<String>) -> Vec<Recipient> {
    let config = &account.portal.config;
    let own = account.person.verified_email();
    let former = old_address.filter(|old| !own.is_some_and(|own| own.eq_ignore_ascii_case(old)));
    let own = own.map(|own| Recipient::Mail(own.to_owned()));
    let mails = own.into_iter().chain(former.map(Recipient::FormerMail)).filter(|_| config.mail.is_some());
    mails.chain(config.webhook.as_ref().map(|_| Recipient::Webhook)).collect()
}
