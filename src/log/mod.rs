//! The log: lines on stderr, written by a thread of its own, so that a stalled reader delays no request.

mod throttle;

use std::io::{self, BufWriter, IsTerminal as _, Stderr, Write};
use std::panic::{PanicHookInfo, set_hook};
use std::thread;
use std::time::Duration;

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

pub(crate) use self::throttle::Throttle;
use crate::config::LogFormat;
use crate::metrics::PLAIN;

/// A few megabytes. When the buffer is full, lines are dropped and counted.
const BUFFERED_LINES: usize = 10_000;
const DEFAULT_LEVEL: &str = "info";
/// Lines that wait are written together: as many bytes as a pipe takes at once, so that no other line comes between.
const BATCH: usize = 4096;
const LOSS_REPORT_INTERVAL: Duration = Duration::from_secs(5);
/// After it has written, the thread lets lines gather for this long: waking it costs more than a line.
const PAUSE: Duration = Duration::from_millis(1);

/// The running log. Dropping it writes the buffered lines, for a second at most.
pub struct Log {
    lost: ErrorCounter,
    _writer: WorkerGuard,
}

impl Log {
    /// Installs the log as the process' subscriber and panic hook. RUST_LOG chooses the portal's levels. Libraries
    /// never log below INFO, because their finer levels print requests, which contain tokens.
    #[must_use]
    pub fn to_stderr(format: LogFormat) -> Self {
        let writer = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(BUFFERED_LINES);
        let (lines, writer) = writer.finish(Gathered(BufWriter::with_capacity(BATCH, std::io::stderr())));
        let log = Self { lost: lines.error_counter(), _writer: writer };
        install(lines, format);
        // The default hook would block on the reader, and its message may quote a secret.
        set_hook(Box::new(log_panic));
        log
    }

    /// Reports lost lines once the log is read again; never returns.
    pub fn report_lost_lines(&self) -> impl Future<Output = ()> + Send + use<> {
        let lost = self.lost.clone();
        async move {
            let mut reported = 0;
            loop {
                tokio::time::sleep(LOSS_REPORT_INTERVAL).await;
                let now = lost.dropped_lines();
                PLAIN.log_lines_lost.absolute(now as u64);
                if now > reported {
                    tracing::error!(lines = now - reported, "log lines lost, stderr was not read in time");
                }
                // A report that was lost itself is repeated.
                if lost.dropped_lines() == now {
                    reported = now;
                }
            }
        }
    }
}

/// Written by the thread of the log, which flushes when no line is left.
struct Gathered(BufWriter<Stderr>);

impl Write for Gathered {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.0.flush();
        thread::sleep(PAUSE);
        flushed
    }
}

fn install(lines: NonBlocking, format: LogFormat) {
    // An empty one counts as unset, as for every setting; the filter would take it for silence.
    let wished = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    let wished = if wished.trim().is_empty() { DEFAULT_LEVEL } else { wished.trim() };
    let (chosen, mistake) = match EnvFilter::try_new(wished) {
        Ok(chosen) => (chosen, None),
        Err(error) => (EnvFilter::new(DEFAULT_LEVEL), Some(error)),
    };
    let safe = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("mfa_portal", LevelFilter::TRACE)
        .with_target("memory_serve", LevelFilter::WARN) // it logs two lines for each file at start-up
        // It warns of suspicious activity whenever a session has lapsed.
        .with_target("tower_sessions_core", LevelFilter::ERROR);
    // Only for terminals. In a file, escape sequences are noise and can hide what follows.
    let lines = fmt::layer().with_writer(lines).with_ansi(std::io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(safe)).with(chosen).init();
    if let Some(error) = mistake {
        tracing::warn!(%error, "RUST_LOG not understood, using info");
    }
}

/// Logs where a panic happened, and its message if that is a literal. Other messages may contain a person's input or a
/// token.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let payload = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("[redacted]");
    PLAIN.panics.increment(1);
    tracing::error!(location, payload, "thread panicked");
}
