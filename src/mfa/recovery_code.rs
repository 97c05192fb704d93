//! The recovery code: the tenant tells it once, with a person's very first association or when it makes a new one. It
//! waits sealed in the store until the person has saved it.

use std::time::Duration as StdDuration;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use super::act::Subject;
use super::live_sessions::Whose;
use super::notices::Notice;
use super::{Account, Overview, limits, live_sessions, lock, proof, remembered};
use crate::audit::Event;
use crate::deadline;
use crate::error::{Error, Limited};
use crate::factor::Factor;
use crate::hold;
use crate::outbox::Kind;
use crate::secret::Secret;
use crate::store::{self, Key, RecordKind, Store};

/// How long an unsaved code waits for its owner.
const WAITS_FOR: Duration = Duration::DAY;
/// How long one waits for the first confirmation. The tenant tells it no second time.
const WAITS_UNCONFIRMED: Duration = Duration::days(30);
/// Longer than a tenant works on a request that was cut off.
const IN_FLIGHT: Duration = Duration::MINUTE;
/// Pause between two attempts to store a code while the store is away, and how long to go on.
const RETRY_STORE: StdDuration = StdDuration::from_millis(500);
const RETRY_FOR: StdDuration = StdDuration::from_secs(60 * 60);
/// How long the time of the newest codes is remembered: longer than a process goes on with older ones.
const NEWEST_FOR: Duration = Duration::hours(2);

/// Codes that nobody has saved yet.
#[derive(Serialize, Deserialize)]
pub(crate) struct Unsaved {
    /// It tells these codes from later ones.
    #[serde(default)]
    pub(crate) id: String,
    pub(crate) codes: Vec<Secret>,
    /// The CSRF token of the session that they came with.
    session: Secret,
    /// Whether a factor that protects was confirmed. Until then nobody reads them: the password alone begins a first
    /// set-up, and a code that was read then would open the account after its owner has protected it.
    #[serde(default = "yes")]
    confirmed: bool,
    /// When the tenant told them.
    #[serde(default = "long_ago")]
    told_at: OffsetDateTime,
}

impl Unsaved {
    fn waits_for(&self) -> Duration {
        if self.confirmed { WAITS_FOR } else { WAITS_UNCONFIRMED }
    }

    fn is_of(&self, account: &Account) -> bool {
        self.confirmed && self.session.expose() == account.person.csrf_token.expose()
    }
}

/// For records of a release that kept none but these.
fn yes() -> bool {
    true
}

/// Likewise.
fn long_ago() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH
}

/// The codes that the person has not saved yet. They are shown to the session that confirmed what they came with, and
/// to others that have proved a factor where one protects, because a code opens the account. No token says which factor
/// was proved, so beside an e-mail address that somebody has added, which may be an intruder's, they are shown to no
/// other session.
async fn unsaved(account: &Account) -> Result<Option<Unsaved>, Error> {
    let found: Option<Unsaved> = account.portal.store.get(key(account)).await?;
    let Some(unsaved) = found else { return Ok(None) };
    if !unsaved.is_of(account) {
        let overview = account.overview().await?;
        if overview.protections() == 0 {
            return Ok(None);
        }
        proof::must_suffice(account, true).await?;
        if has_added_address(&overview) {
            return Ok(None);
        }
    }
    Ok(Some(unsaved))
}

/// Whether the list has an e-mail address besides the profile's.
fn has_added_address(overview: &Overview) -> bool {
    overview.entries.iter().any(|entry| entry.factor() == Factor::Email && entry.is_removable())
}

/// Gives a code that waits for the first confirmation to this session, whose own proof the tenant has just accepted.
/// One that was given before keeps its owner.
pub(super) async fn belongs_to(account: &Account) -> Result<(), Error> {
    let store = &account.portal.store;
    let found: Option<Unsaved> = store.get(key(account)).await?;
    let Some(unsaved) = found.filter(|unsaved| !unsaved.confirmed) else { return Ok(()) };
    let unsaved = Unsaved { session: account.person.csrf_token.clone(), confirmed: true, ..unsaved };
    store.replace(key(account), &unsaved, WAITS_FOR).await?;
    account.tell_about(Event::RecoveryCodeMade.succeeded(), &of_recovery_code());
    let operation = ["recovery-code", account.sub(), &unsaved.id];
    Notice::new(account, Kind::Renewed, &operation, Factor::RecoveryCode, None).await.keep().await;
    Ok(())
}

/// The same for a page that shows them.
pub(crate) async fn show(account: &Account) -> Result<Option<Unsaved>, Error> {
    let unsaved = unsaved(account).await?;
    if unsaved.is_some() {
        account.tell_about(Event::RecoveryCodeShown.succeeded(), &of_recovery_code());
    }
    Ok(unsaved)
}

