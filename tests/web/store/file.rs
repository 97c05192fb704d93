//! The SQLite file is locked, full, read-only, torn or corrupt: the portal refuses to start with a reason, or its pages
//! say that the store is away. It never continues with an empty store.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use emulated_tenant::Tenant;
use reqwest::StatusCode;
use rusqlite::Connection;

use crate::support::process::{Process, in_memory, refused, refused_under, tenant};
use crate::support::{Browser, World};

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";
const AWAY: &str = "We cannot look up your visit right now";
const START: &str = "Show me the QR code";
const ANSWER: Duration = Duration::from_secs(2);
const RETURN: Duration = Duration::from_secs(3);
/// Ignores SIGXFSZ, so that a write beyond the file size limit fails, as on a full disk, and does not kill the process.
const UNDER_A_LIMIT: [&str; 3] = ["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""];

/// Opens a page within the promised time; three tries, because the machine may be busy.
async fn quickly(browser: &mut Browser, path: &str) -> StatusCode {
    for _ in 0..3 {
        let asked = Instant::now();
        let status = browser.open(path).await.status;
        if asked.elapsed() < ANSWER {
            println!("/{path}: {status} after {} ms", asked.elapsed().as_millis());
            return status;
        }
    }
    panic!("/{path} takes longer than {ANSWER:?}")
}

fn is_away(browser: &Browser) {
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (503, AWAY),
        "{}",
        browser.page.url
    );
}

async fn ready(admin: &url::Url) -> [u16; 2] {
    let ask = |path| reqwest::get(admin.join(path).unwrap());
    [ask("healthz").await.unwrap().status().as_u16(), ask("readyz").await.unwrap().status().as_u16()]
}

//
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_is_still_read_and_nothing_is_sent_until_unlocked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    let world = World::with(&[("session-store", &format!("sqlite:{}", path.display()))]).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.open("factors/totp").await;
    let (start, asked) = (browser.page.form(START), Instant::now());
    let mut nora = world.browser();
    let callback = nora.until_callback(NORA).await;
    world.tenant.journal().clear();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(quickly(&mut browser, "").await, StatusCode::OK, "nothing has to be written for the list");
    for _ in 0..3 {
        browser.send(&start).await;
        is_away(&browser);
    }
    println!("three forms in a row while locked: {} ms", asked.elapsed().as_millis());
    nora.go(callback.clone()).await;
    is_away(&nora);
    assert_eq!(world.changes(), [""; 0], "what cannot be counted is not sent");
    assert_eq!(ready(&world.admin).await, [200, 503]);
    other.execute_batch("COMMIT").unwrap();
    let back = Instant::now();
    browser.send(&start).await;
    assert_eq!((browser.page.status, browser.page.count(".key")), (StatusCode::OK, 1));
    assert_eq!(nora.go(callback).await.heading(), LIST);
    assert_eq!(ready(&world.admin).await, [200, 200]);
    assert!(back.elapsed() < RETURN, "{:?}", back.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_under_a_crowd_is_reported_in_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    let world = World::with(&[("session-store", &format!("sqlite:{}", path.display()))]).await;
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let (client, asked) = (reqwest::Client::new(), Instant::now());
    let all: tokio::task::JoinSet<_> =
        (0..50).map(|_| client.get(world.admin.join("readyz").unwrap()).send()).collect();
    assert!(all.join_all().await.into_iter().all(|answer| answer.unwrap().status() == 503));
    println!("50 at once before a locked file: the last answer after {} ms", asked.elapsed().as_millis());
    assert!(asked.elapsed() < ANSWER, "{:?}", asked.elapsed());
}

/// Limits the size of the files that this process writes, in bytes, or "unlimited".
fn limit_files(process: &Process, most: &str) {
    let limit = format!("--fsize={most}:");
    assert!(Command::new("prlimit").args(["--pid", &process.id(), &limit]).status().unwrap().success());
}

