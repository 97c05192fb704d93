//! The log: lines on stderr, written by a thread of their own, so that a reader who has stopped reading stalls nobody.

use std::io::IsTerminal as _;
use std::panic::{PanicHookInfo, set_hook};
use std::time::Duration;

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::LogFormat;

/// So many lines wait for a reader; what comes then is lost, and counted. A few megabytes.
const WAITING_LINES: usize = 10_000;
/// How often lost lines are told.
const TELL: Duration = Duration::from_secs(5);

/// What is left of the log is written when this is dropped, for a second at most.
pub struct Log {
    lost: ErrorCounter,
    _writer: WorkerGuard,
}

impl Log {
    /// RUST_LOG chooses what is shown of the portal itself. Of the libraries below it nothing under INFO is shown at any
    /// setting, because their finer levels print requests, and those hold tokens.
    #[must_use]
    pub fn to_stderr(format: LogFormat) -> Self {
        let writer = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES);
        let (lines, writer) = writer.finish(std::io::stderr());
        let log = Self { lost: lines.error_counter(), _writer: writer };
        show(lines, format);
        // Rust's own words on a panic would wait for the reader, and may quote what was being worked on.
        set_hook(Box::new(note_panic));
        log
    }

    /// Tells of lost lines, as soon as somebody reads again; never returns.
    pub fn tell_losses(&self) -> impl Future<Output = ()> + Send + use<> {
        let lost = self.lost.clone();
        async move {
            let mut told = 0;
            loop {
                tokio::time::sleep(TELL).await;
                let now = lost.dropped_lines();
                metrics::counter!("log_lines_lost_total").absolute(now as u64);
                if now > told {
                    tracing::error!("{} lines of this log are lost: nobody read them in time", now - told);
                }
                // Where these words were lost too, they are said again.
                if lost.dropped_lines() == now {
                    told = now;
                }
            }
        }
    }
}

fn show(lines: NonBlocking, format: LogFormat) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let safe = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("mfa_portal", LevelFilter::TRACE)
        .with_target("memory_serve", LevelFilter::WARN); // two lines for each file at the start
    // Colours are for terminals; in a file they are noise, and a way to hide what follows.
    let lines = fmt::layer().with_writer(lines).with_ansi(std::io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(safe)).with(chosen).init();
}

/// Writes down where a panic happened. Its words only where they stand in the program as they are: others may be made
/// of what a person typed, or of a token.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not repeated here)");
    metrics::counter!("panics_total").increment(1);
    tracing::error!(place, "a panic: {words}");
}
