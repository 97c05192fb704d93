//! One request at a time for one thing, replicas included: whoever comes second waits within the page's time.

use std::time::Duration as Wait;

use time::Duration;

use crate::deadline;
use crate::error::Error;
use crate::store::{Key, Store};

/// Whoever has not let go by then has died; the page's deadline is shorter.
const LOCKED: Duration = Duration::seconds(12);
/// How often a second request looks whether the first has come through.
const LOOK_AGAIN: Wait = Wait::from_millis(50);

/// Holds the key until it is removed.
pub(crate) async fn hold(store: &Store, key: Key) -> Result<Key, Error> {
    while !store.insert(key, &(), LOCKED).await? {
        if deadline::left() < LOOK_AGAIN {
            return Err(Error::Busy);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(key)
}
