//! A lost or a new phone. What was on the old one is marked, a new one is set up, and the old ones go: first where
//! another factor still protects the person, and otherwise as soon as a new one works, so that the password alone is
//! never enough meanwhile.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::live_sessions::Whose;
use super::{Account, Entry, Overview, Permission, limits, live_sessions, lock, proof, removal};
use crate::audit::{Event, Reason};
use crate::deadline;
use crate::error::Error;
use crate::factor::{AsksFor, Factor};
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};
use crate::tenant::AuthenticatorId;

/// Long enough to buy a new phone and come back.
const REMEMBERED_FOR: Duration = Duration::DAY;

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Case {
    /// The phone is lost or stolen.
    Lost,
    /// There is a new phone, and the old one is at hand.
    New,
    /// Apps that nobody can tell apart all give way to one that is set up anew.
    Alike,
}

impl Case {
    /// The ending of its messages.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::New => "new",
            Self::Alike => "alike",
        }
    }
}

/// A change that is under way.
#[derive(Serialize, Deserialize)]
pub(crate) struct PhoneChange {
    /// It tells this change from a later one.
    pub(crate) id: String,
    pub(crate) case: Case,
    /// An id of each entry on the old phone.
    old: Vec<String>,
    /// The authenticators at the beginning: a protection that is not among them is new.
    before: Vec<AuthenticatorId>,
    /// The CSRF token of the session that began it, in which the old ones go by themselves.
    session: Secret,
    /// Whether the new one comes first, because nothing else protected the person at the beginning.
    pub(crate) new_first: bool,
    /// Whether a new recovery code was made since.
    pub(crate) renewed: bool,
}

impl PhoneChange {
    /// Whether this session has begun it.
    pub(crate) fn is_of(&self, account: &Account) -> bool {
        self.session.expose() == account.person.csrf_token.expose()
    }

