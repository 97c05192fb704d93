//! The portal's memory of a person, because the MFA API has none of it: names and dates of authenticators, which
//! ones came together, and the last changes made here. It is one sealed record, whose loss loses nothing else.

mod languages;

use std::mem;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use self::languages::Languages;
pub(super) use self::languages::Seen;
use super::act::Subject;
use super::notices::Notice;
use super::{Account, Entry, lock, proof, removal};
use crate::audit::Event;
use crate::deadline;
use crate::error::Error;
use crate::factor::Factor;
use crate::outbox::Kind;
use crate::portal::Portal;
use crate::store::{Key, RecordKind};
use crate::tenant::{Authenticator, AuthenticatorId};

/// The most changes that are remembered.
const CHANGES: usize = 20;
/// The most authenticators that are remembered: as many as the tenant keeps of one person.
const THINGS: usize = 51;
/// How old a record may become before a visit renews it.
const RENEW_AFTER: Duration = Duration::DAY;

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// Authenticators that were added or named here.
    things: Vec<Thing>,
    /// The last changes, the newest first.
    pub(crate) changes: Vec<Change>,
    /// Removals of which the tenant has not said whether it carried them out.
    #[serde(default)]
    perhaps_removed: Vec<Removed>,
    #[serde(default)]
    languages: Languages,
    /// The profile's verified address at the last visit that brought one, for notices.
    #[serde(default)]
    address: Option<String>,
    renewed_at: Option<OffsetDateTime>,
}

/// An authenticator, or several that came with one enrollment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Thing {
    pub(crate) ids: Vec<AuthenticatorId>,
    /// Whether one enrollment is known to have brought them. The pair that somebody names may be a guess.
    #[serde(default)]
    together: bool,
    /// The person's own name for it.
    pub(crate) name: Option<String>,
    pub(crate) added_at: Option<OffsetDateTime>,
    /// The address of an e-mail factor, which is told when it goes.
    #[serde(default)]
    pub(super) address: Option<String>,
}

/// A removal, with the ids that are gone by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Removed {
    ids: Vec<AuthenticatorId>,
    change: Change,
}

/// A change that was made here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    #[serde(flatten)]
    what: Changed,
    pub(crate) at: OffsetDateTime,
    /// The family of the browser.
    pub(crate) browser: Option<String>,
    /// One change has one, however often its request is repeated.
    id: String,
}

/// The changed entry, as the list showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Changed {
    factors: Vec<Factor>,
    mask: Option<String>,
    name: Option<String>,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChangeKind {
    /// An authenticator was added.
    Added,
    /// An authenticator was removed.
    Removed,
    /// A new recovery code was made.
    Renewed,
    /// Everything before was forgotten.
    Forgotten,
}

impl ChangeKind {
    /// The ending of its message.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renewed => "renewed",
            Self::Forgotten => "forgotten",
        }
    }
}

impl Change {
    /// The changed entry, without ids, unless it was all of them.
    pub(crate) fn entry(&self) -> Option<Entry> {
        if self.kind == ChangeKind::Forgotten {
            return None;
        }
        let Changed { factors, mask, name } = self.what.clone();
        let ids = vec![AuthenticatorId::default(); factors.len()];
        Some(Entry {
            factors,
            ids,
            name: mask,
            is_profile: false,
            number: None,
            called: name,
            added_at: None,
        })
    }
}

impl Remembered {
    /// The authenticator with one of these ids.
    pub(crate) fn thing(&self, ids: &[AuthenticatorId]) -> Option<&Thing> {
        self.things.iter().find(|thing| thing.has_any(ids))
    }

    /// Whether one enrollment is known to have brought both.
    pub(crate) fn came_together(&self, one: &AuthenticatorId, other: &AuthenticatorId) -> bool {
        self.things.iter().any(|thing| thing.together && thing.ids.contains(one) && thing.ids.contains(other))
    }

    /// Whether this code generator is known not to be the one that came with this push app: it was set up here by
    /// itself, or another one came with the push app.
    pub(crate) fn came_apart(&self, push: &AuthenticatorId, totp: &AuthenticatorId) -> bool {
        let mut enrolled = self.things.iter().filter(|thing| thing.together);
        enrolled.any(|thing| match (thing.ids.contains(push), thing.ids.contains(totp)) {
            (false, true) => true,
            (true, false) => thing.ids.len() > 1,
            _ => false,
        })
    }

