//! Counts messages by what becomes of them.

use std::sync::LazyLock;

use metrics::Counter;

use super::Recipient;
use crate::metrics::NOTICES;

/// The fate of a message. Kept ones that were neither sent nor given up wait.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    Kept,
    Sent,
    /// An attempt failed, and another one follows.
    Delayed,
    GivenUp,
}

const WAYS: [&str; 2] = ["mail", "webhook"];
const FATES: [&str; 4] = ["kept", "sent", "delayed", "given_up"];

static HANDLES: LazyLock<[[Counter; FATES.len()]; WAYS.len()]> =
    LazyLock::new(|| WAYS.map(|way| FATES.map(|fate| NOTICES.counter(&[way, fate]))));

/// Registers every series.
pub(crate) fn register_metrics() {
    LazyLock::force(&HANDLES);
}

/// Counts a message to this recipient.
pub(crate) fn count(to: &Recipient, fate: Fate) {
    let way = match to {
        Recipient::Mail(_) | Recipient::FormerMail(_) => 0,
        Recipient::Webhook => 1,
    };
    HANDLES[way][fate as usize].increment(1);
}
