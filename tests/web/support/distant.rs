//! A way to a server that is far away: what it answers arrives later.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// The way to a server on this machine. It is closed when it is dropped.
pub(crate) struct Distant {
    pub(crate) port: u16,
    task: JoinHandle<()>,
}

impl Distant {
    /// Each answer of the server on this port arrives this much later; those on the way do not wait for each other.
    pub(crate) async fn from(server: u16, later: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                far.set_nodelay(true).unwrap();
                near.set_nodelay(true).unwrap();
                let ((mut asks, hears), (answers, mut takes)) = (near.into_split(), far.into_split());
                tokio::spawn(async move { copy(&mut asks, &mut takes).await });
                tokio::spawn(carry(answers, hears, later));
            }
        });
        Self { port, task }
    }
}

impl Drop for Distant {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, later: Duration) {
    let (sender, mut on_the_way) = unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((at, bytes)) = on_the_way.recv().await {
            sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let _ = sender.send((Instant::now() + later, bytes[..count].to_vec()));
    }
}
