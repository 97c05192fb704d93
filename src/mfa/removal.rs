//! Removing an entry of the list. A removal takes its turn among the person's acts and decides on a list that it reads in
//! its turn: two tabs that remove the last two protections at once cannot both take the other's for the one that stays.

use std::slice;

use time::Duration;

use super::act::Subject;
use super::live_sessions::Whose;
use super::notices::Notice;
use super::{
    Account, Entry, Overview, Permission, enrollment, limits, live_sessions, lock, proof, remembered,
    replacement,
};
use crate::audit::{self, Event};
use crate::error::Error;
use crate::outbox::Kind;
use crate::portal::Portal;
use crate::store::{Key, RecordKind};
use crate::tenant::{self, AuthenticatorId, Failure, MfaToken, Reason};

/// Longer than a tenant works on a request that was cut off.
pub(super) const IN_FLIGHT: Duration = Duration::minutes(2);
/// No visit lasts longer.
const VISIT: Duration = Duration::minutes(10);

/// The result of a removal.
pub(crate) enum Removal {
    /// The entry is gone. `replaced` says whether the new one that replaces it is there, `was_last` whether it was the last
    /// protection.
    Removed { entry: Entry, replaced: bool, was_last: bool },
    /// Nothing was removed: it is the last protection, and the person has not said that they are sure.
    LastProtection(Entry),
}

/// The entry with this id, when the list just read has it and it can be removed. No other id is ever sent to the
/// tenant.
pub(crate) fn removable<'a>(account: &Account, overview: &'a Overview, id: &str) -> Result<&'a Entry, Error> {
    account.person.must(Permission::Remove)?;
    let entry = overview.find(id).ok_or(Error::NotFound)?;
    if entry.is_removable() { Ok(entry) } else { Err(Error::NotRemovable) }
}

/// Removes the entry with this id, and ends the replacement whose old one it is. The last protection goes only if the
/// person is `sure`.
pub(crate) async fn remove(account: &Account, id: &str, sure: bool) -> Result<Removal, Error> {
    // Before its turn too, so that refused requests keep nobody waiting.
    proof::must_suffice_for_list(account).await?;
    let remove_in_turn = async {
        let overview = account.overview().await?;
        let operation = ["removal", account.sub(), id];
        let subject = Subject { operation: &operation, ..Subject::default() };
        if overview.find(id).is_none() {
            // The page says that it is gone, so nothing else tells of an id that was never the person's.
            account.tell_about(Event::RefusedId.refused(audit::Reason::NotFound), &subject);
        }
        let entry = removable(account, &overview, id)?.clone();
        proof::must_suffice(account, overview.may_be_protected()).await?;
        let was_last = is_last(account, &overview, &entry).await?;
        if was_last && !sure {
            return Ok(Removal::LastProtection(entry));
        }
        let replaced = replacement::is_replaced(account, &overview, &entry).await?;
        let event = if replaced { Event::Replacement } else { Event::Removal };
        let subject = Subject { factor: Some(entry.factor()), authenticator: Some(entry.id()), ..subject };
        let notice = notice(account, &operation, &entry).await;
        let remove = Box::pin(remove_entry(account, &entry, &notice));
        limits::count_removal(account).await?;
        let ended = Whose::ended_by(account, overview.may_be_protected());
        live_sessions::note_end_of_others(account, ended).await?;
        if was_last {
            // Before, because the answer may be lost.
            account.portal.store.put(last_removed(account), &(), VISIT).await?;
        }
        let removed = account.change(event, &subject, &notice, remove).await;
        live_sessions::end_others_after(account, ended, removed).await?;
        remembered::note_removed(account, &entry).await;
        if replaced {
            replacement::forget(account).await?;
        }
        Ok(Removal::Removed { entry, replaced, was_last })
    };
    // The future holds a list and a call to the tenant, so it goes on the heap.
    lock::in_turn(account, Box::pin(remove_in_turn)).await
}

