//! The driver: connections that each send one request after another for a while, and what was measured. Every answer is
//! looked at, because a failed sign-in gives plausible numbers of redirects.

use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use flate2::read::GzDecoder;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_ENCODING, HOST, HeaderMap, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::process::Process;

/// Until then connections are opened and caches filled.
const WARM_UP: Duration = Duration::from_millis(200);
/// No answer takes longer; in milliseconds.
const LONGEST: u64 = 60_000;

/// A request that a connection repeats, with the cookies of its own session.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) expected: Arc<Expected>,
}

/// The answer that it must get.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) status: u16,
    /// A text of the body, such as the heading.
    pub(super) contains: String,
    pub(super) is_packed: bool,
}

/// The measurements of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Requests a second.
    pub(super) rate: f64,
    /// In milliseconds.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// Processor time of the program under measure, in milliseconds a request.
    pub(super) cpu: f64,
}

/// Where a run is, and how many answers it has measured.
struct Phase {
    at: AtomicU8,
    measured: AtomicUsize,
}

impl Phase {
    const WARM: u8 = 0;
    const MEASURED: u8 = 1;
    const OVER: u8 = 2;

    fn is(&self, phase: u8) -> bool {
        self.at.load(Ordering::Relaxed) == phase
    }

    fn begin(&self, phase: u8) {
        self.at.store(phase, Ordering::Relaxed);
    }
}

/// Drives a program with one connection for each ask.
pub(super) async fn drive(program: &Process, asks: &[Ask], lasts: Duration) -> anyhow::Result<Run> {
    let phase = Arc::new(Phase { at: AtomicU8::new(Phase::WARM), measured: AtomicUsize::new(0) });
    let mut connections = JoinSet::new();
    for ask in asks {
        let connection = Connection::open(program.address).await?;
        connections.spawn(connection.repeat(ask.clone(), phase.clone()));
    }
    wait(&mut connections, WARM_UP).await?;
    let (began, before) = (Instant::now(), program.cpu()?);
    phase.begin(Phase::MEASURED);
    wait(&mut connections, lasts).await?;
    // A busy machine may need longer for the first one; an answer that never comes ends its connection.
    while phase.measured.load(Ordering::Relaxed) == 0 {
        wait(&mut connections, lasts).await?;
    }
    let (took, cpu) = (began.elapsed(), program.cpu()?.saturating_sub(before));
    phase.begin(Phase::OVER);
    let mut times = Histogram::<u64>::new_with_max(LONGEST * 1000, 3)?;
    while let Some(of_one) = connections.join_next().await {
        times.add(of_one??)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a run has less than 2^52 requests")]
    let (requests, millis) = (times.len() as f64, |micros: u64| micros as f64 / 1000.0);
    Ok(Run {
        rate: requests / took.as_secs_f64(),
        p50: millis(times.value_at_quantile(0.5)),
        p99: millis(times.value_at_quantile(0.99)),
        cpu: cpu.as_secs_f64() * 1000.0 / requests,
    })
}

/// Waits; an error when a connection ends before its time.
async fn wait(
    connections: &mut JoinSet<anyhow::Result<Histogram<u64>>>,
    time: Duration,
) -> anyhow::Result<()> {
    tokio::select! {
        () = sleep(time) => Ok(()),
        Some(ended) = connections.join_next() => ended?.map(drop),
    }
}

/// Sends a request once and returns the answer with its body.
pub(super) async fn once(program: &Process, ask: &Ask) -> anyhow::Result<(Response<()>, Bytes)> {
    Connection::open(program.address).await?.send(ask).await
}

/// A connection that is kept alive.
pub(super) struct Connection {
    sender: SendRequest<Empty<Bytes>>,
    host: HeaderValue,
}

impl Connection {
    /// Opens a connection.
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: HeaderValue::from_str(&address.to_string())? })
    }

    /// Sends the request and returns the answer with its body as it came; an error if it is not as expected.
    pub(super) async fn send(&mut self, ask: &Ask) -> anyhow::Result<(Response<()>, Bytes)> {
        let mut request = Request::get(&ask.path).body(Empty::new())?;
        *request.headers_mut() = ask.headers.clone();
        request.headers_mut().insert(HOST, self.host.clone());
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        ask.expected.check(head.status.as_u16(), &head.headers, &body).with_context(|| ask.path.clone())?;
        Ok((Response::from_parts(head, ()), body))
    }

    async fn repeat(mut self, ask: Ask, phase: Arc<Phase>) -> anyhow::Result<Histogram<u64>> {
        let mut times = Histogram::new_with_max(LONGEST * 1000, 3)?;
        // Unpacking costs as much as packing, so one answer of each connection is read.
        let (_, body) = self.send(&ask).await?;
        ask.expected.check_text(&body)?;
        while !phase.is(Phase::OVER) {
            let began = Instant::now();
            self.send(&ask).await?;
            if phase.is(Phase::MEASURED) {
                times.record(u64::try_from(began.elapsed().as_micros())?)?;
                phase.measured.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(times)
    }
}

impl Expected {
    fn check(&self, status: u16, headers: &HeaderMap, body: &[u8]) -> anyhow::Result<()> {
        ensure!(status == self.status, "answered by {status}, expected {}", self.status);
        let is_packed = headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
        ensure!(is_packed == self.is_packed, "with gzip: {is_packed}, expected: {}", self.is_packed);
        if self.is_packed { Ok(()) } else { self.check_text(body) }
    }

    fn check_text(&self, body: &[u8]) -> anyhow::Result<()> {
        let mut unpacked = Vec::new();
        if self.is_packed {
            GzDecoder::new(body).read_to_end(&mut unpacked)?;
        }
        let text = if self.is_packed { &unpacked } else { body };
        if memchr::memmem::find(text, self.contains.as_bytes()).is_none() {
            let begins: String = String::from_utf8_lossy(text).chars().take(300).collect();
            bail!("«{}» is not in the answer: {begins}", self.contains);
        }
        Ok(())
    }
}