    /// Whether there is something to forget.
    pub(crate) fn is_forgettable(&self) -> bool {
        self.things.iter().any(Thing::is_forgettable)
            || self.changes.iter().any(|change| change.kind != ChangeKind::Forgotten)
    }

    /// Leaves the tenant's masks in place of e-mail addresses, because the password alone does not tell them.
    pub(super) fn hide_addresses(&mut self) {
        for thing in &mut self.things {
            thing.address = None;
        }
        for change in self.changes.iter_mut().filter(|it| it.what.factors == [Factor::Email]) {
            change.what.mask = None;
        }
    }

    /// The address after this visit. The browser may have kept it from a visit, so that one says nothing. Without mails
    /// nothing is noted, because nothing needs it.
    fn address_after_visit(&self, account: &Account) -> Option<String> {
        let own = account.person.verified_email().filter(|_| account.portal.config.mail.is_some());
        own.map(ToOwned::to_owned).or_else(|| self.address.clone())
    }

    /// The needs of later notices: the addresses of what is still there, removals in doubt and the language.
    fn for_notices(self, change: Change) -> Self {
        let things = self.things.into_iter().filter_map(Thing::for_notices).collect();
        Self { things, changes: vec![change], ..self }
    }

    /// Takes removals into the history that the list shows to be done, and drops those that it shows not to be.
    fn settle(&mut self, listed: &[Authenticator], now: OffsetDateTime) -> Vec<Removed> {
        let perhaps = mem::take(&mut self.perhaps_removed);
        let (gone, left): (Vec<_>, Vec<_>) = perhaps.into_iter().partition(|removed| removed.is_gone(listed));
        self.perhaps_removed =
            left.into_iter().filter(|it| now - it.change.at < removal::IN_FLIGHT).collect();
        for removed in gone.clone() {
            self.remove(removed);
        }
        gone
    }

    fn remove(&mut self, Removed { ids, change }: Removed) {
        self.perhaps_removed.retain(|other| !other.ids.iter().any(|id| ids.contains(id)));
        self.forget_things(&ids);
        self.add_change(change);
    }

    fn add_change(&mut self, change: Change) {
        self.changes.insert(0, change);
        self.changes.truncate(CHANGES);
    }

    fn forget_things(&mut self, ids: &[AuthenticatorId]) {
        self.things.retain(|thing| !thing.has_any(ids));
    }

    fn add_thing(&mut self, thing: Thing) {
        self.things.insert(0, thing);
        self.things.truncate(THINGS);
    }
}

impl Removed {
    fn is_gone(&self, listed: &[Authenticator]) -> bool {
        !listed.iter().any(|it| self.ids.contains(&it.id))
    }
}

impl Thing {
    fn has_any(&self, ids: &[AuthenticatorId]) -> bool {
        self.ids.iter().any(|id| ids.contains(id))
    }

    fn is_forgettable(&self) -> bool {
        self.name.is_some() || self.added_at.is_some()
    }

    fn for_notices(self) -> Option<Self> {
        let address = Some(self.address?);
        Some(Self { ids: self.ids, address, ..Self::default() })
    }
}

/// The record of the person. A visit renews it once a day, and at once where an older key sealed it.
pub(crate) async fn read(account: &Account) -> Result<Remembered, Error> {
    if kept_for(&account.portal).is_none() {
        return Ok(Remembered::default());
    }
    let found = account.portal.store.find::<Remembered>(key(account)).await?;
    let is_old =
        |it: &Remembered| it.renewed_at.is_none_or(|at| account.portal.clock.now() - at >= RENEW_AFTER);
    let is_due = found.as_ref().is_some_and(|(it, by_newest_key)| is_old(it) || !by_newest_key);
    let found = found.map(|(it, _)| it).unwrap_or_default();
    let is_new = found.languages.after_visit(account) != found.languages
        || found.address_after_visit(account) != found.address;
    if is_due || is_new {
        update(account, |_| {}).await;
    }
    Ok(found)
}

