//! The stream (AUDIT_LOG), written by a thread of its own: a stalled reader or a full disk delays no request. A line
//! that cannot be written is counted and told.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::config::AuditLog;
use crate::metrics::PLAIN;

/// A few megabytes. When the buffer is full, lines are lost and counted.
const BUFFERED_LINES: usize = 10_000;
const LOSS_REPORT_INTERVAL: Duration = Duration::from_secs(5);
/// After it has written, the thread lets lines gather for this long: waking it costs more than a line.
const PAUSE: Duration = Duration::from_millis(1);

/// The stream. Its thread begins with the first line and ends with the stream.
pub(super) struct Stream {
    to: AuditLog,
    lines: OnceLock<Option<SyncSender<Queued>>>,
    state: Arc<State>,
}

/// A line, and whoever waits until it is written.
struct Queued {
    line: String,
    waiter: Waiter,
}

/// The one who waits for a line.
pub(super) enum Waiter {
    /// It hears that the line is written, or nothing when it is lost.
    Teller(oneshot::Sender<()>),
    /// It holds a place among what is pending, until the line is written or lost.
    #[expect(dead_code, reason = "held, not read")]
    Flush(TaskTrackerToken),
}

#[derive(Default)]
struct State {
    lost: AtomicU64,
    reopen: AtomicBool,
}

impl Stream {
    pub(super) fn new(to: AuditLog) -> Self {
        Self { to, lines: OnceLock::new(), state: Arc::default() }
    }

    pub(super) fn is_off(&self) -> bool {
        self.to == AuditLog::Off
    }

    /// Fails when the file cannot be opened.
    pub(super) fn check(&self) -> io::Result<()> {
        match &self.to {
            AuditLog::File(path) => open(path).map(drop),
            AuditLog::Off | AuditLog::Stderr | AuditLog::Stdout => Ok(()),
        }
    }

    /// Opens the file anew before the next line, because it was moved away.
    pub(super) fn reopen(&self) {
        self.state.reopen.store(true, Ordering::SeqCst);
    }

    /// Queues a line. The receiver fails when the line is lost.
    pub(super) fn write_and_tell(&self, line: String) -> oneshot::Receiver<()> {
        let (written, receiver) = oneshot::channel();
        self.write(line, Waiter::Teller(written));
        receiver
    }

    /// Queues a line.
    pub(super) fn write(&self, line: String, waiter: Waiter) {
        let lines = self.lines.get_or_init(|| start(&self.to, &self.state));
        let sent = lines.as_ref().is_some_and(|lines| lines.try_send(Queued { line, waiter }).is_ok());
        if !sent {
            self.state.lose();
        }
    }
}

impl Waiter {
    fn tell(self) {
        if let Self::Teller(written) = self {
            // The one who waits may have gone.
            let _ = written.send(());
        }
    }
}

impl State {
    fn lose(&self) {
        self.lost.fetch_add(1, Ordering::SeqCst);
        PLAIN.audit_lines_lost.increment(1);
    }
}

fn start(to: &AuditLog, state: &Arc<State>) -> Option<SyncSender<Queued>> {
    let target = match to {
        AuditLog::Off => return None,
        AuditLog::Stderr => Target::Stream(Box::new(io::stderr())),
        AuditLog::Stdout => Target::Stream(Box::new(io::stdout())),
        AuditLog::File(path) => Target::File { path: path.clone(), file: None },
    };
    let (sender, lines) = sync_channel(BUFFERED_LINES);
    let mut writer = Writer { target, is_torn: false, state: state.clone(), error: None, reported: 0 };
    let thread = thread::Builder::new().name("audit".to_owned());
    thread.spawn(move || writer.run(&lines)).ok().map(|_| sender)
}

enum Target {
    Stream(Box<dyn Write + Send>),
    File { path: PathBuf, file: Option<File> },
}

/// The thread's own state.
struct Writer {
    target: Target,
    /// Whether the last line may have been cut off, so that the next one begins on a line of its own.
    is_torn: bool,
    state: Arc<State>,
    error: Option<io::Error>,
    reported: u64,
}

impl Writer {
    fn run(&mut self, lines: &Receiver<Queued>) {
        loop {
            match lines.recv_timeout(LOSS_REPORT_INTERVAL) {
                Ok(queued) => {
                    self.write(queued);
                    for queued in lines.try_iter() {
                        self.write(queued);
                    }
                    thread::sleep(PAUSE);
                }
                Err(RecvTimeoutError::Timeout) => self.close_if_moved(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.report_losses();
        }
    }

    fn write(&mut self, Queued { line, waiter }: Queued) {
        self.close_if_moved();
        let line = if self.is_torn { format!("\n{line}") } else { line };
        let done = self.target.write(line.as_bytes());
        self.is_torn = done.is_err();
        match done {
            Ok(()) => waiter.tell(),
            Err(error) => {
                self.target.close();
                self.error = Some(error);
                self.state.lose();
            }
        }
    }

    fn close_if_moved(&mut self) {
        if self.state.reopen.swap(false, Ordering::SeqCst) {
            self.target.close();
        }
    }

    fn report_losses(&mut self) {
        let lost = self.state.lost.load(Ordering::SeqCst);
        if lost > self.reported {
            let error =
                self.error.take().map_or_else(|| "not written in time".to_owned(), |it| it.to_string());
            tracing::error!(lines = lost - self.reported, error, "audit lines lost");
            self.reported = lost;
        }
    }
}

impl Target {
    /// Writes a line whole.
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.write_all(line).and_then(|()| stream.flush()),
            Self::File { path, file } => {
                let file = match file {
                    Some(file) => file,
                    none => none.insert(open(path)?),
                };
                file.write_all(line)
            }
        }
    }

    fn close(&mut self) {
        if let Self::File { file, .. } = self {
            *file = None;
        }
    }
}

/// Opens the file at its end, or creates it for its owner alone.
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}
