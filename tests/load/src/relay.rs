//! A relay in front of a server, which can take its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// A running relay.
pub(crate) struct Relay {
    pub(crate) address: String,
    delay: Arc<AtomicU64>,
    _task: JoinSet<()>,
}

impl Relay {
    /// A relay to this address, which delays nothing yet.
    pub(crate) async fn open(to: String) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, delay) = (listener.local_addr()?.to_string(), Arc::<AtomicU64>::default());
        let (mut task, shared) = (JoinSet::new(), delay.clone());
        task.spawn(async move {
            let mut all = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&to).await else { continue };
                let ((from_client, to_client), (from_server, to_server)) =
                    (client.into_split(), server.into_split());
                all.spawn(pass(from_client, to_server, shared.clone()));
                all.spawn(pass(from_server, to_client, Arc::default()));
            }
        });
        Ok(Self { address, delay, _task: task })
    }

    /// Delays what clients send from now on.
    pub(crate) fn delay(&self, by: Duration) {
        self.delay.store(by.as_millis().try_into().unwrap_or(u64::MAX), Ordering::SeqCst);
    }
}

/// Passes everything on in its order, each part when its time has come.
async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay: Arc<AtomicU64>) {
    let (late, mut due) = unbounded_channel();
    let read = async move {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes).await {
            let at = Instant::now() + Duration::from_millis(delay.load(Ordering::SeqCst));
            if late.send((at, bytes[..count].to_vec())).is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((at, bytes)) = due.recv().await {
            sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(read, write);
}
