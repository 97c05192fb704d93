//! The language in which a person is written to. Each session chooses its own, an intruder's too, so a language counts only
//! once a day has passed since a visit had it.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::mfa::Account;

/// How long a language must have been the last one seen.
const SETTLES_AFTER: Duration = Duration::DAY;

/// The languages of a person's visits, as BCP 47 tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Languages {
    settled: Option<String>,
    seen: Option<Seen>,
}

/// The language of the last visit that had another than the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    language: String,
    since: OffsetDateTime,
}

impl Languages {
    /// The language that counts now.
    pub(super) fn settled(&self, now: OffsetDateTime) -> Option<&str> {
        let seen = self.seen.as_ref().filter(|seen| now - seen.since >= SETTLES_AFTER);
        seen.map(|seen| &*seen.language).or(self.settled.as_deref())
    }

    /// The same after this visit. One that has proved no factor replaces no language that counts. Without mails nothing
    /// is noted, because nothing needs it.
    pub(super) fn after_visit(&self, account: &Account) -> Self {
        if account.portal.config.mail.is_none() {
            return self.clone();
        }
        let (clock, language) = (&account.portal.clock, &account.language);
        let settled = self.settled(clock.now()).map(ToOwned::to_owned);
        let may_replace = settled.is_none() || account.person.has_proved_factor(clock);
        let is_another = self.seen.as_ref().is_none_or(|seen| seen.language != *language);
        let seen = if is_another && may_replace {
            Some(Seen { language: language.clone(), since: clock.now() })
        } else {
            self.seen.clone()
        };
        Self { settled, seen }
    }
}
