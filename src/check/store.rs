//! Whether sessions can be kept: one record is written, read and removed.

use time::Duration;

use super::{Cause, Outcome, Trial, short};
use crate::store::{Error, Key, KeyRing, RecordKind, Store, StoreUrl};

/// Writes, reads and removes one record.
pub(super) async fn store(trial: &Trial) -> Outcome {
    match turn_over(trial).await {
        Ok(true) => Ok(match &trial.config.store {
            StoreUrl::Memory => "in memory: people sign in again after each restart".to_owned(),
            _ => "one record was written, read and removed".to_owned(),
        }),
        Ok(false) => Err(Cause::StoreForgets.into()),
        Err(error) => Err(Cause::StoreAway(short(&error.to_string())).into()),
    }
}

/// Whether what was written is what is read.
async fn turn_over(trial: &Trial) -> Result<bool, Error> {
    let keys = KeyRing::new(&trial.config.sealing_keys).into();
    let store = Store::open(&trial.config.store, keys, trial.clock.clone(), trial.random.clone())?;
    let id = trial.random.id();
    let key = Key::random_id(RecordKind::Probe, &id);
    store.put(key, &id, Duration::MINUTE).await?;
    let read = store.get::<String>(key).await?;
    store.remove(key).await?;
    Ok(read == Some(id))
}