fn of_recovery_code() -> Subject<'static> {
    Subject { factor: Some(Factor::RecoveryCode), ..Subject::default() }
}

/// Whether a code waits that this session may read.
pub(crate) async fn is_unsaved(account: &Account) -> Result<bool, Error> {
    let found: Option<Unsaved> = account.portal.store.get(key(account)).await?;
    // One that waits for a factor is for a person with one.
    let may_read = |unsaved: &Unsaved| {
        proof::suffices(account, true)
            && (unsaved.confirmed || account.person.has_proved_factor(&account.portal.clock))
    };
    Ok(found.is_some_and(|unsaved| unsaved.is_of(account) || may_read(&unsaved)))
}

/// Whether a code waits that this session may read, or may read after a step-up because the list has a factor.
pub(crate) async fn is_unsaved_by_list(account: &Account, overview: &Overview) -> Result<bool, Error> {
    let found: Option<Unsaved> = account.portal.store.get(key(account)).await?;
    let may_others = overview.protections() > 0 && !has_added_address(overview);
    Ok(found.is_some_and(|unsaved| may_others || unsaved.is_of(account)))
}

/// Whether a code waits for the person's first factor that protects, so it was shown to nobody yet.
pub(crate) async fn waits_for_factor(account: &Account) -> Result<bool, Error> {
    let found: Option<Unsaved> = account.portal.store.get(key(account)).await?;
    Ok(found.is_some_and(|unsaved| !unsaved.confirmed))
}

/// Forgets the codes with this id, because the person has saved them, and tells whether none waits now.
pub(crate) async fn saved(account: &Account, id: &str) -> Result<bool, Error> {
    // Before its turn too, so that refused requests keep nobody waiting.
    if unsaved(account).await?.is_none() {
        return Ok(true);
    }
    let forget = async {
        match unsaved(account).await? {
            Some(unsaved) if unsaved.id != id => return Ok(false),
            Some(unsaved) => {
                deadline::note_change();
                Newest::note_saved(account, unsaved.told_at).await?;
                account.portal.store.remove(key(account)).await?;
                account.tell_about(Event::RecoveryCodeSaved.succeeded(), &of_recovery_code());
            }
            None => {}
        }
        Ok(true)
    };
    lock::with_lock(&account.portal, turn(account), Box::pin(forget)).await
}

/// Whether the tenant may be asked for a new code. Without a factor the password alone would be enough to learn it, and
/// it would open the account after its owner has set one up.
pub(crate) async fn may_regenerate(account: &Account) -> Result<bool, Error> {
    Ok(account.portal.tenant.can_regenerate() && proof::is_protected_by_list(account).await?)
}

/// Makes a new code, unless one waits to be saved; whether it did. Of concurrent requests one asks the tenant, because each new code
/// ends the one before it.
pub(crate) async fn regenerate(account: &Account) -> Result<bool, Error> {
    if unsaved(account).await?.is_some() || !account.portal.tenant.can_regenerate() {
        return Ok(false);
    }
    // Before its turn too, so that refused requests keep nobody waiting.
    proof::must_suffice_for_list(account).await?;
    let make_new = async {
        if !is_to_be_made(account).await? {
            return Ok(false);
        }
        refuse_if_in_flight(account).await?;
        limits::count_regeneration(account).await?;
        let id = account.portal.random.id();
        // Each request may have made a code, so each is told.
        let operation = ["recovery-code", account.sub(), &id];
        let notice = Notice::new(account, Kind::Renewed, &operation, Factor::RecoveryCode, None).await;
        let make = async {
            let code = make_one(account).await?;
            let kept = keep(account, vec![code], true).await;
            forget_in_flight(account).await;
            kept?;
            notice.keep().await;
            remembered::note_renewed(account).await;
            Ok(true)
        };
        let subject =
            Subject { operation: &operation, factor: Some(Factor::RecoveryCode), authenticator: None };
        live_sessions::note_end_of_others(account, Whose::All).await?;
        let done = account.change(Event::RecoveryCodeMade, &subject, &notice, Box::pin(make)).await;
        live_sessions::end_others_after(account, Whose::All, done).await
    };
    let make_in_turn = Box::pin(lock::in_turn(account, Box::pin(make_new)));
    lock::with_lock(&account.portal, turn(account), make_in_turn).await
}

/// A code that the tenant makes late would end the one that a second request shows.
async fn refuse_if_in_flight(account: &Account) -> Result<(), Error> {
    match account.portal.store.get(in_flight(account)).await? {
        Some(until) => Err(Error::TooMany(Limited::UnderWay, until)),
        None => Ok(()),
    }
}

