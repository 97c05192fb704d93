//! What can be tried of what is on the list.

use crate::error::Error;
use crate::factor::{Factor, ProvesBy};
use crate::factors::{Entry, Overview};
use crate::i18n::Words;
use crate::tenant::AuthenticatorId;

/// One authenticator that can be asked for a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// How it proves itself.
    pub factor: Factor,
    /// Its id.
    pub id: AuthenticatorId,
}

impl Trial {
    /// The one with this id and its entry, if it is in the list just read. Nothing else is ever sent on.
    pub(super) fn find<'a>(overview: &'a Overview, id: &str) -> Result<(&'a Entry, Self), Error> {
        let entry = overview.find(id).ok_or(Error::NotFound)?;
        let trial = entry.trials().into_iter().find(|trial| trial.id.as_str() == id);
        trial.map(|trial| (entry, trial)).ok_or(Error::NotFound)
    }
}

impl Entry {
    /// What can be tried of it: both channels of a number, requests to the phone and the codes beside them.
    #[must_use]
    pub fn trials(&self) -> Vec<Trial> {
        let all = self.factors.iter().copied().zip(self.ids.iter().cloned());
        all.filter(|(factor, id)| factor.proves_by() != ProvesBy::Nothing && id.is_well_formed())
            .map(|(factor, id)| Trial { factor, id })
            .collect()
    }

    /// The name of its control: `Try text message or phone call, number ending 9167`.
    #[must_use]
    pub fn try_label(&self, words: &Words) -> String {
        self.label("try", words)
    }
}