/// The way to write to a person, by their earlier visits.
#[derive(Default)]
pub(super) struct Correspondence {
    pub(super) language: Option<Seen>,
    /// The profile's verified address.
    pub(super) address: Option<String>,
}

/// The way to write to the person, as far as it is known.
pub(super) async fn correspondence(account: &Account) -> Correspondence {
    if !is_on(&account.portal) {
        return Correspondence::default();
    }
    let found: Remembered = account.portal.store.get(key(account)).await.ok().flatten().unwrap_or_default();
    Correspondence {
        language: found.languages.settled(account.portal.clock.now()).cloned(),
        address: found.address,
    }
}

/// The gain of an enrollment.
pub(super) struct Added<'a> {
    pub(super) factors: Vec<Factor>,
    /// As far as they are known.
    pub(super) ids: &'a [AuthenticatorId],
    /// The end of its number, or its address.
    pub(super) mask: Option<String>,
    /// The person's own name for it.
    pub(super) called: Option<String>,
}

/// Notes what the enrollment with this id brought, once.
pub(super) async fn note_added(account: &Account, id: &str, added: Added<'_>) {
    let Added { factors, ids, mask, called } = added;
    let factor = factors.first().copied().unwrap_or(Factor::Other);
    let address = mask.clone().filter(|_| factor == Factor::Email);
    let change = change(account, ChangeKind::Added, id, Changed { factors, mask, name: called.clone() });
    update(account, |remembered| {
        if remembered.changes.iter().any(|it| it.id == id) {
            return;
        }
        if !ids.is_empty() && remembered.thing(ids).is_none() {
            let at = Some(change.at);
            let thing = Thing { ids: ids.to_vec(), together: true, name: called, added_at: at, address };
            remembered.add_thing(thing);
        }
        remembered.add_change(change);
    })
    .await;
}

/// Notes that an entry was removed.
pub(super) async fn note_removed(account: &Account, entry: &Entry) {
    let removed = removed(account, entry);
    update(account, |remembered| remembered.remove(removed)).await;
}

/// Notes that the tenant was asked to remove an entry and has not said whether it did. The next list tells.
pub(super) async fn note_perhaps_removed(account: &Account, entry: &Entry) {
    let removed = removed(account, entry);
    update(account, |remembered| {
        remembered.perhaps_removed.retain(|other| other.ids != removed.ids);
        remembered.perhaps_removed.insert(0, removed);
        remembered.perhaps_removed.truncate(CHANGES);
    })
    .await;
}

/// Settles by the list what became of removals without an answer.
pub(super) async fn settle(account: &Account, remembered: &mut Remembered, listed: &[Authenticator]) {
    if remembered.perhaps_removed.is_empty() {
        return;
    }
    let now = account.portal.clock.now();
    let before = remembered.clone();
    for removed in remembered.settle(listed, now) {
        let address = before.thing(&removed.ids).and_then(|thing| thing.address.clone());
        let operation = ["removal", account.sub(), removed.ids.first().map_or("", AuthenticatorId::as_str)];
        let Changed { factors, .. } = removed.change.what;
        let factor = factors.first().copied().unwrap_or(Factor::Other);
        let notice = Notice::new(account, Kind::Removed, &operation, factor, address).await;
        notice.made_before(removed.change.at, removed.change.browser).keep_intended().await;
    }
    if remembered.perhaps_removed.len() < before.perhaps_removed.len() {
        update(account, |remembered| drop(remembered.settle(listed, now))).await;
    }
}

fn removed(account: &Account, entry: &Entry) -> Removed {
    let id = account.portal.random.id();
    let what =
        Changed { factors: entry.factors.clone(), mask: entry.name.clone(), name: entry.called.clone() };
    Removed { ids: entry.ids.clone(), change: change(account, ChangeKind::Removed, &id, what) }
}

/// Notes that a new recovery code was made.
pub(super) async fn note_renewed(account: &Account) {
    let id = account.portal.random.id();
    let what = Changed { factors: vec![Factor::RecoveryCode], mask: None, name: None };
    let change = change(account, ChangeKind::Renewed, &id, what);
    update(account, |remembered| remembered.add_change(change)).await;
}

