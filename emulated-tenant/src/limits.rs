//! Buckets that fill up and drain: wrong codes, texts, mails, push notifications, exchanges (contract §11).

use std::collections::HashMap;

use time::{Duration, OffsetDateTime};

/// What is counted, and how much of it is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Limit {
    /// 10 wrong codes of an app, a text, a call or a mail; one more every six minutes.
    WrongCode,
    /// 10 wrong recovery codes; one more every six minutes.
    WrongRecoveryCode,
    /// 10 texts and calls; one more an hour.
    Sms,
    /// 20 mails; one more a minute.
    Email,
    /// 5 push notifications a minute.
    Push,
    /// 12 exchanges of out-of-band codes a minute.
    Exchange,
}

impl Limit {
    fn allowance(self) -> (u32, Duration) {
        match self {
            Self::WrongCode | Self::WrongRecoveryCode => (10, Duration::minutes(6)),
            Self::Sms => (10, Duration::HOUR),
            Self::Email => (20, Duration::MINUTE),
            Self::Push => (5, Duration::seconds(12)),
            Self::Exchange => (12, Duration::seconds(5)),
        }
    }
}

/// The buckets of all people.
#[derive(Default)]
pub(crate) struct Limits(HashMap<(Limit, String), Bucket>);

struct Bucket {
    used: u32,
    since: OffsetDateTime,
}

impl Limits {
    /// Whether nothing more of this is allowed now.
    pub(crate) fn is_exhausted(&mut self, limit: Limit, who: &str, now: OffsetDateTime) -> bool {
        self.bucket(limit, who, now).used >= limit.allowance().0
    }

    /// Counts one; says whether it was still allowed.
    pub(crate) fn take(&mut self, limit: Limit, who: &str, now: OffsetDateTime) -> bool {
        let allowed = !self.is_exhausted(limit, who, now);
        if allowed {
            self.bucket(limit, who, now).used += 1;
        }
        allowed
    }

    fn bucket(&mut self, limit: Limit, who: &str, now: OffsetDateTime) -> &mut Bucket {
        let bucket = self.0.entry((limit, who.to_owned())).or_insert(Bucket { used: 0, since: now });
        let refill = limit.allowance().1;
        while bucket.used > 0 && now - bucket.since >= refill {
            bucket.used -= 1;
            bucket.since += refill;
        }
        if bucket.used == 0 {
            bucket.since = now;
        }
        bucket
    }

    /// Forgets everything that was counted.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
