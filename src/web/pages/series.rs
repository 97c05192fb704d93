//! The line below the heading of a page that belongs to a series: `Part 1 of 2`.

use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::phone_change::{self, Case};
use crate::mfa::replacement;
use crate::web::extract::signed_in::{Add, Fresh};

/// A page of a set-up.
#[derive(Clone, Copy)]
pub(super) enum Part {
    First,
    Second,
}

impl Part {
    /// Its words. A replacement is a series of its own, whose first part is the whole set-up.
    pub(super) async fn words(self, person: &Fresh<Add>, factor: Factor) -> Result<String, Error> {
        let goes_on =
            phone_change::own(&person.account).await?.is_some_and(|change| change.case != Case::New);
        let replaces = goes_on || replacement::is_under_way(&person.account, factor).await?;
        let id = match (replaces, self) {
            (true, _) => "part-replace-add",
            (false, Self::First) => "part-first",
            (false, Self::Second) => "part-second",
        };
        Ok(person.reader.words.t(id))
    }
}
