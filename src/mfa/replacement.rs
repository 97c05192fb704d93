//! Replacing: a new authenticator is added first, then the old one is removed, so there are never fewer than before.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::act::Subject;
use super::{Account, Entry, Overview, Permission, lock, proof};
use crate::audit::{Event, Reason, Told};
use crate::deadline;
use crate::error::Error;
use crate::factor::Factor;
use crate::portal::Portal;
use crate::store::{Key, RecordKind};
use crate::tenant::AuthenticatorId;

/// Long enough to buy a new phone and come back.
const REMEMBERED_FOR: Duration = Duration::DAY;

/// A person's replacement that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Replacement {
    /// The old one's id.
    #[serde(rename = "id")]
    old_id: String,
    factor: Factor,
    /// The authenticators at the beginning. An id that is not among them belongs to the new one.
    before: Vec<AuthenticatorId>,
}

impl Replacement {
    fn tell_end(&self, account: &Account, told: Told) {
        account.tell_about(told, &Subject { factor: Some(self.factor), ..Subject::default() });
    }

    fn is_done(&self, overview: &Overview) -> bool {
        let all = overview.entries.iter().flat_map(|entry| entry.factors.iter().zip(&entry.ids));
        all.into_iter().any(|(factor, id)| self.factor.is_akin(*factor) && !self.before.contains(id))
    }
}

/// The entry, when a new one of its kind can take its place.
pub(crate) fn replaceable(account: &Account, entry: Option<&Entry>) -> Result<Entry, Error> {
    account.person.must(Permission::Add)?;
    account.person.must(Permission::Remove)?;
    let entry = entry.ok_or(Error::NotFound)?;
    let offered = account.portal.config.factors.contains(&entry.factor());
    if entry.is_removable() && offered { Ok(entry.clone()) } else { Err(Error::NotRemovable) }
}

/// Begins to replace the entry with this id.
pub(crate) async fn begin(account: &Account, id: &str) -> Result<Entry, Error> {
    proof::must_suffice_for_list(account).await?;
    let begin_in_turn = async {
        let overview = account.overview().await?;
        let entry = replaceable(account, overview.find(id))?;
        proof::must_suffice(account, overview.may_be_protected()).await?;
        if let Some(earlier) = stored(account).await? {
            earlier.tell_end(account, Event::ReplacementEnded.succeeded().because(Reason::Superseded));
        }
        remember(account, &overview, &entry).await?;
        let (factor, authenticator) = (Some(entry.factor()), Some(entry.id()));
        let subject = Subject { factor, authenticator, ..Subject::default() };
        account.tell_about(Event::ReplacementBegun.succeeded(), &subject);
        Ok(entry)
    };
    lock::in_turn(account, Box::pin(begin_in_turn)).await
}

async fn remember(account: &Account, overview: &Overview, entry: &Entry) -> Result<(), Error> {
    let before = overview.entries.iter().flat_map(|entry| entry.ids.clone()).collect();
    let replacement = Replacement { old_id: entry.id().to_owned(), factor: entry.factor(), before };
    deadline::note_change();
    Ok(account.portal.store.put(key(account), &replacement, REMEMBERED_FOR).await?)
}

/// The old one that is still on the list although its replacement is there too.
pub(crate) async fn old_one(account: &Account, overview: &Overview) -> Result<Option<Entry>, Error> {
    let done = stored(account).await?.filter(|it| it.is_done(overview));
    Ok(done.and_then(|it| overview.find(&it.old_id).cloned()))
}

/// Whether this entry is the old one of a replacement whose new one has been added.
pub(crate) async fn is_replaced(
    account: &Account,
    overview: &Overview,
    entry: &Entry,
) -> Result<bool, Error> {
    Ok(old_one(account, overview).await?.is_some_and(|old| old == *entry))
}

/// The id of the old one that a just added authenticator of this factor replaces.
pub(crate) async fn replaced_by(account: &Account, factor: Factor) -> Result<Option<String>, Error> {
    if !is_under_way(account, factor).await? {
        return Ok(None);
    }
    let old = old_one(account, &account.overview().await?).await?;
    Ok(old.map(|entry| entry.id().to_owned()))
}

/// Whether the person has begun to replace an authenticator of this kind.
pub(crate) async fn is_under_way(account: &Account, factor: Factor) -> Result<bool, Error> {
    Ok(stored(account).await?.is_some_and(|it| it.factor.is_akin(factor)))
}

/// Forgets a replacement that was given up, if the person's proof is good enough to begin one: the old one stays by it.
pub(crate) async fn give_up(account: &Account) -> Result<(), Error> {
    match proof::must_suffice_for_list(account).await {
        Ok(()) => {
            deadline::note_change();
            if let Some(given_up) = account.portal.store.take::<Replacement>(key(account)).await? {
                given_up.tell_end(account, Event::ReplacementEnded.succeeded());
            }
            Ok(())
        }
        Err(Error::ProveAgain | Error::NotProved) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Forgets a replacement that is complete.
pub(crate) async fn forget(account: &Account) -> Result<(), Error> {
    Ok(account.portal.store.remove(key(account)).await?)
}

/// Ends the replacement of the person with this `sub`, and gives its factor, if there was one.
pub(super) async fn end_of(portal: &Portal, sub: &str) -> Result<Option<Factor>, Error> {
    let key = portal.store.key_of_person(RecordKind::Replacing, sub, &[]);
    Ok(portal.store.take::<Replacement>(key).await?.map(|it| it.factor))
}

async fn stored(account: &Account) -> Result<Option<Replacement>, Error> {
    Ok(account.portal.store.get(key(account)).await?)
}

fn key(account: &Account) -> Key {
    account.key(RecordKind::Replacing, &[])
}
