//! Removing an entry of the list.

use super::{Account, Entry, Overview, Permission};
use crate::error::Error;
use crate::tenant::{self, AuthenticatorId, Failure, Reason};

/// The entry with this id, when the list just read has it and it can be removed. No other id is ever sent to the tenant.
pub(crate) fn removable<'a>(account: &Account, overview: &'a Overview, id: &str) -> Result<&'a Entry, Error> {
    account.person.must(Permission::Remove)?;
    let entry = overview.find(id).ok_or(Error::NotFound)?;
    if entry.is_removable() { Ok(entry) } else { Err(Error::NotRemovable) }
}

/// Removes the entry's authenticators. An authenticator that is gone already counts as removed.
pub(crate) async fn remove(account: &Account, entry: &Entry) -> Result<(), Error> {
    let Err(error) = remove_each(account, &entry.ids).await else { return Ok(()) };
    if matches!(&error.kind, Failure::Refused(refusal) if matches!(refusal.reason, Reason::Other | Reason::NotAvailable))
    {
        error.log();
        return Err(Error::NotRemovable);
    }
    if !error.maybe_done() {
        return Err(error.into());
    }
    // Without a reliable answer the list shows whether the authenticator is gone.
    match account.portal.tenant.authenticators(&account.person.token).await.inspect_err(tenant::Error::log) {
        Ok(now) if now.iter().any(|it| entry.has(it.id.as_str())) => Err(error.known_undone().into()),
        Ok(_) => {
            error.log();
            Ok(())
        }
        Err(_) => Err(error.into()),
    }
}

/// The tenant removes a twin with its sibling, so the second call may find nothing.
async fn remove_each(account: &Account, ids: &[AuthenticatorId]) -> Result<(), tenant::Error> {
    for id in ids {
        account.portal.tenant.remove(&account.person.token, id).await?;
    }
    Ok(())
}
