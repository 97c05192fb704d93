//! The addition that an enrollment makes: the notice of it, and the history of changes.

use super::Enrollment;
use crate::factor::Factor;
use crate::mfa::Account;
use crate::mfa::notices::Notice;
use crate::mfa::remembered::{self, Added};
use crate::outbox::Kind;
use crate::tenant::Associate;

impl Enrollment {
    /// The parts that name its addition.
    pub(super) fn addition(&self) -> [&str; 2] {
        ["enrollment", &self.id]
    }

    /// The notice of its addition.
    pub(super) async fn notice<'a>(&self, account: &'a Account, addition: &'a [&'a str]) -> Notice<'a> {
        Notice::new(account, Kind::Added, addition, self.what.factor(), None).await
    }

    /// Remembers what was added, with the ids that are known.
    pub(super) async fn remember(&self, account: &Account) {
        let Self { id, what, called, authenticators, .. } = self;
        let factors = match what.factor() {
            Factor::Sms | Factor::Voice => vec![Factor::Sms, Factor::Voice],
            factor => vec![factor],
        };
        let end = |number: &str| format!("…{}", &number[number.len().saturating_sub(4)..]);
        let mask = match what {
            Associate::Sms(number) | Associate::Voice(number) => Some(end(number)),
            Associate::Email(address) => Some(address.clone()),
            Associate::Totp | Associate::Push => None,
        };
        let added = Added { factors, ids: authenticators, mask, called: called.clone() };
        remembered::note_added(account, id, added).await;
    }
}
