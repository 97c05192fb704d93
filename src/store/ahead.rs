//! Reading ahead: the records that a page will ask for, in one trip, because a trip costs more than a record.
//!
//! A page that only looks may read ahead. What was read is good for one reading each, and for none once the page has
//! written something: it may hold a lock by then, under which every record is read anew.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Name;

/// A record that was read ahead, if there is one.
pub(super) struct Found(pub(super) Option<Vec<u8>>);

tokio::task_local! {
    static FOUND: RefCell<HashMap<Name, Option<Vec<u8>>>>;
}

/// Runs a page that only looks.
pub(crate) async fn looking<T>(page: impl Future<Output = T>) -> T {
    FOUND.scope(RefCell::default(), page).await
}

/// Whether something may be read ahead here.
pub(super) fn is_allowed() -> bool {
    FOUND.try_with(|_| ()).is_ok()
}

/// Keeps what was found under these names.
pub(super) fn keep(found: impl IntoIterator<Item = (Name, Option<Vec<u8>>)>) {
    let _ = FOUND.try_with(|all| all.borrow_mut().extend(found));
}

/// The record that was found under this name, for its one reading; `None` if it was not read ahead.
pub(super) fn found(name: &Name) -> Option<Found> {
    FOUND.try_with(|all| all.borrow_mut().remove(name)).ok().flatten().map(Found)
}

/// Whether the name is known to hold nothing.
pub(super) fn is_absent(name: &Name) -> bool {
    FOUND.try_with(|all| all.borrow().get(name).is_some_and(Option::is_none)).unwrap_or(false)
}

/// Forgets everything, because the page writes.
pub(super) fn forget() {
    let _ = FOUND.try_with(|all| all.borrow_mut().clear());
}
