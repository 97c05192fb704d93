//! The language in which a person is written to. Each session chooses its own, an intruder's too, so a language counts only
//! once a day has passed since a visit had it, and one that the password alone has brought counts least.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::mfa::Account;

/// How long a language must have been the last one seen.
const SETTLES_AFTER: Duration = Duration::DAY;

/// The languages of a person's visits, as BCP 47 tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Languages {
    settled: Option<Seen>,
    seen: Option<Seen>,
}

/// The language of a visit that had another than the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) language: String,
    since: OffsetDateTime,
    /// Whether a visit that had proved a factor had it.
    pub(crate) is_proved: bool,
}

impl Languages {
    /// The language that counts now.
    pub(super) fn settled(&self, now: OffsetDateTime) -> Option<&Seen> {
        self.seen.as_ref().filter(|seen| now - seen.since >= SETTLES_AFTER).or(self.settled.as_ref())
    }

    /// The same after this visit. One that has proved no factor replaces no language that counts, and none of a visit
    /// that has proved one. Without mails nothing is noted, because nothing needs it.
    pub(super) fn after_visit(&self, account: &Account) -> Self {
        if account.portal.config.mail.is_none() {
            return self.clone();
        }
        let (clock, language) = (&account.portal.clock, &account.language);
        let settled = self.settled(clock.now()).cloned();
        let is_proved = account.person.has_proved_factor(clock);
        let seen = match self.seen.clone() {
            Some(same) if same.language == *language => {
                Seen { is_proved: same.is_proved || is_proved, ..same }
            }
            Some(other) if !is_proved && (settled.is_some() || other.is_proved) => other,
            _ => Seen { language: language.clone(), since: clock.now(), is_proved },
        };
        Self { settled, seen: Some(seen) }
    }
}