async fn signed_in(process: &Process, tenant: &Tenant) -> Browser {
    let mut browser = process.browser(tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.heading(), LIST);
    browser
}

// P-15
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_shows_pages_and_sends_nothing_until_there_is_room() {
    let tenant = tenant().await;
    let process = Process::start_under(&UNDER_A_LIMIT, &tenant, &[]);
    let mut browser = signed_in(&process, &tenant).await;
    browser.open("factors/totp").await;
    let start = browser.page.form(START);
    tenant.journal().clear();
    limit_files(&process, "1");
    assert_eq!(quickly(&mut browser, "").await, StatusCode::OK);
    let asked = Instant::now();
    browser.send(&start).await;
    println!("a form on a full disk: {} ms", asked.elapsed().as_millis());
    is_away(&browser);
    assert_eq!(tenant.journal().count("POST", "/mfa/associate"), 0, "what cannot be counted is not sent");
    assert_eq!(ready(&process.admin).await, [200, 503]);
    limit_files(&process, "unlimited");
    let back = Instant::now();
    assert_eq!(ready(&process.admin).await, [200, 200]);
    browser.send(&start).await;
    assert_eq!(
        (browser.page.status, browser.page.count(".key")),
        (StatusCode::OK, 1),
        "{}",
        browser.page.text()
    );
    assert!(back.elapsed() < RETURN, "{:?}", back.elapsed());
}

/// The refusal to start as a user to whom file modes apply: as root, without the right to override them.
fn refused_without_privileges(store: &Path) -> String {
    let wrapper: &[&str] = match fs::metadata("/proc/self").unwrap().uid() {
        0 => &["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"],
        _ => &[],
    };
    let (code, said) = refused_under(wrapper, &[("SESSION_STORE", &format!("sqlite:{}", store.display()))]);
    assert_eq!(code, 1, "{said}");
    said
}

// P-15
#[tokio::test]
async fn an_unwritable_file_or_folder_prevents_the_start_with_a_reason() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    // An orderly end leaves the database as the only file in its folder.
    let mut process =
        Process::start(&tenant().await, &[("SESSION_STORE", &format!("sqlite:{}", path.display()))]);
    process.signal("TERM");
    process.end();
    let mode = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    mode(&path, 0o400);
    let said = refused_without_privileges(&path);
    assert!(said.contains("SESSION_STORE: ") && said.contains("Permission denied"), "{said}");
    assert!(said.contains(path.to_str().unwrap()), "{said}");
    mode(&path, 0o600);
    mode(directory.path(), 0o500);
    let said = refused_without_privileges(&path);
    let said_new = refused_without_privileges(&directory.path().join("new.db"));
    mode(directory.path(), 0o700);
    assert!(said.contains("SESSION_STORE: ") && said.contains("its folder"), "{said}");
    assert!(said_new.contains("Permission denied"), "{said_new}");
}

#[tokio::test]
async fn a_file_that_is_no_database_prevents_the_start_and_stays_untouched() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    let letter = b"Dear Nora, this is a letter and no database. ".repeat(200);
    fs::write(&path, &letter).unwrap();
    let (code, said) = refused(&[("SESSION_STORE", &format!("sqlite:{}", path.display()))]);
    assert_eq!(code, 1);
    assert!(said.contains("SESSION_STORE: ") && said.contains("not a database"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), letter);
}

/// Makes a store with a session in it and kills its process.
async fn killed(tenant: &Tenant, path: &Path) -> Browser {
    let mut process = Process::start(tenant, &[("SESSION_STORE", &format!("sqlite:{}", path.display()))]);
    let browser = signed_in(&process, tenant).await;
    process.signal("KILL");
    process.end();
    browser
}

/// Status and heading of the list in the same browser at a restarted portal.
async fn after_restart(process: &Process, tenant: &Tenant, before: &Browser) -> (StatusCode, String) {
    let mut again = process.browser(tenant);
    before.cookies().split("; ").for_each(|cookie| again.plant(&format!("{cookie}; Path=/")));
    again.open("/").await;
    (again.page.status, again.page.heading())
}

