//! The recovery code: the tenant tells it once, with a person's very first association or when it makes a new one. It
//! waits sealed in the store until the person has saved it.

use std::time::Duration as StdDuration;

use serde::{Deserialize, Serialize};
use time::Duration;
use tokio::time::Instant;

use super::{Account, limits, live_sessions, lock, proof};
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{Key, RecordKind, Store};

/// How long an unsaved code waits for its owner.
const WAITS_FOR: Duration = Duration::DAY;
/// Pause between two attempts to store a code while the store is away, and how long to go on.
const RETRY_STORE: StdDuration = StdDuration::from_millis(500);
const RETRY_FOR: StdDuration = StdDuration::from_secs(60 * 60);

/// Codes that nobody has saved yet.
#[derive(Serialize, Deserialize)]
struct Unsaved {
    codes: Vec<Secret>,
    /// The CSRF token of the session that they came with.
    session: Secret,
}

/// The codes that the person has not saved yet. Another session than theirs needs the proof that a change needs,
/// because a code opens the account.
pub(crate) async fn unsaved(account: &Account) -> Result<Option<Vec<Secret>>, Error> {
    let Some(Unsaved { codes, session }) = account.portal.store.get(key(account)).await? else {
        return Ok(None);
    };
    if session.expose() != account.person.csrf_token.expose() {
        proof::must_suffice_for_list(account).await?;
    }
    Ok(Some(codes))
}

/// Gives a code that waits to this session, because it has confirmed what the code came with.
pub(super) async fn belongs_to(account: &Account) -> Result<(), Error> {
    let store = &account.portal.store;
    let Some(unsaved) = store.get::<Unsaved>(key(account)).await? else { return Ok(()) };
    let unsaved = Unsaved { session: account.person.csrf_token.clone(), ..unsaved };
    store.replace(key(account), &unsaved, WAITS_FOR).await?;
    Ok(())
}

/// Whether a code waits to be saved.
pub(crate) async fn is_unsaved(account: &Account) -> Result<bool, Error> {
    Ok(account.portal.store.get::<Unsaved>(key(account)).await?.is_some())
}

/// Forgets the codes, because the person has saved them.
pub(crate) async fn saved(account: &Account) -> Result<(), Error> {
    if unsaved(account).await?.is_some() {
        account.portal.store.remove(key(account)).await?;
    }
    Ok(())
}

/// Makes a new code, unless one waits to be saved. Of concurrent requests one asks the tenant, because each new code
/// ends the one before it.
pub(crate) async fn regenerate(account: &Account) -> Result<(), Error> {
    let make_new = async {
        if is_unsaved(account).await? {
            return Ok(());
        }
        proof::must_suffice_for_list(account).await?;
        limits::count_regeneration(account).await?;
        let code = account.portal.tenant.regenerate_recovery_code(account.sub()).await;
        if let Ok(code) = &code {
            keep(account, vec![code.clone()]).await?;
        }
        live_sessions::end_others_after(account, code.map(drop).map_err(Error::from)).await
    };
    lock::with_lock(
        &account.portal.store,
        account.key(RecordKind::Lock, &["recovery-code"]),
        Box::pin(make_new),
    )
    .await
}

/// Keeps codes that the tenant has just told.
pub(super) async fn keep(account: &Account, codes: Vec<Secret>) -> Result<(), Error> {
    if codes.is_empty() {
        return Ok(());
    }
    let (store, key) = (&account.portal.store, key(account));
    let unsaved = Unsaved { codes, session: account.person.csrf_token.clone() };
    let kept = store.put(key, &unsaved, WAITS_FOR).await;
    if kept.is_err() {
        tokio::spawn(keep_later(store.clone(), key, unsaved));
    }
    Ok(kept?)
}

/// Holds the codes in memory until the store is back, because the tenant tells them only once.
async fn keep_later(store: Store, key: Key, unsaved: Unsaved) {
    let began = Instant::now();
    while began.elapsed() < RETRY_FOR {
        tokio::time::sleep(RETRY_STORE).await;
        if store.put(key, &unsaved, WAITS_FOR).await.is_ok() {
            return;
        }
    }
    tracing::error!("recovery code lost: the session store stayed away");
}

fn key(account: &Account) -> Key {
    account.key(RecordKind::RecoveryCode, &[])
}
