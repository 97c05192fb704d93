//! The turns of one person: all their changes are made one after the other, on all replicas.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use super::{ENOUGH, with_brief_lock, with_lock};
use crate::deadline;
use crate::error::Error;
use crate::mfa::Account;
use crate::store::{Key, RecordKind};

/// Longer than a pause between two attempts to take a lock, so that a session's next request lets another session's go
/// first.
const YIELDS_FOR: StdDuration = StdDuration::from_millis(60);

tokio::task_local! {
    /// The turns that this task holds.
    static HELD_TURNS: Vec<Key>;
}

/// Acts in the person's turn: what changes their factors is done one after the other, and each act decides on what it
/// reads in its turn. An act within a turn is part of it. Fails with [`Error::Busy`] when another request takes too long.
pub(in crate::mfa) async fn in_turn<T>(
    account: &Account,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let turn = turn(account);
    match held_with(turn) {
        Some(held) => {
            let _first = first_of_session(account).await?;
            with_lock(&account.portal, turn, HELD_TURNS.scope(held, act)).await
        }
        None => act.await,
    }
}

/// The same for an act on the store alone, which may follow a change at the tenant.
pub(in crate::mfa) async fn in_brief_turn<T>(
    account: &Account,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let turn = turn(account);
    match held_with(turn) {
        Some(held) => with_brief_lock(&account.portal, turn, HELD_TURNS.scope(held, act)).await,
        None => act.await,
    }
}

/// Waits to be the first of this session's requests in this process, so that many of one session get no more turns than
/// one of another.
async fn first_of_session(account: &Account) -> Result<OwnedMutexGuard<()>, Error> {
    deadline::begin_act().await;
    let session = account.key(RecordKind::Lock, &["session", account.person.csrf_token.expose()]);
    let line = account.portal.sessions_acting.get_with(session, Arc::default);
    if let Ok(first) = line.clone().try_lock_owned() {
        return Ok(first);
    }
    let longest = deadline::left().saturating_sub(ENOUGH);
    let first = timeout(longest, line.lock_owned()).await.map_err(|_| Error::Busy)?;
    // Another session's request looks once meanwhile.
    tokio::time::sleep(YIELDS_FOR).await;
    Ok(first)
}

/// The turns that this task holds and this one, unless it holds it already.
fn held_with(turn: Key) -> Option<Vec<Key>> {
    let mut held = HELD_TURNS.try_with(Clone::clone).unwrap_or_default();
    if held.contains(&turn) {
        return None;
    }
    held.push(turn);
    Some(held)
}

fn turn(account: &Account) -> Key {
    account.key(RecordKind::Lock, &["turn"])
}
