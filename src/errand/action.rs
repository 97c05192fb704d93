//! What a portal may send people here to do.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::factor::Factor;

/// An act with a page to begin on, and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Action {
    /// `list`: whatever the person likes; the first thing done is the end.
    List,
    /// `add:totp` and so on, of what is offered (FACTORS).
    Add(Factor),
    /// `replace:totp` and so on: the person's only one of that kind, or one of several that they choose.
    Replace(Factor),
    /// `remove:totp` and so on, likewise.
    Remove(Factor),
    /// `recovery-code`
    RecoveryCode,
}

impl Action {
    /// The action of this name, if it is one that can be done here.
    pub(super) fn named(name: &str, config: &Config) -> Option<Self> {
        let (act, factor) = name.split_once(':').unwrap_or((name, ""));
        let factor = Factor::named(factor);
        let offered = factor.filter(|factor| config.factors.contains(factor));
        match act {
            "list" if factor.is_none() => Some(Self::List),
            "recovery-code" if factor.is_none() => Some(Self::RecoveryCode),
            "add" => offered.map(Self::Add),
            "replace" => offered.map(Self::Replace),
            "remove" => factor.map(Self::Remove),
            _ => None,
        }
    }

    /// Where it begins, below the base path; `None` for the page that was asked for.
    pub(super) fn page(self) -> Option<String> {
        match self {
            Self::List => None,
            Self::Add(factor) => Some(format!("/factors/{}", factor.slug())),
            Self::Replace(factor) => Some(format!("/authenticators/replace/{}", factor.slug())),
            Self::Remove(factor) => Some(format!("/authenticators/remove/{}", factor.slug())),
            Self::RecoveryCode => Some("/recovery-code".to_owned()),
        }
    }

    /// What it is about.
    pub(super) fn factor(self) -> Option<Factor> {
        match self {
            Self::List => None,
            Self::Add(factor) | Self::Replace(factor) | Self::Remove(factor) => Some(factor),
            Self::RecoveryCode => Some(Factor::RecoveryCode),
        }
    }
}
