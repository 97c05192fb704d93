//! The `sqlite:PATH` engine: one machine, survives restarts, needs no server.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};
use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Count, Error, Mode, Name, Row, millis, time_of};

/// How long a request waits for those before it, and then for another process on the same file: a page says within two
/// seconds that the store is away, even if it needed it twice.
const WAIT: Duration = Duration::from_millis(900);
/// What SQLite says about a file that is locked comes a little after its wait.
const LEEWAY: Duration = Duration::from_millis(50);
/// Lapsed records are swept once in so many writes.
const SWEEP_EVERY: u64 = 256;

#[derive(Clone)]
pub(super) struct Sqlite(Arc<Mutex<Connection>>);

impl Sqlite {
    /// Opens or creates the file, readable by its owner alone.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        Self::open_file(path).map_err(|cause| {
            let needs = "The portal writes this file and others beside it, in the folder";
            Error::away(format!("{}: {cause}. {needs}", path.display()))
        })
    }

    fn open_file(path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(WAIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // FULL, because a recovery code that the tenant shows only once must survive a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        // A removed secret is overwritten, not just unlinked.
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, value BLOB NOT NULL, ends INTEGER NOT NULL) \
             WITHOUT ROWID;
             CREATE INDEX IF NOT EXISTS records_by_end ON records (ends);",
        )?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs `work` on a thread that may block: in time, or not at all.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let ends = Instant::now() + WAIT;
        let slow = |_| Error::away("the file did not answer in time");
        // One thread at a time: where the disk hangs, the others wait here and not on threads of their own.
        let connection = tokio::time::timeout_at(ends, self.0.clone().lock_owned()).await.map_err(slow)?;
        let worker = tokio::task::spawn_blocking(move || {
            connection.busy_timeout(ends.saturating_duration_since(Instant::now()))?;
            work(&connection).map_err(Error::from)
        });
        tokio::time::timeout_at(ends + LEEWAY, worker).await.map_err(slow)?.map_err(Error::away)?
    }

    pub(super) async fn read(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        self.run(move |records| {
            let mut query = records.prepare_cached("SELECT value FROM records WHERE key = ? AND ends > ?")?;
            query.query_row(params![name.as_bytes(), millis(now)], |row| row.get(0)).optional()
        })
        .await
    }

    pub(super) async fn write(
        &self,
        name: Name,
        row: Row,
        mode: Mode,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        // In each statement a lapsed record counts as absent.
        let statement = match mode {
            Mode::Always => {
                "INSERT INTO records (key, value, ends) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (key) DO UPDATE SET value = ?2, ends = ?3 WHERE ?4 IS NOT NULL"
            }
            Mode::IfAbsent => {
                "INSERT INTO records (key, value, ends) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (key) DO UPDATE SET value = ?2, ends = ?3 WHERE ends <= ?4"
            }
            Mode::IfPresent => "UPDATE records SET value = ?2, ends = ?3 WHERE key = ?1 AND ends > ?4",
        };
        self.run(move |records| {
            let values = params![name.as_bytes(), row.value, millis(row.ends), millis(now)];
            let changed = records.prepare_cached(statement)?.execute(values)?;
            tidy(sweep(records, now));
            Ok(changed == 1)
        })
        .await
    }

    pub(super) async fn take(&self, name: Name, now: OffsetDateTime) -> Result<Option<Vec<u8>>, Error> {
        self.run(move |records| {
            // Looked for first, because a page that finds nothing to take can be shown while nothing can be written.
            let mut query = records.prepare_cached("SELECT 1 FROM records WHERE key = ?")?;
            if !query.exists([name.as_bytes()])? {
                return Ok(None);
            }
            let mut query =
                records.prepare_cached("DELETE FROM records WHERE key = ? RETURNING value, ends")?;
            // `query_one`, for only a statement that has run to its end says whether it could be written.
            let row = query.query_one([name.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            if row.is_some() {
                // Else the removed record would stay readable in the write-ahead log.
                tidy(records.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
            }
            Ok(row.filter(|(_, ends): &(Vec<u8>, i64)| *ends > millis(now)).map(|(value, _)| value))
        })
        .await
    }

    pub(super) async fn increment(
        &self,
        name: Name,
        ends: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Count, Error> {
        // `query_one` for the same reason as in `take`.
        let (count, ends): (i64, i64) = self
            .run(move |records| {
                records
                    .prepare_cached(
                        "INSERT INTO records (key, value, ends) VALUES (?1, 1, ?2) ON CONFLICT (key) DO UPDATE SET \
                         value = CASE WHEN ends > ?3 THEN value + 1 ELSE 1 END, \
                         ends = CASE WHEN ends > ?3 THEN ends ELSE ?2 END RETURNING value, ends",
                    )?
                    .query_one(params![name.as_bytes(), millis(ends), millis(now)], |row| Ok((row.get(0)?, row.get(1)?)))
            })
            .await?;
        Ok(Count { count: count.unsigned_abs(), ends: time_of(ends)? })
    }
}

/// What was asked for is done by then, so that this is for the operator alone.
fn tidy(result: rusqlite::Result<()>) {
    if let Err(error) = result {
        tracing::warn!("the session store could not be tidied up: {error}");
    }
}

/// Removes lapsed records now and then, so that the file does not grow for ever.
fn sweep(records: &Connection, now: OffsetDateTime) -> rusqlite::Result<()> {
    if records.total_changes().is_multiple_of(SWEEP_EVERY) {
        records.prepare_cached("DELETE FROM records WHERE ends <= ?")?.execute([millis(now)])?;
    }
    Ok(())
}
