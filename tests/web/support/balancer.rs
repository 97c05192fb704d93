//! A round-robin load balancer without sticky sessions: each connection goes to the next replica that listens.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// A running balancer. It stops when it is dropped.
pub(crate) struct Balancer {
    pub(crate) url: Url,
    turns: Arc<Turns>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Turns {
    replicas: Mutex<Vec<SocketAddr>>,
    next: AtomicUsize,
}

impl Balancer {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let turns = Arc::new(Turns::default());
        let task = tokio::spawn(serve(listener, turns.clone()));
        Self { url, turns, task }
    }

    /// Sets the replicas that take turns, beginning with the first.
    pub(crate) fn over(&self, replicas: &[&Url]) {
        let address = |url: &&Url| url.socket_addrs(|| None).unwrap()[0];
        *self.turns.replicas.lock().unwrap() = replicas.iter().map(address).collect();
        self.turns.next.store(0, Ordering::SeqCst);
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, turns: Arc<Turns>) {
    while let Ok((mut browser, _)) = listener.accept().await {
        let turns = turns.clone();
        tokio::spawn(async move {
            if let Some(mut replica) = turns.next().await {
                // A connection fails when its replica is killed.
                let _ = copy_bidirectional(&mut browser, &mut replica).await;
            }
        });
    }
}

impl Turns {
    async fn next(&self) -> Option<TcpStream> {
        let replicas = self.replicas.lock().unwrap().clone();
        let first = self.next.fetch_add(1, Ordering::SeqCst);
        for at in 0..replicas.len() {
            if let Ok(stream) = TcpStream::connect(replicas[(first + at) % replicas.len()]).await {
                return Some(stream);
            }
        }
        None
    }
}