/// Removes the entries with these ids, and tells whether they are gone. They stay where no other protection remains.
pub(super) async fn remove_unless_last(account: &Account, ids: &[String]) -> Result<bool, Error> {
    proof::must_suffice_for_list(account).await?;
    let remove_in_turn = async {
        let overview = account.overview().await?;
        let mut entries: Vec<Entry> = Vec::new();
        for entry in ids.iter().filter_map(|id| overview.find(id)).filter(|entry| entry.is_removable()) {
            if !entries.contains(entry) {
                entries.push(entry.clone());
            }
        }
        proof::must_suffice(account, overview.may_be_protected()).await?;
        if are_last(account, &overview, &entries).await? {
            return Ok(false);
        }
        for (removed_before, entry) in entries.iter().enumerate() {
            let operation = ["removal", account.sub(), entry.id()];
            let (factor, authenticator) = (Some(entry.factor()), Some(entry.id()));
            let subject = Subject { operation: &operation, factor, authenticator };
            let notice = notice(account, &operation, entry).await;
            let remove = Box::pin(remove_entry(account, entry, &notice));
            limits::count_removal(account).await?;
            let ended = Whose::ended_by(account, overview.may_be_protected());
            live_sessions::note_end_of_others(account, ended).await?;
            let removed = account.change(Event::Removal, &subject, &notice, remove).await;
            let removed = live_sessions::end_others_after(account, ended, removed).await;
            removed.map_err(|error| error.after_others(removed_before))?;
            remembered::note_removed(account, entry).await;
        }
        Ok(true)
    };
    lock::in_turn(account, Box::pin(remove_in_turn)).await
}

/// Whether no other protection than this entry remains.
pub(crate) async fn is_last(account: &Account, overview: &Overview, entry: &Entry) -> Result<bool, Error> {
    are_last(account, overview, slice::from_ref(entry)).await
}

/// Whether no other protection than these remains, leaving out those that a request may be about to give up, or whose
/// removal the tenant may still carry out: it goes on with a request that was cut off, and a lock lapses meanwhile.
async fn are_last(account: &Account, overview: &Overview, entries: &[Entry]) -> Result<bool, Error> {
    if !entries.iter().any(Entry::protects) {
        return Ok(false);
    }
    let others = || overview.entries.iter().filter(|other| other.protects() && !entries.contains(other));
    let ids: Vec<_> = others().flat_map(|other| other.ids.clone()).collect();
    let mut gone = enrollment::given_up(account, &ids).await?;
    for id in ids {
        if account.portal.store.get::<()>(perhaps_removed(account, &id)).await?.is_some() {
            gone.push(id);
        }
    }
    Ok(others().all(|other| other.ids.iter().any(|id| gone.contains(id))))
}

/// Removes an unfinished authenticator of the person with this `sub`. Its mark stays while the tenant may still do so,
/// because a phone may approve it meanwhile.
pub(super) async fn remove_unfinished(
    portal: &Portal,
    sub: &str,
    token: &MfaToken,
    id: &AuthenticatorId,
) -> Result<(), Error> {
    let mark = perhaps_removed_of(portal, sub, id);
    // The tenant may still carry out an earlier removal, whose mark stays.
    let is_own = portal.store.insert(mark, &(), IN_FLIGHT).await?;
    if !is_own {
        portal.store.put(mark, &(), IN_FLIGHT).await?;
    }
    let removed = portal.tenant.remove(token, id).await;
    if is_own && !removed.as_ref().is_err_and(tenant::Error::maybe_done) {
        portal.store.remove(mark).await?;
    }
    Ok(removed?)
}

