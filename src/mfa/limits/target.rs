//! Numbers and addresses that messages go to: one form of each, and the pause between two messages.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
    &["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
    &["yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "ya.ru"],
];

/// Domains of providers that deliver whatever stands before `@user.domain` to `user@domain` (Fastmail Help, plus addressing
/// and subdomain addressing). Domains of people's own may do the same, which nobody can see.
#[rustfmt::skip]
const BY_SUBDOMAIN: [&str; 116] = [
    "123mail.org", "150mail.com", "150ml.com", "16mail.com", "2-mail.com", "4email.net", "50mail.com",
    "airpost.net", "allmail.net", "bestmail.us", "cluemail.com", "elitemail.org", "emailcorner.net",
    "emailengine.net", "emailengine.org", "emailgroups.net", "emailplus.org", "emailuser.net", "eml.cc",
    "f-m.fm", "fast-email.com", "fast-mail.org", "fastem.com", "fastemail.us", "fastemailer.com",
    "fastest.cc", "fastimap.com", "fastmail.cn", "fastmail.co.uk", "fastmail.com", "fastmail.com.au",
    "fastmail.de", "fastmail.es", "fastmail.fm", "fastmail.fr", "fastmail.im", "fastmail.in", "fastmail.jp",
    "fastmail.mx", "fastmail.net", "fastmail.nl", "fastmail.org", "fastmail.se", "fastmail.to",
    "fastmail.tw", "fastmail.uk", "fastmail.us", "fastmailbox.net", "fastmessaging.com", "fea.st",
    "fmail.co.uk", "fmailbox.com", "fmgirl.com", "fmguy.com", "ftml.net", "h-mail.us", "hailmail.net",
    "imap-mail.com", "imap.cc", "imapmail.org", "inoutbox.com", "internet-e-mail.com", "internet-mail.org",
    "internetemails.net", "internetmailing.net", "jetemail.net", "justemail.net", "letterboxes.org",
    "mail-central.com", "mail-page.com", "mailandftp.com", "mailas.com", "mailbolt.com", "mailc.net",
    "mailcan.com", "mailforce.net", "mailftp.com", "mailhaven.com", "mailingaddress.org", "mailite.com",
    "mailmight.com", "mailnew.com", "mailsent.net", "mailservice.ms", "mailup.net", "mailworks.org",
    "ml1.net", "mm.st", "myfastmail.com", "mymacmail.com", "nospammail.net", "ownmail.net", "petml.com",
    "postinbox.com", "postpro.net", "proinbox.com", "promessage.com", "realemail.net", "reallyfast.biz",
    "reallyfast.info", "rushpost.com", "sent.as", "sent.at", "sent.com", "speedpost.net", "speedymail.org",
    "ssl-mail.com", "swift-mail.com", "the-fastest.net", "the-quickest.com", "theinternetemail.com",
    "veryfast.biz", "warpmail.net", "xsmail.com", "yepmail.net", "your-mail.com",
];

/// The form under which a target, an E.164 number or an address, is counted. Spellings that reach one phone or one
/// mailbox share a counter; two mailboxes that a rare provider tells apart share one too.
#[must_use]
pub fn canonical(target: &str) -> String {
    match target.rsplit_once('@') {
        Some((user, host)) => {
            let host = canonical_host(host);
            let by_subdomain = BY_SUBDOMAIN
                .iter()
                .find_map(|domain| Some((host.strip_suffix(domain)?.strip_suffix('.')?, *domain)));
            let (user, host) = by_subdomain.unwrap_or((user, &host));
            format!("{}@{host}", canonical_user(user))
        }
        None => canonical_number(target).unwrap_or_else(|| target.to_owned()),
    }
}

/// The name under which a target is counted: a hash, because it is remembered longer than the number or address itself.
pub(super) fn counted_name(target: &str) -> String {
    let hash = digest(&SHA256, canonical(target).as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

/// Without the dots, hyphens, underscores, quotes and tags that mail servers ignore (Proton Support, addresses and
/// aliases; Yandex Mail Help, addresses; RFC 5233 names the tags, RFC 5321 §4.1.2 the quotes), and with accents as one
/// character (Unicode Standard Annex #15, NFC).
fn canonical_user(user: &str) -> String {
    let lower = user.replace(['"', '\\', '.', '-', '_'], "").to_lowercase();
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

/// Without digits that networks ignore behind a whole number or that people may leave out, and under one country's code.
fn canonical_number(number: &str) -> Option<String> {
    whole(&of_todays_plan(&without_optional_digits(&under_one_code(&whole(number)?))))
}

fn whole(number: &str) -> Option<String> {
    let mut number = PHONE_NUMBER_UTIL.parse(number, None).ok()?;
    PHONE_NUMBER_UTIL.truncate_too_long_number(&mut number);
    Some(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// Numbers that a neighbour's code reaches too, and how they begin under their own: San Marino's fixed lines by Italy's
/// (ITU-T, national numbering plan of San Marino), Palestinian lines and mobiles by Israel's.
const OF_TWO_CODES: [(&str, &str); 8] = [
    ("+390549", "+378"),
    ("+3780549", "+378"),
    ("+97222", "+97022"),
    ("+97242", "+97042"),
    ("+97256", "+97056"),
    ("+97259", "+97059"),
    ("+97282", "+97082"),
    ("+97292", "+97092"),
];

fn under_one_code(number: &str) -> String {
    for (other, own) in OF_TWO_CODES {
        if let Some(rest) = number.strip_prefix(other) {
            return format!("{own}{rest}");
        }
    }
    number.to_owned()
}

/// The digits with which people dial some numbers and others not, and where they stand: the mobile digits of Argentina,
/// Brazil (behind the area's code) and Mexico, and Benin's of 2024.
const OPTIONAL_DIGITS: [(&str, usize, &str); 4] =
    [("+54", 3, "9"), ("+55", 5, "9"), ("+52", 3, "1"), ("+229", 4, "01")];
/// The length of each of these numbers with them.
const LENGTH_WITH_THEM: usize = 14;

fn without_optional_digits(number: &str) -> String {
    for (code, at, digits) in OPTIONAL_DIGITS {
        if number.starts_with(code)
            && number.len() == LENGTH_WITH_THEM
            && let Some((before, after)) = number.split_at_checked(at)
            && let Some(rest) = after.strip_prefix(digits)
        {
            return format!("{before}{rest}");
        }
    }
    number.to_owned()
}

/// How Gabon's numbers begin since 2019, by how they began before behind an optional zero (ARCEP).
const GABON: [(&str, &str); 6] =
    [("1", "11"), ("2", "62"), ("4", "74"), ("5", "65"), ("6", "66"), ("7", "77")];
/// The digits of one of the old numbers, without the zero.
const OLD_IN_GABON: usize = 7;

fn of_todays_plan(number: &str) -> String {
    let old = number.strip_prefix("+241").map(|digits| digits.strip_prefix('0').unwrap_or(digits));
    if let Some(old) = old.filter(|digits| digits.len() == OLD_IN_GABON) {
        for (before, since) in GABON {
            if let Some(rest) = old.strip_prefix(before) {
                return format!("+241{since}{rest}");
            }
        }
    }
    number.to_owned()
}

/// The pause after a message of a person to a target. It belongs to both of them, so it outlives a cancelled set-up. Of a
/// phone that was confirmed elsewhere the list shows the number's ending alone, so its trials wait for others by that.
///
/// Set-ups and trials look for each other's record once more behind their own, because one may begin between look and
/// record. Each record belongs to one message, so that ending a pause touches no other one.
#[derive(Default)]
pub(in crate::mfa) struct Pause {
    records: Vec<Key>,
}

impl Pause {
    /// Begins the pause of a set-up before its message is sent, or fails while an earlier one lasts.
    pub(in crate::mfa) async fn begin(
        account: &Account,
        target: Option<&str>,
        lasts: Duration,
    ) -> Result<Self, Error> {
        match target {
            Some(target) => {
                Self::begin_known(account, &counted_name(target), ending(&canonical(target)), lasts).await
            }
            None => Ok(Self::default()),
        }
    }

    /// The same for trying out a target that is counted under this name, or else a phone whose number ends like this.
    pub(in crate::mfa) async fn begin_trial(
        account: &Account,
        name: Option<&str>,
        ending: Option<&str>,
        lasts: Duration,
    ) -> Result<Self, Error> {
        if let Some(name) = name {
            return Self::begin_known(account, name, ending, lasts).await;
        }
        let Some(ending) = ending.filter(|_| account.portal.config.limits == Limits::Default) else {
            return Ok(Self::default());
        };
        let known = of_known(account, ending);
        refuse_during(account, &known).await?;
        Self::default()
            .with(account, &[of_unknown(account, ending)], lasts)
            .await?
            .unless(account, &known)
            .await
    }

    async fn begin_known(
        account: &Account,
        name: &str,
        ending: Option<&str>,
        lasts: Duration,
    ) -> Result<Self, Error> {
        if account.portal.config.limits == Limits::Off {
            return Ok(Self::default());
        }
        let own = account.key(RecordKind::CoolDown, &["target", name]);
        let Some(ending) = ending else { return Self::default().with(account, &[own], lasts).await };
        let unknown = [of_unknown(account, ending)];
        refuse_during(account, &unknown).await?;
        let pause = Self::default().with(account, &[own], lasts).await?;
        pause.with(account, &of_known(account, ending), lasts).await?.unless(account, &unknown).await
    }

    /// Takes the first of these records that is free. Without one it ends this pause again and fails.
    async fn with(mut self, account: &Account, records: &[Key], lasts: Duration) -> Result<Self, Error> {
        let (store, ends) = (&account.portal.store, account.portal.clock.now() + lasts);
        for record in records {
            if store.insert(*record, &ends, lasts).await? {
                self.records.push(*record);
                return Ok(self);
            }
        }
        // It may have ended meanwhile.
        let taken = store.get(records[0]).await?;
        self.end(account).await?;
        Err(Error::TooMany(Limited::Pause, taken.unwrap_or(ends)))
    }

    /// Ends this pause again and fails while one of these lasts.
    async fn unless(self, account: &Account, others: &[Key]) -> Result<Self, Error> {
        if let Err(error) = refuse_during(account, others).await {
            self.end(account).await?;
            return Err(error);
        }
        Ok(self)
    }

    /// Ends the pause, because certainly nothing was sent.
    pub(in crate::mfa) async fn end(self, account: &Account) -> Result<(), Error> {
        for record in self.records {
            account.portal.store.remove(record).await?;
        }
        Ok(())
    }
}

/// Fails while one of these pauses lasts.
async fn refuse_during(account: &Account, pauses: &[Key]) -> Result<(), Error> {
    for pause in pauses {
        let ends: Option<OffsetDateTime> = account.portal.store.get(*pause).await?;
        if let Some(ends) = ends {
            return Err(Error::TooMany(Limited::Pause, ends));
        }
    }
    Ok(())
}

/// The part of a number that the tenant's list shows.
fn ending(canonical: &str) -> Option<&str> {
    const SHOWN: usize = 4;
    canonical.strip_prefix('+').and_then(|digits| digits.get(digits.len().checked_sub(SHOWN)?..))
}

/// Known numbers that end alike have a record each. The first that is free serves; a fourth number waits.
fn of_known(account: &Account, ending: &str) -> [Key; 3] {
    ["1", "2", "3"].map(|place| account.key(RecordKind::CoolDown, &["known", ending, place]))
}

fn of_unknown(account: &Account, ending: &str) -> Key {
    account.key(RecordKind::CoolDown, &["unknown", ending])
}
