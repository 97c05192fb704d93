//! Limits of our own, tighter than the tenant's, so that people read our words instead of its refusal. The counters are
//! in the store, so replicas share them, and nothing is sent while the store is away.
//!
//! A counter belongs to a person (`sub`), a number in E.164, an address in lower case or a network, never to a page or
//! a set-up. So it holds on every path to the same act.

mod breaker;
mod codes;
mod confirmed_numbers;
mod requests;
pub(crate) mod target;
mod tokens;

use time::Duration;

pub(super) use self::codes::CodeSlot;
pub(super) use self::confirmed_numbers::counted_name_of;
pub(crate) use self::requests::count_request;
pub(super) use self::target::Pause;
pub(crate) use self::tokens::{is_dead, note_dead};
use super::Account;
use super::challenge::Candidate;
use crate::config;
use crate::error::{Error, Limited};
use crate::factor::Factor;
use crate::portal::Portal;
use crate::store::{Key, RecordKind};
use crate::tenant::{Associate, AuthenticatorId};

/// The kinds of acts that are counted. The name is part of the counter's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    DeadTokens,
    Requests,
    RequestsInAll,
    Starts,
    Texts,
    TextsTo,
    Emails,
    EmailsTo,
    Pushes,
    WrongCodes,
    Removals,
    Regenerations,
}

/// At most `most` in a window of `within`.
struct Limit {
    counted: Counted,
    most: u64,
    within: Duration,
}

const fn at_most(most: u64, within: Duration, counted: Counted) -> Limit {
    Limit { counted, most, within }
}

/// Every limit. The README has the same table for operators.
const TABLE: [Limit; 17] = [
    // Leftovers of an account must not keep others from the store. More than one look is for a record that comes late.
    at_most(20, Duration::MINUTE, Counted::DeadTokens),
    // A fast reader's pace; two or three calls each stay below the tenant's rate, which all of its logins share.
    at_most(240, Duration::MINUTE, Counted::Requests),
    // Two such readers and a script, so that ten sessions of one person do not use up the tenant's rate.
    at_most(600, Duration::MINUTE, Counted::RequestsInAll),
    // Each start leaves an authenticator behind until it is confirmed or cleared; the tenant keeps 51.
    at_most(20, Duration::HOUR, Counted::Starts),
    // Auth0 sends a person ten texts or calls, then one an hour (Auth0, Rate Limit Configurations, MFA). A day's limit
    // bounds the cost of one account in a stranger's hands.
    at_most(8, Duration::minutes(10), Counted::Texts),
    at_most(20, Duration::DAY, Counted::Texts),
    // A number that a family shares gets a little more than one person; a stranger's is still not flooded.
    at_most(12, Duration::minutes(10), Counted::TextsTo),
    at_most(30, Duration::DAY, Counted::TextsTo),
    // Auth0 sends a person twenty e-mails, then one a minute.
    at_most(10, Duration::HOUR, Counted::Emails),
    at_most(12, Duration::minutes(10), Counted::EmailsTo),
    at_most(30, Duration::DAY, Counted::EmailsTo),
    // Each request buzzes a phone, and a tired owner may approve one of many (MITRE ATT&CK, T1621).
    at_most(8, Duration::minutes(10), Counted::Pushes),
    at_most(20, Duration::DAY, Counted::Pushes),
    // Auth0 locks a person's codes after ten wrong ones, at sign-in too, so all our pages together stay below that.
    at_most(5, Duration::HOUR, Counted::WrongCodes),
    // Far above what a person owns, and slow enough that an alarm comes before an emptied list.
    at_most(20, Duration::HOUR, Counted::Removals),
    // Each new code ends the one on paper, and costs calls of the Management API, whose rate the whole tenant shares.
    at_most(5, Duration::HOUR, Counted::Regenerations),
    at_most(10, Duration::DAY, Counted::Regenerations),
];

/// Every limit as the act that is counted, how often at most, and in what time. A test compares README's table with it.
pub fn table() -> impl Iterator<Item = (&'static str, u64, Duration)> {
    TABLE.iter().map(|limit| (limit.counted.name(), limit.most, limit.within))
}

impl Limit {
    fn key(&self, portal: &Portal, whose: &str) -> Key {
        let within = self.within.whole_seconds().to_string();
        portal.store.key_of(RecordKind::Counter, &[self.counted.name(), whose, &within])
    }
}

