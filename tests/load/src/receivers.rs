//! The mail server and the receiver of webhooks to which the portal tells changes.

use std::iter;

use emulated_tenant::{MailServer, Mood, Tenant};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// More attempts than a recording sees.
const MANY: usize = 100_000;
/// A key of webhooks, which nobody checks here.
const KEY: &str = "whsec_bm8gc2VjcmV0LCBidXQgbG9uZyBlbm91Z2ggZm9yIGEga2V5";

/// Both of them, taking everything at first.
pub(crate) struct Receivers {
    mails: MailServer,
    webhooks: JoinSet<()>,
    address: String,
}

impl Receivers {
    pub(crate) async fn open(tenant: &Tenant) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, mut webhooks) = (listener.local_addr()?.to_string(), JoinSet::new());
        webhooks.spawn(async move {
            let mut taking = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                taking.spawn(take(stream));
            }
        });
        Ok(Self { mails: MailServer::start(tenant).await?, webhooks, address })
    }

    /// The portal's settings that name them.
    pub(crate) fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("SMTP_URL", self.mails.url()),
            ("MAIL_FROM", "security@load.example".to_owned()),
            ("WEBHOOK_URL", format!("http://{}/", self.address)),
            ("WEBHOOK_SECRET", KEY.to_owned()),
        ]
    }

    /// Takes nothing from now on.
    pub(crate) fn close(&mut self) {
        self.mails.moods(iter::repeat_n(Mood::Absent, MANY));
        self.webhooks.abort_all();
    }
}

/// Answers every request on a connection.
async fn take(mut stream: TcpStream) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let (mut read, mut length) = (BufReader::new(read), 0);
    loop {
        let mut line = String::new();
        if read.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            read.read_exact(&mut vec![0; length]).await?;
            write.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
        }
    }
}
