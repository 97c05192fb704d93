//! Captures the portal's log.

use std::io;
use std::sync::{Arc, Mutex, Once};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::{DefaultGuard, set_global_default};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry;

/// The log that this thread writes while the value lives.
pub(crate) struct Log {
    written: Arc<Mutex<Vec<u8>>>,
    _guard: DefaultGuard,
}

impl Log {
    pub(crate) fn begin() -> Self {
        static EVERYWHERE: Once = Once::new();
        // tracing caches whether a log line is enabled. Without a global subscriber, a thread that captures nothing
        // could reach a line first and disable it for every test.
        EVERYWHERE.call_once(|| set_global_default(registry().with(LevelFilter::INFO)).unwrap());
        let written = Arc::new(Mutex::new(Vec::new()));
        let writer = Writer(written.clone());
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        Self { written, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Everything written so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.written.lock().unwrap()).into_owned()
    }

    /// The warnings and errors of one request, by the request id on its page.
    pub(crate) fn troubles_of(&self, request_id: &str) -> Vec<String> {
        let text = self.text();
        let own = text.lines().filter(|line| line.contains(&format!("id={request_id} ")));
        own.filter(|line| line.contains(" WARN ") || line.contains(" ERROR "))
            .map(ToOwned::to_owned)
            .collect()
    }
}

#[derive(Clone)]
struct Writer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
