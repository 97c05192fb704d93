//! Numbers and addresses that messages go to: one form of each, and the pause between two messages.

use icu_normalizer::ComposingNormalizerBorrowed;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use time::{Duration, OffsetDateTime};
use url::Host;

use super::Account;
use crate::config::Limits;
use crate::error::{Error, Limited};
use crate::store::{Key, RecordKind};

/// The domains under which large providers deliver to the same mailboxes (Gmail Help, Send emails from a different
/// address; Apple Support, iCloud email addresses; Proton Support, pm.me addresses; Yandex Mail Help, addresses). The first
/// one stands for them.
const SAME_MAILBOXES: [&[&str]; 4] = [
    &["gmail.com", "googlemail.com"],
    &["icloud.com", "me.com", "mac.com"],
    &["proton.me", "protonmail.com", "pm.me"],
    &["yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "ya.ru"],
];

/// The form under which a target, an E.164 number or an address, is counted. Spellings that reach one phone or one
/// mailbox share a counter; two mailboxes that a rare provider tells apart share one too.
#[must_use]
pub fn canonical(target: &str) -> String {
    match target.rsplit_once('@') {
        Some((user, host)) => format!("{}@{}", canonical_user(user), canonical_host(host)),
        None => canonical_number(target).unwrap_or_else(|| target.to_owned()),
    }
}

/// Without the dots, quotes and tags that many mail servers ignore (RFC 5233 names the tags, RFC 5321 §4.1.2 the
/// quotes), and with accents as one character (Unicode Standard Annex #15, NFC).
fn canonical_user(user: &str) -> String {
    let lower = user.replace(['"', '\\', '.'], "").to_lowercase();
    let bare = ComposingNormalizerBorrowed::new_nfc().normalize(&lower).into_owned();
    match bare.split_once('+') {
        Some((mailbox, _)) if !mailbox.is_empty() => mailbox.to_owned(),
        _ => bare,
    }
}

/// As DNS has it (RFC 5890), without the final dot of an absolute name.
fn canonical_host(host: &str) -> String {
    let host = Host::parse(host).map_or_else(|_| host.to_lowercase(), |host| host.to_string());
    let host = host.trim_end_matches('.');
    let same = SAME_MAILBOXES.iter().find(|domains| domains.contains(&host));
    same.map_or(host, |domains| domains[0]).to_owned()
}

/// Without digits that networks ignore behind a whole number, and without the mobile digit that Argentina, Brazil and
/// Mexico let people dial or leave out.
fn canonical_number(number: &str) -> Option<String> {
    whole(&without_mobile_digit(&whole(number)?))
}

fn whole(number: &str) -> Option<String> {
    let mut number = PHONE_NUMBER_UTIL.parse(number, None).ok()?;
    PHONE_NUMBER_UTIL.truncate_too_long_number(&mut number);
    Some(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// The mobile digit stands behind the country's code, or in Brazil behind the area's.
fn without_mobile_digit(number: &str) -> String {
    const LENGTH_WITH_IT: usize = 14;
    let (at, digit) = match number.get(..3) {
        Some("+54") => (3, "9"),
        Some("+52") => (3, "1"),
        Some("+55") => (5, "9"),
        _ => return number.to_owned(),
    };
    match number.split_at_checked(at) {
        Some((before, after)) if number.len() == LENGTH_WITH_IT && after.starts_with(digit) => {
            format!("{before}{}", &after[digit.len()..])
        }
        _ => number.to_owned(),
    }
}

/// The pause after a message of a person to a target. It belongs to both of them, so it outlives a cancelled set-up. Trying
/// a phone out knows its number's ending alone, so a set-up and a trial wait for each other by that.
pub(in crate::mfa) struct Pause(Vec<Key>);

impl Pause {
    /// Begins the pause of a set-up before its message is sent, or fails while an earlier one lasts.
    pub(in crate::mfa) async fn begin(
        account: &Account,
        target: Option<&str>,
        lasts: Duration,
    ) -> Result<Self, Error> {
        let Some(target) = target.filter(|_| account.portal.config.limits == Limits::Default) else {
            return Ok(Self(Vec::new()));
        };
        let canonical = canonical(target);
        let ending = ending(&canonical);
        if let Some(ending) = ending {
            refuse_during(account, of_trials(account, ending)).await?;
        }
        let (store, ends) = (&account.portal.store, account.portal.clock.now() + lasts);
        let key = account.key(RecordKind::CoolDown, &["target", &canonical]);
        if !store.insert(key, &ends, lasts).await? {
            refuse_during(account, key).await?;
        }
        let of_ending = ending.map(|ending| of_set_ups(account, ending));
        if let Some(key) = of_ending {
            store.put(key, &ends, lasts).await?;
        }
        Ok(Self([key].into_iter().chain(of_ending).collect()))
    }

    /// The same for trying out a phone whose number ends like this.
    pub(in crate::mfa) async fn begin_trial(
        account: &Account,
        ending: Option<&str>,
        lasts: Duration,
    ) -> Result<Self, Error> {
        let Some(ending) = ending.filter(|_| account.portal.config.limits == Limits::Default) else {
            return Ok(Self(Vec::new()));
        };
        refuse_during(account, of_set_ups(account, ending)).await?;
        let key = of_trials(account, ending);
        account.portal.store.put(key, &(account.portal.clock.now() + lasts), lasts).await?;
        Ok(Self(vec![key]))
    }

    /// Ends the pause, because certainly nothing was sent.
    pub(in crate::mfa) async fn end(self, account: &Account) -> Result<(), Error> {
        for key in self.0 {
            account.portal.store.remove(key).await?;
        }
        Ok(())
    }
}

/// Fails while this pause lasts.
async fn refuse_during(account: &Account, pause: Key) -> Result<(), Error> {
    let ends: Option<OffsetDateTime> = account.portal.store.get(pause).await?;
    ends.map_or(Ok(()), |ends| Err(Error::TooMany(Limited::Pause, ends)))
}

/// The part of a number that the tenant's list shows.
fn ending(canonical: &str) -> Option<&str> {
    const SHOWN: usize = 4;
    canonical.strip_prefix('+').and_then(|digits| digits.get(digits.len().checked_sub(SHOWN)?..))
}

fn of_set_ups(account: &Account, ending: &str) -> Key {
    account.key(RecordKind::CoolDown, &["set-up", ending])
}

fn of_trials(account: &Account, ending: &str) -> Key {
    account.key(RecordKind::CoolDown, &["trial", ending])
}