// P-15
#[tokio::test(flavor = "multi_thread")]
async fn a_torn_write_loses_nothing_written_before() {
    let (tenant, directory) = (tenant().await, tempfile::tempdir().unwrap());
    let path = directory.path().join("store.db");
    let before = killed(&tenant, &path).await;
    // The last page in the write-ahead log is cut in half.
    let log = directory.path().join("store.db-wal");
    let mut bytes = fs::read(&log).unwrap();
    bytes.extend_from_slice(&bytes.clone()[32..2000]);
    fs::write(&log, bytes).unwrap();
    let process = Process::start(&tenant, &[("SESSION_STORE", &format!("sqlite:{}", path.display()))]);
    assert_eq!(after_restart(&process, &tenant, &before).await, (StatusCode::OK, LIST.to_owned()));
}

/// Gives the file the table of an earlier version.
fn with_earlier_table(path: &Path) {
    let file = Connection::open(path).unwrap();
    file.execute_batch(
        "CREATE TABLE earlier (key BLOB PRIMARY KEY, value BLOB NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID;
         INSERT INTO earlier SELECT key, value, ends FROM records; DROP TABLE records;
         ALTER TABLE earlier RENAME TO records; CREATE INDEX records_by_end ON records (ends);",
    )
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_an_earlier_version_is_converted_and_signs_nobody_out() {
    let (tenant, directory) = (tenant().await, tempfile::tempdir().unwrap());
    let path = directory.path().join("store.db");
    let before = killed(&tenant, &path).await;
    with_earlier_table(&path);
    let process = Process::start(&tenant, &[("SESSION_STORE", &format!("sqlite:{}", path.display()))]);
    assert_eq!(after_restart(&process, &tenant, &before).await, (StatusCode::OK, LIST.to_owned()));
    let file = Connection::open(&path).unwrap();
    let rows = "SELECT count(rowid) FROM records";
    assert!(file.query_row(rows, [], |row| row.get::<_, u32>(0)).is_ok_and(|rows| rows > 0));
    let left = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name <> 'records'";
    assert_eq!(file.query_row(left, [], |row| row.get(0)), Ok(0));
}

/// Checkpoints the database and overwrites one of its pages.
fn corrupt(path: &Path, page: usize) {
    let whole = Connection::open(path).unwrap();
    whole.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(whole);
    let mut bytes = fs::read(path).unwrap();
    bytes[page * 4096..][..4096].fill(b'x');
    fs::write(path, bytes).unwrap();
}

// P-15
#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_file_is_reported_and_signs_nobody_out() {
    let tenant = tenant().await;
    // Page 1 holds the records, page 2 the index of their expiry.
    for (page, answer) in [(1, (StatusCode::SERVICE_UNAVAILABLE, AWAY)), (2, (StatusCode::OK, LIST))] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("store.db");
        let before = killed(&tenant, &path).await;
        corrupt(&path, page);
        let process = Process::start(&tenant, &[("SESSION_STORE", &format!("sqlite:{}", path.display()))]);
        let seen = after_restart(&process, &tenant, &before).await;
        assert_eq!((seen.0, seen.1.as_str()), answer, "page {page}");
        assert_eq!(ready(&process.admin).await, [200, 503], "page {page}");
    }
}

/// tower-sessions saves a new session a second time.
//
#[tokio::test]
async fn a_store_that_dies_after_the_session_is_saved_costs_no_sign_in() {
    let directory = in_memory();
    let path = directory.path().join("sessions.db");
    let world = World::with(&[("session-store", &format!("sqlite:{}", path.display()))]).await;
    let dies = "CREATE TRIGGER dies BEFORE UPDATE ON records WHEN length(NEW.value) > 100 \
                BEGIN SELECT RAISE(FAIL, 'dead'); END";
    Connection::open(&path).unwrap().execute_batch(dies).unwrap();
    assert_eq!(world.signed_in(NORA).await.page.heading(), LIST);
}
