//! A raw TCP connection, for bytes that no client library would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// A request for a public page that needs neither tenant nor store.
pub(crate) const ASK: &str = "GET /signed-out HTTP/1.1\r\nhost: x\r\n\r\n";

/// One connection.
pub(crate) struct Raw(TcpStream);

/// A complete response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Whether the response is a complete HTML page.
    pub(crate) fn is_page(&self) -> bool {
        self.head.contains("\r\ncontent-type: text/html") && self.body.trim_end().ends_with("</html>")
    }

    /// Whether the response closes its connection.
    pub(crate) fn is_last(&self) -> bool {
        self.head.contains("\r\nconnection: close\r\n")
    }
}

impl Raw {
    pub(crate) async fn open(url: &Url) -> Self {
        Self::try_open(url).await.unwrap()
    }

    pub(crate) async fn try_open(url: &Url) -> std::io::Result<Self> {
        let address = (url.host_str().unwrap(), url.port().unwrap());
        Ok(Self(TcpStream::connect(address).await?))
    }

    /// Sends; `false` when the other side has closed the connection.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Sends and waits for the response.
    pub(crate) async fn ask(&mut self, bytes: impl AsRef<[u8]>) -> Option<Answer> {
        self.send(bytes).await;
        self.answer().await
    }

    /// The next response; `None` when the connection ends before its last byte.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let mut bytes = Vec::new();
        loop {
            if let Some(answer) = whole(&bytes) {
                return Some(answer);
            }
            if self.0.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
    }

    /// Everything until the connection ends.
    pub(crate) async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        // A refused request may end in a reset connection.
        let _ = self.0.read_to_end(&mut bytes).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether the other side closes the connection within this time.
    pub(crate) async fn ends_within(&mut self, time: Duration) -> bool {
        timeout(time, self.rest()).await.is_ok()
    }
}

/// Parses a response with a `content-length`; `None` while it is incomplete.
fn whole(bytes: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let head = format!("{}\r\n", head.to_lowercase());
    let length = head.split("\r\ncontent-length: ").nth(1).and_then(|rest| rest.split('\r').next());
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    let body = (body.len() >= length).then(|| body.to_owned())?;
    Some(Answer { status: head.split(' ').nth(1)?.parse().ok()?, head, body })
}