/// Asks the tenant. What it was asked is stored before, so that a request that is cut off or killed counts too.
async fn make_one(account: &Account) -> Result<Secret, Error> {
    let store = &account.portal.store;
    store.put(in_flight(account), &(account.portal.clock.now() + IN_FLIGHT), IN_FLIGHT).await?;
    let code = account.portal.tenant.regenerate_recovery_code(account.sub()).await;
    if code.as_ref().is_err_and(|error| !error.maybe_done()) {
        forget_in_flight(account).await;
    }
    Ok(code?)
}

/// The tenant has answered. The code must not be lost for a failure of this.
async fn forget_in_flight(account: &Account) {
    let forgotten = hold::regardless(account.portal.store.remove(in_flight(account)));
    if let Err(error) = forgotten.await {
        tracing::warn!(%error, "end of a new recovery code not stored");
    }
}

/// Whether no code waits and the tenant may be asked. Refuses unless the person's proof is good enough.
async fn is_to_be_made(account: &Account) -> Result<bool, Error> {
    if unsaved(account).await?.is_some() || !may_regenerate(account).await? {
        return Ok(false);
    }
    proof::must_suffice(account, true).await?;
    Ok(true)
}

/// Keeps codes that came with an association, until it is confirmed.
pub(super) async fn keep_unconfirmed(account: &Account, codes: Vec<Secret>) -> Result<(), Error> {
    if codes.is_empty() { Ok(()) } else { keep(account, codes, false).await }
}

/// Keeps codes that the tenant has just told.
async fn keep(account: &Account, codes: Vec<Secret>, confirmed: bool) -> Result<(), Error> {
    let (id, session) = (account.portal.random.id(), account.person.csrf_token.clone());
    let unsaved = Unsaved { id, codes, session, confirmed, told_at: account.portal.clock.now() };
    let told = Told { unsaved, key: key(account), newest: newest(account) };
    let store = &account.portal.store;
    // The tenant tells the codes once.
    let kept = hold::regardless(told.keep(store)).await;
    if kept.is_err() {
        tokio::spawn(told.keep_later(store.clone()));
    }
    Ok(kept?)
}

/// Codes that the tenant has told, and where they are kept.
struct Told {
    unsaved: Unsaved,
    key: Key,
    newest: Key,
}

impl Told {
    async fn keep(&self, store: &Store) -> Result<(), store::Error> {
        // First, so that no older ones take the place of those that are kept.
        store.put(self.newest, &Newest { at: self.unsaved.told_at, saved: false }, NEWEST_FOR).await?;
        store.put(self.key, &self.unsaved, self.unsaved.waits_for()).await
    }

    /// Holds the codes in memory until the store is back, because the tenant tells them only once.
    async fn keep_later(self, store: Store) {
        let began = Instant::now();
        while began.elapsed() < RETRY_FOR {
            tokio::time::sleep(RETRY_STORE).await;
            if self.keep_unless_ended(&store).await.is_ok() {
                return;
            }
        }
        tracing::error!("recovery code lost: the session store stayed away");
    }

    /// Later ones have ended them, and the store may have kept them although its answer was lost.
    async fn keep_unless_ended(&self, store: &Store) -> Result<(), store::Error> {
        let (newest, at): (Option<Newest>, _) = (store.get(self.newest).await?, self.unsaved.told_at);
        let is_ended = newest.is_some_and(|it| it.at > at || it.at == at && it.saved);
        let kept: Option<Unsaved> = store.get(self.key).await?;
        let is_kept = kept.is_some_and(|kept| kept.id == self.unsaved.id);
        if is_ended || is_kept { Ok(()) } else { self.keep(store).await }
    }
}

/// When the tenant told the newest codes, and whether they were saved. It outlives them, so that a process that could not
/// keep older ones brings none back.
#[derive(Serialize, Deserialize)]
struct Newest {
    at: OffsetDateTime,
    saved: bool,
}

impl Newest {
    async fn note_saved(account: &Account, told_at: OffsetDateTime) -> Result<(), Error> {
        let (store, key) = (&account.portal.store, newest(account));
        let newest: Option<Self> = store.get(key).await?;
        // Newer ones may be on their way.
        if newest.is_none_or(|newest| newest.at <= told_at) {
            store.put(key, &Self { at: told_at, saved: true }, NEWEST_FOR).await?;
        }
        Ok(())
    }
}

/// The lock under which codes are made and forgotten.
fn turn(account: &Account) -> Key {
    account.key(RecordKind::Lock, &["recovery-code"])
}

fn in_flight(account: &Account) -> Key {
    account.key(RecordKind::PerhapsRenewed, &[])
}

fn key(account: &Account) -> Key {
    account.key(RecordKind::RecoveryCode, &[])
}

fn newest(account: &Account) -> Key {
    account.key(RecordKind::RecoveryCode, &["newest"])
}