/// Names the entry, or takes its name away. A name decides which one is removed, so it needs the proof of a change.
pub(crate) async fn name(account: &Account, entry: &Entry, name: Option<String>) -> Result<(), Error> {
    proof::must_suffice_for_list(account).await?;
    let rename = |remembered: &mut Remembered| match remembered
        .things
        .iter_mut()
        .find(|thing| thing.has_any(&entry.ids))
    {
        Some(thing) => thing.name = name,
        None => remembered.add_thing(Thing { ids: entry.ids.clone(), name, ..Thing::default() }),
    };
    deadline::note_change();
    try_update(account, rename).await?;
    let (factor, authenticator) = (Some(entry.factor()), Some(entry.id()));
    account.tell_about(Event::Named.succeeded(), &Subject { factor, authenticator, ..Subject::default() });
    Ok(())
}

/// The address of an e-mail factor that was added here.
pub(super) async fn address(account: &Account, entry: &Entry) -> Option<String> {
    if entry.factor() != Factor::Email || !is_on(&account.portal) {
        return None;
    }
    let remembered: Remembered = account.portal.store.get(key(account)).await.ok()??;
    remembered.thing(&entry.ids)?.address.clone()
}

/// Forgets names, dates and changes, and remembers that, so that nobody hides a removal unnoticed. What notices need
/// stays, so that nobody keeps them from being sent or understood.
pub(crate) async fn forget(account: &Account) -> Result<(), Error> {
    proof::must_suffice_for_list(account).await?;
    let id = account.portal.random.id();
    let what = Changed { factors: Vec::new(), mask: None, name: None };
    let change = change(account, ChangeKind::Forgotten, &id, what);
    let forget = |remembered: &mut Remembered| *remembered = mem::take(remembered).for_notices(change);
    deadline::note_change();
    try_update(account, forget).await?;
    account.tell(Event::Forgotten.succeeded());
    Ok(())
}

/// Forgets everything that is remembered of the person with this `sub`, as an operator.
pub async fn forget_person(portal: &Portal, sub: &str) -> anyhow::Result<()> {
    Ok(portal.store.remove(portal.store.key_of_person(RecordKind::Remembered, sub, &[])).await?)
}

/// Whether anything is remembered at all (REMEMBER_DAYS).
pub(crate) fn is_on(portal: &Portal) -> bool {
    kept_for(portal).is_some()
}

/// Changes the record. What fails is logged and lost, because the change that it describes has been made.
async fn update(account: &Account, change: impl FnOnce(&mut Remembered) + Send) {
    if let Err(error) = try_update(account, change).await {
        tracing::warn!(%error, "change not remembered");
    }
}

/// Reads the record, changes it and writes it, in turn with the person's other requests.
async fn try_update(account: &Account, change: impl FnOnce(&mut Remembered) + Send) -> Result<(), Error> {
    let portal = &account.portal;
    let Some(kept_for) = kept_for(portal) else { return Ok(()) };
    let updated = async {
        let mut remembered: Remembered = portal.store.get(key(account)).await?.unwrap_or_default();
        change(&mut remembered);
        remembered.languages = remembered.languages.after_visit(account);
        remembered.address = remembered.address_after_visit(account);
        remembered.renewed_at = Some(portal.clock.now());
        portal.store.put(key(account), &remembered, kept_for).await?;
        Ok(())
    };
    let turn = account.key(RecordKind::Lock, &["remembered"]);
    lock::with_brief_lock(portal, turn, Box::pin(updated)).await
}

fn change(account: &Account, kind: ChangeKind, id: &str, what: Changed) -> Change {
    let at = account.portal.clock.now();
    let browser = account.browser.map(ToOwned::to_owned);
    Change { kind, what, at, browser, id: id.to_owned() }
}

fn kept_for(portal: &Portal) -> Option<Duration> {
    let days = portal.config.remember_days;
    (days > 0).then(|| Duration::days(days.into()))
}

fn key(account: &Account) -> Key {
    account.key(RecordKind::Remembered, &[])
}
