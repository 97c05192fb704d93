//! The `sqlite:PATH` engine: for one machine, survives restarts, needs no server.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};
use time::OffsetDateTime;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use super::key::Cause;
use super::{Count, Error, Name, Row, WriteMode};
use crate::clock::{millis, time_of};

/// How long an operation waits for those before it and for other processes that use the file. A page that needs two
/// still reports within two seconds that the store is unavailable.
const MAX_WAIT: Duration = Duration::from_millis(900);
/// SQLite reports a locked file shortly after its timeout.
const LEEWAY: Duration = Duration::from_millis(50);
/// A read that took longer found its part of the file on the disk.
const QUICK: Duration = Duration::from_millis(10);
/// How long after such a read the disk is taken to be slow.
const SLOW_FOR: Duration = Duration::from_secs(10);
/// How long a removed record's erasure waits for other programs that read the file.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(100);
/// Reads that may run on the runtime's threads at once. The runtime has one more (`main`), which goes on while they hang.
const READERS: usize = 2;
/// In changes. Expired records are deleted this often.
const SWEEP_INTERVAL: u64 = 256;

pub(super) struct Sqlite {
    /// It writes, one change at a time.
    connection: Arc<Mutex<Connection>>,
    /// They only read, so that a page waits for no change of another one.
    reads: Vec<Arc<Mutex<Connection>>>,
    /// Until when reads leave the runtime's threads alone, because the disk was slow.
    slow_until: std::sync::Mutex<Option<Instant>>,
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
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(MAX_WAIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // FULL, because a recovery code is shown only once and must survive a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Overwrites a removed secret instead of only unlinking it.
        connection.pragma_update(None, "secure_delete", "ON")?;
        make_table(&mut connection)?;
        let mut reads = Vec::new();
        for _ in 0..READERS {
            let reader = Connection::open(path)?;
            reader.pragma_update(None, "query_only", "ON")?;
            reads.push(Arc::new(Mutex::new(reader)));
        }
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            reads,
            slow_until: std::sync::Mutex::default(),
            anybody: Semaphore::new(1),
        })
    }

    /// Runs `work` on a blocking thread; fails when it takes too long.
    async fn run<T: Send + 'static>(
        &self,
        connection: &Arc<Mutex<Connection>>,
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
        let connection =
            tokio::time::timeout_at(deadline, connection.clone().lock_owned()).await.map_err(timed_out)?;
        let worker = tokio::task::spawn_blocking(move || {
            connection.busy_timeout(deadline.saturating_duration_since(Instant::now()))?;
            work(&connection).map_err(Error::from)
        });
        tokio::time::timeout_at(deadline + LEEWAY, worker)
            .await
            .map_err(timed_out)?
            .map_err(Error::unavailable)?
    }

    /// Reads at once, unless all readers are busy, the file is locked or the disk is slow: most of the file is in memory, so
    /// handing the work to another thread would cost more than the work. A disk that begins to hang holds up as many
    /// threads of the runtime as there are readers, and it has another one.
    async fn look<T: Send + 'static>(
        &self,
        cause: Cause,
        work: impl Fn(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        if !self.is_slow()
            && let Some(records) = self.reads.iter().find_map(|it| it.try_lock().ok())
        {
            records.busy_timeout(Duration::ZERO)?;
            let began = Instant::now();
            let done = work(&records);
            if began.elapsed() > QUICK {
                *self.slow_until.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some(Instant::now() + SLOW_FOR);
            }
            match done {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
                done => return Ok(done?),
            }
        }
        self.run(&self.reads[0], cause, work).await
    }

    fn is_slow(&self) -> bool {
        let slow_until = self.slow_until.lock().unwrap_or_else(PoisonError::into_inner);
        slow_until.is_some_and(|until| Instant::now() < until)
    }

    pub(super) async fn read(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        self.look(name.cause, move |records| find(records, &name, now)).await
    }

    /// Reads several in one transaction. All of them are people's.
    pub(super) async fn read_all(
        &self,
        names: &[Name],
        now: OffsetDateTime,
    ) -> Result<Vec<Option<Vec<u8>>>, Error> {
        let names = names.to_vec();
        self.look(Cause::Person, move |records| {
            let transaction = records.unchecked_transaction()?;
            names.iter().map(|name| find(&transaction, name, now)).collect()
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
        self.run(&self.connection, name.cause, move |records| {
            let values = params![name.as_bytes(), row.value, millis(row.expires_at), millis(now)];
            let changed = records.prepare_cached(statement)?.execute(values)?;
            log_failure(sweep(records, now));
            Ok(changed == 1)
        })
        .await
    }

    pub(super) async fn take(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        self.run(&self.connection, name.cause, move |records| {
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
                // Otherwise the removed record stays readable in the write-ahead log. A backup that reads the file may
                // keep that waiting, and must not keep all others.
                records.busy_timeout(CHECKPOINT_WAIT)?;
                log_failure(records.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
            }
            Ok(row.filter(|(_, ends): &(Vec<u8>, i64)| *ends > millis(now)).map(|(value, _)| value))
        })
        .await
    }

    pub(super) async fn count(&self, name: Name, now: OffsetDateTime) -> Result<Option<Count>, Error> {
        let found: Option<(i64, i64)> = self
            .look(name.cause, move |records| {
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
            .run(&self.connection, name.cause, move |records| {
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

    /// Takes one off the counter, unless its window is another one.
    pub(super) async fn give_back(
        &self,
        name: Name,
        resets_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        self.run(&self.connection, name.cause, move |records| {
            records
                .prepare_cached(
                    "UPDATE records SET value = value - 1 WHERE key = ?1 AND ends = ?2 AND ends > ?3 AND value > 0",
                )?
                .execute(params![name.as_bytes(), millis(resets_at), millis(now)])?;
            Ok(())
        })
        .await
    }
}

/// Makes the table, or makes that of an earlier version anew: without row ids each record had a page of its own.
fn make_table(connection: &mut Connection) -> rusqlite::Result<()> {
    if has_row_ids(connection)? == Some(true) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have made it meanwhile.
    let is_old = has_row_ids(&transaction)? == Some(false);
    if is_old {
        transaction.execute_batch(
            "DROP INDEX IF EXISTS records_by_end; ALTER TABLE records RENAME TO old_records;",
        )?;
    }
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS records (key BLOB NOT NULL, value BLOB NOT NULL, ends INTEGER NOT NULL);
         CREATE INDEX IF NOT EXISTS records_by_end ON records (ends);
         CREATE UNIQUE INDEX IF NOT EXISTS records_by_key ON records (key);",
    )?;
    if is_old {
        transaction.execute_batch(
            "INSERT INTO records SELECT key, value, ends FROM old_records; DROP TABLE old_records;",
        )?;
    }
    transaction.commit()
}

/// Whether the table is one with row ids, if it is there.
fn has_row_ids(connection: &Connection) -> rusqlite::Result<Option<bool>> {
    let table = "SELECT NOT wr FROM pragma_table_list WHERE schema = 'main' AND name = 'records'";
    connection.query_row(table, [], |row| row.get(0)).optional()
}

fn find(records: &Connection, name: &Name, now: OffsetDateTime) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut query = records.prepare_cached("SELECT value FROM records WHERE key = ? AND ends > ?")?;
    query.query_row(params![name.as_bytes(), millis(now)], |row| row.get(0)).optional()
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
