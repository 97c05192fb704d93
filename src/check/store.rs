//! Whether the session store works: writes, reads and removes one record.

use time::Duration;

use super::{Cause, CheckResult, ProbeContext, short};
use crate::store::{Error, Key, KeyRing, RecordKind, Store, StoreUrl};

pub(super) async fn store(context: &ProbeContext) -> CheckResult {
    match round_trip(context).await {
        Ok(true) => Ok(match &context.config.store {
            StoreUrl::Memory => "in memory: people sign in again after each restart".to_owned(),
            _ => "one record was written, read and removed".to_owned(),
        }),
        Ok(false) => Err(Cause::StoreForgets.into()),
        Err(error) => Err(Cause::StoreAway(short(&error.to_string())).into()),
    }
}

/// Whether the record that was written is the one that is read.
async fn round_trip(context: &ProbeContext) -> Result<bool, Error> {
    let keys = KeyRing::new(&context.config.sealing_keys).into();
    let store = Store::open(&context.config.store, keys, context.clock.clone(), context.random.clone())?;
    let id = context.random.id();
    let key = Key::random_id(RecordKind::Probe, &id);
    store.put(key, &id, Duration::MINUTE).await?;
    let read = store.get::<String>(key).await?;
    store.remove(key).await?;
    Ok(read == Some(id))
}
