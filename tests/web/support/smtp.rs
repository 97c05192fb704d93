//! A mail server that does what the test says: it accepts, refuses, hangs or dies (RFC 5321).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use mail_parser::{MessageParser, MimeHeaders as _};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It accepts the mail.
    Accept,
    /// It refuses the recipient with this status.
    Refuse(u16),
    /// It closes the connection before it says anything.
    Absent,
    /// It takes the mail and says nothing.
    Hang,
    /// It takes the mail and closes the connection in place of an answer.
    DieAfterData,
    /// It closes the connection when the mail begins.
    DieInData,
}

/// A mail that the server has taken whole.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) raw: String,
    /// Whether the sender was told.
    pub(crate) is_acknowledged: bool,
}

impl Mail {
    fn header(&self, name: &str) -> String {
        let parsed = MessageParser::default().parse(&self.raw).unwrap();
        parsed.header_raw(name.to_owned()).map(|value| value.trim().to_owned()).unwrap_or_default()
    }

    pub(crate) fn id(&self) -> String {
        self.header("Message-ID")
    }

    pub(crate) fn subject(&self) -> String {
        MessageParser::default().parse(&self.raw).unwrap().subject().unwrap_or_default().to_owned()
    }

    /// The plain part.
    pub(crate) fn text(&self) -> String {
        let parsed = MessageParser::default().parse(&self.raw).unwrap();
        parsed.body_text(0).unwrap().into_owned()
    }

    /// The HTML part.
    pub(crate) fn html(&self) -> String {
        let parsed = MessageParser::default().parse(&self.raw).unwrap();
        assert_eq!(parsed.content_type().unwrap().subtype(), Some("alternative"));
        parsed.body_html(0).unwrap().into_owned()
    }

    /// The link for somebody who did not make the change, without scheme and host.
    pub(crate) fn link(&self) -> String {
        let text = self.text();
        let at = text.find("/notices/").unwrap();
        text[at..].split_whitespace().next().unwrap().to_owned()
    }
}

/// The server. It listens on loopback until the test ends.
#[derive(Clone)]
pub(crate) struct Smtp {
    port: u16,
    moods: Arc<Mutex<VecDeque<Mood>>>,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl Smtp {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, moods: Arc::default(), mails: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mood = serving.moods.lock().unwrap().pop_front().unwrap_or(Mood::Accept);
                let serving = serving.clone();
                // A client that goes away in the middle ends the conversation.
                tokio::spawn(async move { drop(serving.talk(stream, mood).await) });
            }
        });
        server
    }

    /// SMTP_URL.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The moods of the next connections. After them the server accepts everything.
    pub(crate) fn moods(&self, moods: impl IntoIterator<Item = Mood>) {
        self.moods.lock().unwrap().extend(moods);
    }

    /// The mails that it has taken.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Whether some of the given moods are still to come.
    pub(crate) fn has_moods(&self) -> bool {
        !self.moods.lock().unwrap().is_empty()
    }

    async fn talk(&self, stream: TcpStream, mood: Mood) -> std::io::Result<()> {
        if mood == Mood::Absent {
            return Ok(());
        }
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 mail.test ESMTP\r\n").await?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await? {
            let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str()
            {
                "EHLO" => "250-mail.test\r\n250 8BITMIME".to_owned(),
                "RCPT" => {
                    line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to);
                    let refused = if let Mood::Refuse(status) = mood { Some(status) } else { None };
                    refused.map_or("250 ok".to_owned(), |status| format!("{status} not now, {line}"))
                }
                "DATA" if mood == Mood::DieInData => return Ok(()),
                "DATA" => {
                    writer.write_all(b"354 go on\r\n").await?;
                    let mut raw = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        raw += &[line.strip_prefix('.').unwrap_or(&line), "\r\n"].concat();
                    }
                    let is_acknowledged = mood == Mood::Accept;
                    self.mails.lock().unwrap().push(Mail { to: to.clone(), raw, is_acknowledged });
                    match mood {
                        Mood::DieAfterData => return Ok(()),
                        Mood::Hang => std::future::pending().await,
                        _ => "250 taken".to_owned(),
                    }
                }
                "QUIT" => {
                    writer.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "250 ok".to_owned(),
            };
            writer.write_all([answer.as_bytes(), b"\r\n"].concat().as_slice()).await?;
        }
        Ok(())
    }
}
