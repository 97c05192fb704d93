//! Tokens of ours behind which nothing stands any more: cookies of ended sessions, old links, used tickets. The store is
//! asked for each a few times a minute and no more. A live one is never refused here, so that somebody with a copy of it
//! cannot keep its owner from signing out. Each process counts for itself, because a count in the store would cost as much
//! as a look-up.

use super::{Counted, Limit};
use crate::portal::{Portal, Tally};

/// Whether the store need not be asked for the token with these random bytes.
pub(crate) fn is_dead(portal: &Portal, token: [u8; 16]) -> bool {
    let now = portal.clock.now();
    // A window that ends later was counted by a clock that was ahead.
    let is_over = |tally: &Tally, limit: &Limit| {
        tally.count >= limit.most && now < tally.ends && tally.ends - now <= limit.within
    };
    let tally = portal.dead_tokens.get(&token);
    tally.is_some_and(|tally| Counted::DeadTokens.limits().any(|limit| is_over(&tally, limit)))
}

/// Notes that the store had nothing behind it.
pub(crate) fn note_dead(portal: &Portal, token: [u8; 16]) {
    let now = portal.clock.now();
    for limit in Counted::DeadTokens.limits() {
        let counted = portal.dead_tokens.entry(token);
        counted.and_upsert_with(|before| Tally::after(before, now, limit.within));
    }
}
