//! The outcome of an `action` visit, which the way back tells the site that the person came from.

use serde::{Deserialize, Serialize};

use crate::factor::Factor;

/// The outcome of an `action` visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    /// The factor that was changed, if known.
    pub(crate) factor: Option<Factor>,
}

/// The change of an `action` visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Added,
    Removed,
    Replaced,
    /// The person gave it up.
    Cancelled,
    /// There was nothing to change.
    Unchanged,
}

impl Status {
    /// Its value of the parameter `status`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Cancelled => "cancelled",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Outcome {
    pub(crate) fn new(status: Status, factor: Factor) -> Self {
        Self { status, factor: Some(factor) }
    }
}