    /// The old ones that are still on the list.
    pub(crate) fn left(&self, overview: &Overview) -> Vec<Entry> {
        let mut left: Vec<Entry> = Vec::new();
        for entry in self.old.iter().filter_map(|id| overview.find(id)) {
            if !left.contains(entry) {
                left.push(entry.clone());
            }
        }
        left
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_done(&self, overview: &Overview) -> bool {
        self.left(overview).is_empty() && (self.case == Case::New || self.has_new(overview))
    }

    /// Whether a new protection is there.
    pub(crate) fn has_new(&self, overview: &Overview) -> bool {
        let is_new = |entry: &Entry| entry.protects() && !entry.ids.iter().any(|id| self.before.contains(id));
        overview.entries.iter().any(is_new)
    }
}

/// The entries that can have been on a phone.
pub(crate) fn movable(overview: &Overview) -> impl Iterator<Item = &Entry> {
    overview.entries.iter().filter(|entry| entry.is_removable() && entry.factor() != Factor::Email)
}

/// The apps that look alike, if there are several.
pub(crate) fn alike(overview: &Overview) -> impl Iterator<Item = &Entry> {
    movable(overview).filter(|entry| entry.number.is_some() && entry.factor().asks_for() == AsksFor::Nothing)
}

/// Begins a change of the entries with these ids. After a loss it ends the person's other sessions.
pub(crate) async fn begin(account: &Account, case: Case, ids: Vec<String>) -> Result<(), Error> {
    account.person.must(Permission::Add)?;
    account.person.must(Permission::Remove)?;
    proof::must_suffice_for_list(account).await?;
    let begin_in_turn = async {
        let overview = account.overview().await?;
        if ids.is_empty() {
            return Err(Error::NotFound);
        }
        for id in &ids {
            let entry = removal::removable(account, &overview, id)?;
            if !movable(&overview).any(|it| it == entry) {
                return Err(Error::NotRemovable);
            }
        }
        proof::must_suffice(account, overview.may_be_protected()).await?;
        let is_marked = |entry: &Entry| ids.iter().any(|id| entry.has(id));
        let others = overview.entries.iter().filter(|entry| entry.protects() && !is_marked(entry));
        let new_first = case == Case::Alike || others.count() == 0;
        let before = overview.entries.iter().flat_map(|entry| entry.ids.clone()).collect();
        let session = account.person.csrf_token.clone();
        let id = account.portal.random.id();
        let change = PhoneChange { id, case, old: ids, before, session, new_first, renewed: false };
        limits::count_removal(account).await?;
        let ended = Whose::ended_by(account, overview.may_be_protected());
        if case == Case::Lost {
            live_sessions::note_end_of_others(account, ended).await?;
        }
        if find(account).await?.is_some() {
            account.tell(Event::PhoneChangeEnded.succeeded().because(Reason::Superseded));
        }
        deadline::note_change();
        account.portal.store.put(key(account), &change, REMEMBERED_FOR).await?;
        account.tell(Event::PhoneChangeBegun.succeeded());
        if case == Case::Lost {
            live_sessions::end_others(account, ended).await?;
        }
        Ok(())
    };
    lock::in_turn(account, Box::pin(begin_in_turn)).await
}

/// The change that is under way.
pub(crate) async fn find(account: &Account) -> Result<Option<PhoneChange>, Error> {
    Ok(account.portal.store.get(key(account)).await?)
}

/// The change that is under way, if this session has begun it.
pub(crate) async fn own(account: &Account) -> Result<Option<PhoneChange>, Error> {
    Ok(find(account).await?.filter(|change| change.is_of(account)))
}

/// Removes the old ones of the change with this id where a protection remains that is none of them, and tells whether
/// they are gone. A later change may name others than the person has seen.
pub(crate) async fn remove_old(account: &Account, id: &str) -> Result<bool, Error> {
    match find(account).await? {
        Some(change) if change.id == id && change.case != Case::New => {
            removal::remove_unless_last(account, &change.old).await
        }
        _ => Ok(false),
    }
}

/// Removes the old ones because a new one has been confirmed, in the session in which the person asked for it. In others
/// they stay until the person removes them. A failure is logged, because what was added stays added.
pub(crate) async fn complete(account: &Account) {
    let remove = async {
        let Some(change) = own(account).await? else { return Ok(()) };
        if change.has_new(&account.overview().await?) {
            remove_old(account, &change.id).await?;
        }
        Ok::<_, Error>(())
    };
    if let Err(error) = remove.await {
        tracing::warn!(%error, "old authenticators of a changed phone not removed yet");
    }
}

/// Notes that a new recovery code was made, in turn with the beginning of another change. A failure is logged, because
/// the code has been made.
pub(crate) async fn note_renewed(account: &Account) {
    let note_in_turn = async {
        if let Some(change) = find(account).await? {
            let change = PhoneChange { renewed: true, ..change };
            account.portal.store.replace(key(account), &change, REMEMBERED_FOR).await?;
        }
        Ok(())
    };
    if let Err(error) = lock::in_brief_turn(account, Box::pin(note_in_turn)).await {
        tracing::warn!(%error, "new recovery code not noted in the steps of a changed phone");
    }
}

/// Ends the change with this id, finished or not. What it still has to remove stays then, so it needs the proof of a
/// change.
pub(crate) async fn end(account: &Account, id: &str) -> Result<(), Error> {
    proof::must_suffice_for_list(account).await?;
    let end_in_turn = async {
        if find(account).await?.is_some_and(|change| change.id == id) {
            deadline::note_change();
            account.portal.store.remove(key(account)).await?;
            account.tell(Event::PhoneChangeEnded.succeeded());
        }
        Ok(())
    };
    lock::in_turn(account, Box::pin(end_in_turn)).await
}

/// Ends the change of the person with this `sub`, and tells whether there was one.
pub(super) async fn end_of(portal: &Portal, sub: &str) -> Result<bool, Error> {
    let key = portal.store.key_of_person(RecordKind::PhoneChange, sub, &[]);
    Ok(portal.store.take::<PhoneChange>(key).await?.is_some())
}

fn key(account: &Account) -> Key {
    account.key(RecordKind::PhoneChange, &[])
}
