//! Whether the session store works: writes, reads and removes records. A database that the start will create is not
//! created here, because it would belong to the user who checks.

use std::path::Path;

use rustix::fs::{Access, access};
use time::Duration;

use super::{Cause, CheckResult, ProbeContext, Trouble, short};
use crate::store::{Error, Key, KeyRing, RecordKind, Store, StoreUrl};

/// Enough that one of them belongs to another node, if the server is one of a Redis Cluster.
const RECORDS: usize = 8;

pub(super) async fn store(context: &ProbeContext) -> CheckResult {
    let url = &context.config.store;
    match url {
        StoreUrl::Memory => return Ok("in memory: people sign in again after each restart".to_owned()),
        StoreUrl::Sqlite(path) if !path.exists() => return new_file(path),
        StoreUrl::Sqlite(_) | StoreUrl::Redis(_) => (),
    }
    match round_trips(context).await {
        Ok(true) if !follows_moves(context).await => Err(Cause::MayNotFollow.into()),
        Ok(true) => Ok(format!("{RECORDS} records were written, read and removed")),
        Ok(false) => Err(Cause::StoreForgets.into()),
        Err(error) => Err(away(url, &error.to_string())),
    }
}

/// Whether Redis keeps what it is given; `None` for another store.
pub(super) async fn settings(context: &ProbeContext) -> Option<CheckResult> {
    let StoreUrl::Redis(_) = &context.config.store else { return None };
    let condition = match open(context) {
        Ok(store) => store.redis_condition().await?,
        Err(error) => Err(error),
    };
    Some(match condition {
        Ok(Some(condition)) => match condition.evicts {
            Some(policy) => Err(Cause::Evicts(policy).into()),
            None => Ok(format!("no record is dropped for want of memory; {}", condition.persistence)),
        },
        Ok(None) => Err(Trouble::Unknown(
            "Redis does not tell its user whether it drops or keeps records; allow the user +info".to_owned(),
        )),
        Err(error) => Err(Trouble::Unknown(short(&error.to_string()))),
    })
}

/// Whether records are found while they move to another node.
async fn follows_moves(context: &ProbeContext) -> bool {
    match open(context) {
        Ok(store) => store.follows_moves().await.unwrap_or(true),
        Err(_) => true,
    }
}

fn open(context: &ProbeContext) -> Result<Store, Error> {
    let keys = KeyRing::new(&context.config.sealing_keys).into();
    Store::open(&context.config.store, keys, context.clock.clone(), context.random.clone())
}

/// Whether the start can create the file.
fn new_file(path: &Path) -> CheckResult {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match access(folder, Access::EXISTS | Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => Ok(format!("{} does not exist yet; the start creates it", path.display())),
        Err(error) => {
            let why = Error::unavailable(format!("{}: {error}", folder.display()));
            Err(Cause::FileAway(short(&why.to_string())).into())
        }
    }
}

fn away(url: &StoreUrl, why: &str) -> Trouble {
    let why = short(why);
    match url {
        StoreUrl::Redis(_) => Cause::RedisAway(why).into(),
        StoreUrl::Memory | StoreUrl::Sqlite(_) => Cause::FileAway(why).into(),
    }
}

/// Whether each record that was written is the one that is read.
async fn round_trips(context: &ProbeContext) -> Result<bool, Error> {
    let store = open(context)?;
    for _ in 0..RECORDS {
        let id = context.random.id();
        let key = Key::random_id(RecordKind::Probe, &id);
        store.put(key, &id, Duration::MINUTE).await?;
        let read = store.get::<String>(key).await?;
        store.remove(key).await?;
        if read.as_ref() != Some(&id) {
            return Ok(false);
        }
    }
    Ok(true)
}