/// Whether the tenant may still remove one of these.
pub(super) async fn is_perhaps_removed(account: &Account, ids: &[AuthenticatorId]) -> Result<bool, Error> {
    for id in ids {
        if account.portal.store.get::<()>(perhaps_removed(account, id)).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn perhaps_removed(account: &Account, id: &AuthenticatorId) -> Key {
    perhaps_removed_of(&account.portal, account.sub(), id)
}

fn perhaps_removed_of(portal: &Portal, sub: &str, id: &AuthenticatorId) -> Key {
    portal.store.key_of_person(RecordKind::PerhapsRemoved, sub, &[id.as_str()])
}

/// Whether the person has removed their last protection in this visit, whose sign-in it may still have proved.
pub(crate) async fn has_removed_last(account: &Account) -> Result<bool, Error> {
    Ok(account.portal.store.get::<()>(last_removed(account)).await?.is_some())
}

fn last_removed(account: &Account) -> Key {
    account.key(RecordKind::LastRemoved, &[])
}

/// The notice of an entry's removal.
async fn notice<'a>(account: &'a Account, operation: &'a [&'a str], entry: &Entry) -> Notice<'a> {
    let address = remembered::address(account, entry).await;
    Notice::new(account, Kind::Removed, operation, entry.factor(), address).await
}

/// Removes the entry's authenticators, and keeps the notice of it. An authenticator that is gone already counts as
/// removed.
async fn remove_entry(account: &Account, entry: &Entry, notice: &Notice<'_>) -> Result<(), Error> {
    remove_at_tenant(account, entry).await?;
    notice.keep().await;
    Ok(())
}

async fn remove_at_tenant(account: &Account, entry: &Entry) -> Result<(), Error> {
    let store = &account.portal.store;
    // The tenant may still carry out an earlier removal, whose mark stays.
    let mut own = Vec::new();
    for id in &entry.ids {
        let mark = perhaps_removed(account, id);
        if store.insert(mark, &(), IN_FLIGHT).await? {
            own.push(mark);
        } else {
            store.put(mark, &(), IN_FLIGHT).await?;
        }
    }
    let (removals, removed) = remove_each(account, &entry.ids).await;
    let is_partly_done = removals > 0;
    let is_known = removed.as_ref().map_or_else(|error| !is_partly_done && !error.maybe_done(), |()| true);
    if is_known {
        for mark in own {
            // A mark that stays lapses, and the removal is no failure for that.
            if let Err(error) = store.remove(mark).await {
                tracing::warn!(%error, "end of a removal not stored");
            }
        }
    }
    let Err(error) = removed else { return Ok(()) };
    if !is_partly_done
        && matches!(&error.kind, Failure::Refused(refusal) if matches!(refusal.reason, Reason::Other | Reason::NotAvailable))
    {
        error.log();
        return Err(Error::NotRemovable);
    }
    if !is_partly_done && !error.maybe_done() {
        return Err(error.into());
    }
    // Without a reliable answer the list shows whether the authenticator is gone.
    let now = account.portal.tenant.authenticators(&account.person.token).await;
    let left = now.map(|now| now.iter().filter(|it| entry.has(it.id.as_str())).count());
    if let Ok(0) = left {
        error.log();
        return Ok(());
    }
    remembered::note_perhaps_removed(account, entry).await;
    match left {
        Ok(left) if left == entry.ids.len() => Err(error.known_undone().into()),
        // One of a pair is gone.
        Ok(_) => Err(Error::Tenant(error.in_the_middle())),
        Err(unread) => {
            unread.log();
            Err(Error::Tenant(error.in_the_middle()))
        }
    }
}

/// The number of removals that the tenant has carried out, and the failure that ended them. It removes a twin with its
/// sibling, so the second call may find nothing.
async fn remove_each(account: &Account, ids: &[AuthenticatorId]) -> (usize, Result<(), tenant::Error>) {
    for (removals, id) in ids.iter().enumerate() {
        if let Err(error) = account.portal.tenant.remove(&account.person.token, id).await {
            return (removals, Err(error));
        }
    }
    (ids.len(), Ok(()))
}
