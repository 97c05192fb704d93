//! Push enrollments of a person's other sessions. A phone approves without a session, so at most one of a person waits for
//! a phone, and none of another session is left when the tenant is shown a code that would be the first protection.
//! Where sessions end later, so does theirs.

use std::time::Duration as StdDuration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::sleep;

use super::{Account, Enrollment, Own, give_up, is_active, leftovers, pending, stored};
use crate::deadline::{self, Act};
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::{Permission, lock};
use crate::tenant::{Authenticator, AuthenticatorId};

/// Pauses in seconds before the tenant is asked again to remove what another session has begun. A phone can approve it for
/// five minutes.
const END_AGAIN_AFTER: [u64; 10] = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60];

/// Removes the push enrollments of the person's other sessions, and tells whether there was one. Without the right to do
/// so none can have begun here. Fails unless the tenant has removed all.
pub(super) async fn end(account: &Account, listed: &[Authenticator]) -> Result<bool, Error> {
    if !listed.iter().any(is_unfinished) || !account.person.may(Permission::Remove) {
        return Ok(false);
    }
    end_listed(account).await?;
    Ok(true)
}

/// Removes every push enrollment on this list before another one begins. Returns the list without them. Fails unless the tenant
/// has removed all.
pub(super) async fn remove_listed(
    account: &Account,
    mut listed: Vec<Authenticator>,
) -> Result<Vec<Authenticator>, Error> {
    leftovers::must_remove_all(account, ids_of(listed.iter().filter(|it| is_unfinished(it)))).await?;
    listed.retain(|it| !is_unfinished(it));
    Ok(listed)
}

/// Ends those of the person's other sessions after these have ended. A failure is logged.
pub(in crate::mfa) fn end_pushes_of_others(account: &Account) -> BoxFuture<'_, ()> {
    async move {
        if !are_ended(account).await {
            tokio::spawn(end_later(account.clone()));
        }
    }
    .boxed()
}

/// The tenant has not removed them: it was away, or the page had too little time left.
async fn end_later(account: Account) {
    for pause in END_AGAIN_AFTER {
        sleep(StdDuration::from_secs(pause)).await;
        let end = async { Ok(are_ended(&account).await) };
        let ended = deadline::within(None, Act::default(), lock::in_turn(&account, Box::pin(end))).await;
        if ended.is_ok_and(|are_ended| are_ended) {
            return;
        }
    }
}

/// Ends them if one began here lately, and tells whether nothing is left that a phone could approve. A failure is logged.
async fn are_ended(account: &Account) -> bool {
    let end = async {
        match pending::find(account, Factor::Push).await? {
            Some(_) => end_listed(account).await,
            None => Ok(()),
        }
    };
    end.await.inspect_err(leftovers::log).is_ok()
}

/// Gives the open one of another session up, and removes all that this session has not begun. An approved one stays.
async fn end_listed(account: &Account) -> Result<(), Error> {
    let mut own = open(account).await?;
    if let Some(open) = own.take_if(|open| !open.may_go_on(account)) {
        // An approved one is told as that session's, not as one of this person's own acts.
        if is_active(account, &open).await != Some(true) {
            give_up(account, &open).await?;
        }
    }
    let listed = account.portal.tenant.authenticators(&account.person.token).await?;
    let own = match own {
        Some(open) => ids_of(Own::of(account, &open, &listed).await?.candidates().iter()),
        None => Vec::new(),
    };
    let left = listed.iter().filter(|it| is_unfinished(it) && !own.contains(&it.id));
    leftovers::must_remove_all(account, ids_of(left)).await
}

/// The person's last one, if it is open.
async fn open(account: &Account) -> Result<Option<Enrollment>, Error> {
    let Some(pending) = pending::find(account, Factor::Push).await? else { return Ok(None) };
    let stored = stored(account, Factor::Push, &pending.enrollment).await?;
    Ok(stored.filter(|it| it.association.is_some()))
}

fn is_unfinished(listed: &Authenticator) -> bool {
    !listed.active && listed.factor == Factor::Push
}

fn ids_of<'a>(listed: impl Iterator<Item = &'a Authenticator>) -> Vec<AuthenticatorId> {
    listed.map(|it| it.id.clone()).collect()
}
