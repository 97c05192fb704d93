//! The actions that a deep link may ask for.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::factor::Factor;
use crate::web::request::paths::Paths;

/// An action with a page on which it begins, and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Action {
    /// `list`: any change; the first one is the end.
    List,
    /// `add:totp` and so on, for the factors that are offered (FACTORS).
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
    pub(crate) fn named(name: &str, config: &Config) -> Option<Self> {
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

    /// The page on which it begins, below the path of APP_BASE_URL; `None` for the page of the link itself.
    pub(crate) fn page(self) -> Option<String> {
        let paths = Paths::relative();
        match self {
            Self::List => None,
            Self::Add(factor) => Some(paths.factor(factor.slug())),
            Self::Replace(factor) => Some(paths.replace_one_of(factor)),
            Self::Remove(factor) => Some(paths.remove_one_of(factor)),
            Self::RecoveryCode => Some(paths.recovery_code()),
        }
    }

    /// The factor that it is about.
    pub(crate) fn factor(self) -> Option<Factor> {
        match self {
            Self::List => None,
            Self::Add(factor) | Self::Replace(factor) | Self::Remove(factor) => Some(factor),
            Self::RecoveryCode => Some(Factor::RecoveryCode),
        }
    }
}