impl Counted {
    fn limits(self) -> impl Iterator<Item = &'static Limit> {
        TABLE.iter().filter(move |limit| limit.counted == self)
    }

    /// A part of the counters' keys.
    fn name(self) -> &'static str {
        match self {
            Self::DeadTokens => "dead-tokens",
            Self::Requests => "requests",
            Self::RequestsInAll => "requests-in-all",
            Self::Starts => "starts",
            Self::Texts => "texts-by",
            Self::TextsTo => "texts-to",
            Self::Emails => "mails-by",
            Self::EmailsTo => "mails-to",
            Self::Pushes => "pushes",
            Self::WrongCodes => "tries",
            Self::Removals => "removals",
            Self::Regenerations => "regenerations",
        }
    }

    /// The words for people over the limit.
    fn refused_as(self) -> Limited {
        match self {
            Self::DeadTokens | Self::Requests | Self::RequestsInAll => Limited::Requests,
            Self::Starts => Limited::Starts,
            Self::Texts | Self::TextsTo | Self::Emails | Self::EmailsTo | Self::Pushes => Limited::Sent,
            Self::WrongCodes => Limited::WrongCodes,
            Self::Removals | Self::Regenerations => Limited::Changes,
        }
    }
}

/// Counts the start of an enrollment, and the message that it sends, before either happens.
pub(super) async fn count_start(account: &Account, what: &Associate) -> Result<(), Error> {
    let (factor, target) = (what.factor(), what.target().map(target::counted_name));
    let of_message = target.iter().flat_map(|target| limits_of_message(account, factor, target));
    let counts: Vec<_> = of_message.chain([(Counted::Starts, account.sub())]).collect();
    look(account, &counts).await?;
    match what {
        Associate::Sms(number) | Associate::Voice(number) => {
            breaker::look(account, number).await?;
            count_all(account, &counts).await?;
            breaker::pass(account, Some(number)).await
        }
        _ => count_all(account, &counts).await,
    }
}

/// Remembers a confirmed number, which the breaker never refuses its owner, and under which trials are counted.
pub(super) async fn note_confirmed(
    account: &Account,
    what: &Associate,
    authenticators: &[AuthenticatorId],
) -> Result<(), Error> {
    confirmed_numbers::remember(account, what, authenticators).await
}

/// Counts what trying this authenticator out sends, under the name of its number. The list masks addresses, and numbers that
/// were confirmed elsewhere, so there its id stands for it.
pub(super) async fn count_challenge(
    account: &Account,
    candidate: &Candidate,
    name: Option<&str>,
) -> Result<(), Error> {
    let target = name.unwrap_or(candidate.target());
    let counts: Vec<_> = limits_of_message(account, candidate.factor, target).collect();
    look(account, &counts).await?;
    count_all(account, &counts).await?;
    match candidate.factor {
        Factor::Sms | Factor::Voice => breaker::pass(account, None).await,
        _ => Ok(()),
    }
}

/// Counts a removal, the clearing of unfinished enrollments, or the beginning of a change of phones.
/// Sessions that have proved a factor count apart, so that somebody with the password alone cannot use up the owner's.
pub(super) async fn count_removal(account: &Account) -> Result<(), Error> {
    let sub = account.sub();
    if account.person.has_proved_factor(&account.portal.clock) {
        return count(&account.portal, Counted::Removals, sub).await;
    }
    count(&account.portal, Counted::Removals, &format!("password of {sub}")).await
}

/// Counts a new recovery code.
pub(super) async fn count_regeneration(account: &Account) -> Result<(), Error> {
    count(&account.portal, Counted::Regenerations, account.sub()).await
}

/// The limits of a message of this factor: by the person, and to where it goes.
fn limits_of_message<'a>(
    account: &'a Account,
    factor: Factor,
    target: &'a str,
) -> impl Iterator<Item = (Counted, &'a str)> {
    let (by, to) = match factor {
        Factor::Sms | Factor::Voice => (Some(Counted::Texts), Some(Counted::TextsTo)),
        Factor::Email => (Some(Counted::Emails), Some(Counted::EmailsTo)),
        Factor::Push => (Some(Counted::Pushes), None),
        _ => (None, None),
    };
    by.map(|by| (by, account.sub())).into_iter().chain(to.map(|to| (to, target)))
}

/// Refuses before anything is counted, so that what one limit refuses uses up none of another.
async fn look(account: &Account, counts: &[(Counted, &str)]) -> Result<(), Error> {
    let portal = &account.portal;
    if portal.config.limits == config::Limits::Off {
        return Ok(());
    }
    for (counted, whose) in counts {
        for limit in counted.limits() {
            let reached = portal.store.count(limit.key(portal, whose)).await?;
            if reached.count >= limit.most {
                return Err(Error::TooMany(counted.refused_as(), reached.resets_at));
            }
        }
    }
    Ok(())
}

async fn count_all(account: &Account, counts: &[(Counted, &str)]) -> Result<(), Error> {
    for (counted, whose) in counts {
        count(&account.portal, *counted, whose).await?;
    }
    Ok(())
}

async fn count(portal: &Portal, counted: Counted, whose: &str) -> Result<(), Error> {
    if portal.config.limits == config::Limits::Off {
        return Ok(());
    }
    for limit in counted.limits() {
        let reached = portal.store.increment(limit.key(portal, whose), limit.within).await?;
        if reached.count > limit.most {
            return Err(Error::TooMany(counted.refused_as(), reached.resets_at));
        }
    }
    Ok(())
}
