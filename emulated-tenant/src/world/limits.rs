//! Leaky buckets for wrong codes, messages, push notifications and exchanges (Auth0, Rate limits).

use std::collections::HashMap;

use time::{Duration, OffsetDateTime};

/// A kind of event that is limited per person, or per session for `Exchange`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Limit {
    /// Wrong codes of an app, a text, a call or an e-mail: 10, and one more every six minutes.
    WrongCode,
    /// Wrong recovery codes: 10, and one more every six minutes.
    WrongRecoveryCode,
    /// Texts and calls: 10, and one more every hour.
    Sms,
    /// E-mails: 20, and one more every minute.
    Email,
    /// Push notifications: 5 per minute.
    Push,
    /// Exchanges of an `oob_code`: 12 per minute.
    Exchange,
}

impl Limit {
    /// The size of the bucket, and the time in which one event drains.
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

#[derive(Default)]
pub(crate) struct Limits(HashMap<(Limit, String), Bucket>);

struct Bucket {
    used: u32,
    since: OffsetDateTime,
}

impl Limits {
    /// Whether the limit is reached.
    pub(crate) fn is_exhausted(&mut self, limit: Limit, key: &str, now: OffsetDateTime) -> bool {
        self.bucket(limit, key, now).used >= limit.allowance().0
    }

    /// Counts one event; false if the limit is reached.
    pub(crate) fn take(&mut self, limit: Limit, key: &str, now: OffsetDateTime) -> bool {
        let allowed = !self.is_exhausted(limit, key, now);
        if allowed {
            self.bucket(limit, key, now).used += 1;
        }
        allowed
    }

    fn bucket(&mut self, limit: Limit, key: &str, now: OffsetDateTime) -> &mut Bucket {
        let bucket = self.0.entry((limit, key.to_owned())).or_insert(Bucket { used: 0, since: now });
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

    /// Empties every bucket.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
