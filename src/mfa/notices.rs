//! Notices: each change is told outside the session that made it, by mail to the person and by webhook to the company.
//! A failure here neither undoes nor blocks the change, which has been made.

use std::time::Duration as StdDuration;

use time::OffsetDateTime;
use tokio::time::{Instant, sleep, timeout};

use super::Account;
use super::act::Subject;
use super::remembered::{self, Correspondence, Seen};
use crate::audit::{Event, Reason};
use crate::error;
use crate::factor::Factor;
use crate::i18n::Words;
use crate::outbox::{Kind, Link, Message, Recipient, change_id};
use crate::portal::{App, Portal};
use crate::store::Error;

/// The longest that a slow store may keep the page waiting.
const KEPT_WITHIN: StdDuration = StdDuration::from_secs(2);
/// Pause between two attempts to keep a message while the store is away, and how long to go on.
const RETRY_STORE: StdDuration = StdDuration::from_millis(500);
const RETRY_FOR: StdDuration = StdDuration::from_secs(60 * 60);

/// The notice of one change, from before the tenant is asked for it.
pub(super) struct Notice<'a> {
    account: &'a Account,
    subject: Subject<'a>,
    /// `None` when nobody is told of changes.
    draft: Option<Draft>,
}

struct Draft {
    message: Message,
    recipients: Vec<Recipient>,
}

impl<'a> Notice<'a> {
    /// Of the change that this operation makes. `old_address` is the address that the change takes away.
    pub(super) async fn new(
        account: &'a Account,
        kind: Kind,
        operation: &'a [&'a str],
        factor: Factor,
        old_address: Option<String>,
    ) -> Self {
        let portal = &account.portal;
        let is_on = portal.config.mail.is_some() || portal.config.webhook.is_some();
        let parts: Vec<String> = operation.iter().map(|part| (*part).to_owned()).collect();
        let earlier = if is_on { earlier_visits(account).await } else { Correspondence::default() };
        let draft = is_on.then(|| Draft {
            message: Message {
                kind,
                is_certain: true,
                change: change_id(&parts),
                operation: parts,
                factor,
                at: portal.clock.now(),
                browser: account.browser.map(ToOwned::to_owned),
                client: account.request.client(),
                language: language(account, earlier.language),
                sub: account.sub().to_owned(),
                token: Link::new_token(&portal.store),
            },
            recipients: recipients(account, earlier.address, old_address),
        });
        Self { account, subject: Subject { operation, factor: Some(factor), authenticator: None }, draft }
    }

    /// The notice of a change that an earlier request made, maybe in another browser.
    pub(super) fn made_before(mut self, at: OffsetDateTime, browser: Option<String>) -> Self {
        if let Some(Draft { message, .. }) = &mut self.draft {
            (message.at, message.browser, message.client) = (at, browser, None);
        }
        self
    }

    /// The change's id, if anybody is told of it.
    pub(super) fn change(&self) -> Option<&str> {
        self.draft.as_ref().map(|draft| &*draft.message.change)
    }

    /// Keeps it before the tenant is asked, so that the person hears of a change whose process dies, as one that may
    /// have been made. Without it nobody might hear of the change, so a store that is away refuses the change.
    pub(super) async fn intend(&self) -> Result<(), error::Error> {
        let Some(Draft { message, recipients }) = &self.draft else { return Ok(()) };
        let intended = timeout(KEPT_WITHIN, self.account.portal.outbox.intend(message, recipients)).await;
        Ok(intended.map_err(|_| Error::unavailable("the store is slow"))??)
    }

    /// Forgets it, because the change was not made.
    pub(super) async fn forget(&self) {
        let Some(Draft { message, .. }) = &self.draft else { return };
        match timeout(KEPT_WITHIN, self.account.portal.outbox.forget(&message.change)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "intended notice of a change not forgotten"),
            Err(_) => {
                tracing::warn!(error = "the store is slow", "intended notice of a change not forgotten");
            }
        }
    }

    /// Keeps it for sending, because the list shows that the change was made: as the request told it that asked for the
    /// change, if that is known.
    pub(super) async fn keep_intended(&self) {
        let Some(change) = self.change() else { return };
        let confirmed = timeout(KEPT_WITHIN, self.account.portal.outbox.confirm(change)).await;
        if !matches!(confirmed, Ok(Ok(true))) {
            self.keep().await;
        }
    }

    /// Keeps it for sending, because the change was made: once however often it is repeated.
    pub(super) async fn keep(&self) {
        let (account, Some(Draft { message, recipients })) = (self.account, &self.draft) else { return };
        let portal = &account.portal;
        if portal.config.mail.is_some() && !recipients.iter().any(|to| matches!(to, Recipient::Mail(_))) {
            account.tell_about(Event::Notice.failed(Reason::NoAddress), &self.subject);
        }
        match timeout(KEPT_WITHIN, keep_once(portal, message, recipients)).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::error!(%error, "notice of a change not kept"),
            Err(_) => tracing::error!(error = "the store is slow", "notice of a change not kept"),
        }
        account.tell_about(Event::Notice.failed(Reason::StoreAway), &self.subject);
        tokio::spawn(keep_later(portal.clone(), message.clone(), recipients.clone()));
    }
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
    if !portal.outbox.has(&message.change, recipients).await? {
        Link::keep(&portal.store, message).await?;
        portal.outbox.keep(message, recipients).await?;
    }
    portal.outbox.forget(&message.change).await
}

async fn earlier_visits(account: &Account) -> Correspondence {
    timeout(KEPT_WITHIN, remembered::correspondence(account)).await.unwrap_or_default()
}

/// The language of earlier visits that proved a factor, else the profile's, else that of visits with the password alone,
/// else this session's, which an intruder chooses.
fn language(account: &Account, of_earlier_visits: Option<Seen>) -> String {
    let of_profile = || Words::known(account.person.identity.locale.as_deref()?).map(|words| words.lang());
    match of_earlier_visits {
        Some(earlier) if earlier.is_proved => earlier.language,
        earlier => of_profile()
            .or(earlier.map(|earlier| earlier.language))
            .unwrap_or_else(|| account.language.clone()),
    }
}

/// The profile's address, or that of earlier visits where the sign-in brought none: the browser can leave out the scope
/// that asks for it.
fn recipients(account: &Account, earlier: Option<String>, old_address: Option<String>) -> Vec<Recipient> {
    let config = &account.portal.config;
    let own = account.person.verified_email().map(ToOwned::to_owned).or(earlier);
    let former = old_address.filter(|old| !own.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(old)));
    let own = own.map(Recipient::Mail);
    let mails = own.into_iter().chain(former.map(Recipient::FormerMail)).filter(|_| config.mail.is_some());
    mails.chain(config.webhook.as_ref().map(|_| Recipient::Webhook)).collect()
}
