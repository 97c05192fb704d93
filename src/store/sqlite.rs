//! The `sqlite:PATH` engine: for one machine, survives restarts, needs no server.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};
use time::OffsetDateTime;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use super::key::Cause;
use super::{Count, Error, Name, Row, WriteMode, millis, time_of};

/// How long an operation waits for those before it and for other processes that use the file. A page that needs two
/// still reports within two seconds that the store is unavailable.
const MAX_WAIT: Duration = Duration::from_millis(900);
/// SQLite reports a locked file shortly after its timeout.
const LEEWAY: Duration = Duration::from_millis(50);
/// In changes. Expired records are deleted this often.
const SWEEP_INTERVAL: u64 = 256;

pub(super) struct Sqlite {
    connection: Arc<Mutex<Connection>>,
    /// Held by an operation on a record that any visitor can cause. One of them at a time queues for the connection, so
    /// that strangers, however many, keep people waiting for one operation at most.
    anybody: Semaphore,
}

impl Sqlite {
    /// Opens the file, or creates it with mode 0600.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        Self::open_file(path).map_err(|cause| {
            let remedy = "The portal must be able to write this file and to create others in its folder";
            Error::unavailable(format!("{}: {cause}. {remedy}", path.display()))
        })
    }

    fn open_file(path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(MAX_WAIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // FULL, because a recovery code is shown only once and must survive a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Overwrites a removed secret instead of only unlinking it.
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, value BLOB NOT NULL, ends INTEGER NOT NULL) \
             WITHOUT ROWID;
             CREATE INDEX IF NOT EXISTS records_by_end ON records (ends);",
        )?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), anybody: Semaphore::new(1) })
    }

    /// Runs `work` on a blocking thread; fails when it takes too long.
    async fn run<T: Send + 'static>(
        &self,
        cause: Cause,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let deadline = Instant::now() + MAX_WAIT;
        let timed_out = |_| Error::unavailable("the file is locked, or the disk is too slow");
        let _place = match cause {
            Cause::Person => None,
            Cause::Anybody => {
                let place = tokio::time::timeout_at(deadline, self.anybody.acquire()).await;
                Some(place.map_err(timed_out)?.map_err(Error::unavailable)?)
            }
        };
        // One thread at a time. When the disk hangs, other requests wait here and block no more threads.
        let connection = tokio::time::timeout_at(deadline, self.connection.clone().lock_owned())
            .await
            .map_err(timed_out)?;
        let worker = tokio::task::spawn_blocking(move || {
            connection.busy_timeout(deadline.saturating_duration_since(Instant::now()))?;
            work(&connection).map_err(Error::from)
        });
        tokio::time::timeout_at(deadline + LEEWAY, worker)
            .await
            .map_err(timed_out)?
            .map_err(Error::unavailable)?
    }

    pub(super) async fn read(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        self.run(name.cause, move |records| {
            let mut query = records.prepare_cached("SELECT value FROM records WHERE key = ? AND ends > ?")?;
            query.query_row(params![name.as_bytes(), millis(now)], |row| row.get(0)).optional()
        })
        .await
    }

    pub(super) async fn write(
        &self,
        name: Name,
        row: Row,
        mode: WriteMode,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        // Each statement treats an expired record as absent.
        let statement = match mode {
            WriteMode::Always => {
                "INSERT INTO records (key, value, ends) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (key) DO UPDATE SET value = ?2, ends = ?3 WHERE ?4 IS NOT NULL"
            }
            WriteMode::IfAbsent => {
                "INSERT INTO records (key, value, ends) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (key) DO UPDATE SET value = ?2, ends = ?3 WHERE ends <= ?4"
            }
            WriteMode::IfPresent => "UPDATE records SET value = ?2, ends = ?3 WHERE key = ?1 AND ends > ?4",
        };
        self.run(name.cause, move |records| {
            let values = params![name.as_bytes(), row.value, millis(row.expires_at), millis(now)];
            let changed = records.prepare_cached(statement)?.execute(values)?;
            log_failure(sweep(records, now));
            Ok(changed == 1)
        })
        .await
    }

    pub(super) async fn take(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        self.run(name.cause, move |records| {
            // Read first, so that a page with nothing to take also works while the file cannot be written.
            let mut query = records.prepare_cached("SELECT 1 FROM records WHERE key = ?")?;
            if !query.exists([name.as_bytes()])? {
                return Ok(None);
            }
            let mut query =
                records.prepare_cached("DELETE FROM records WHERE key = ? RETURNING value, ends")?;
            // `query_one`, because only a statement that ran to its end reports a failed write.
            let row = query.query_one([name.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            if row.is_some() {
                // Otherwise the removed record stays readable in the write-ahead log.
                log_failure(records.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
            }
            Ok(row.filter(|(_, ends): &(Vec<u8>, i64)| *ends > millis(now)).map(|(value, _)| value))
        })
        .await
    }

    pub(super) async fn count(&self, name: Name, now: OffsetDateTime) -> Result<Option<Count>, Error> {
        let found: Option<(i64, i64)> = self
            .run(name.cause, move |records| {
                records
                    .prepare_cached("SELECT value, ends FROM records WHERE key = ? AND ends > ?")?
                    .query_row(params![name.as_bytes(), millis(now)], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()
            })
            .await?;
        let counted =
            |(count, ends): (i64, i64)| Ok(Count { count: count.unsigned_abs(), resets_at: time_of(ends)? });
        found.map(counted).transpose()
    }

    pub(super) async fn increment(
        &self,
        name: Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        // `query_one` for the same reason as in `take`.
        let (count, resets_at): (i64, i64) = self
            .run(name.cause, move |records| {
                records
                    .prepare_cached(
                        "INSERT INTO records (key, value, ends) VALUES (?1, 1, ?2) ON CONFLICT (key) DO UPDATE SET \
                         value = CASE WHEN ends > ?3 THEN value + 1 ELSE 1 END, \
                         ends = CASE WHEN ends > ?3 THEN ends ELSE ?2 END RETURNING value, ends",
                    )?
                    .query_one(params![name.as_bytes(), millis(resets_at), millis(now)], |row| Ok((row.get(0)?, row.get(1)?)))
            })
            .await?;
        Ok(Count { count: count.unsigned_abs(), resets_at: time_of(resets_at)? })
    }
}

/// Only logs, because the request itself has succeeded.
fn log_failure(cleanup: rusqlite::Result<()>) {
    if let Err(error) = cleanup {
        tracing::warn!(%error, "session store cleanup failed");
    }
}

/// Deletes expired records now and then, so that the file does not grow without bound.
fn sweep(records: &Connection, now: OffsetDateTime) -> rusqlite::Result<()> {
    if records.total_changes().is_multiple_of(SWEEP_INTERVAL) {
        records.prepare_cached("DELETE FROM records WHERE ends <= ?")?.execute([millis(now)])?;
    }
    Ok(())
}
