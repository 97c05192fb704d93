//! The mail server of the people's mailboxes. It accepts, refuses, hangs or dies as a test says (RFC 5321).

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::tenant::Tenant;
use crate::world::person::Letter;

/// The fate of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// The mail is accepted.
    Accept,
    /// The recipient is refused with this status.
    Refuse(u16),
    /// The connection is closed before anything is said.
    Absent,
    /// The mail is taken, and nothing is said.
    Hang,
    /// The mail is taken, and the connection is closed in place of an answer.
    DieAfterData,
    /// The connection is closed when the mail begins.
    DieInData,
}

/// A mail that the server has taken whole.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The recipient's address, from the envelope.
    pub to: String,
    /// The mail as it was sent.
    pub raw: String,
    /// Whether the sender was told.
    pub is_acknowledged: bool,
}

impl Mail {
    /// Its Message-ID, without the brackets; empty without one.
    #[must_use]
    pub fn id(&self) -> String {
        let parsed = MessageParser::default().parse(&self.raw);
        parsed.as_ref().and_then(|mail| mail.message_id()).unwrap_or_default().to_owned()
    }

    /// Its subject; empty without one.
    #[must_use]
    pub fn subject(&self) -> String {
        let parsed = MessageParser::default().parse(&self.raw);
        parsed.as_ref().and_then(|mail| mail.subject()).unwrap_or_default().to_owned()
    }

    /// Its plain part; empty without one.
    #[must_use]
    pub fn text(&self) -> String {
        let parsed = MessageParser::default().parse(&self.raw);
        parsed.as_ref().and_then(|mail| mail.body_text(0)).unwrap_or_default().into_owned()
    }

    /// Its HTML part; empty without one.
    #[must_use]
    pub fn html(&self) -> String {
        let parsed = MessageParser::default().parse(&self.raw);
        parsed.as_ref().and_then(|mail| mail.body_html(0)).unwrap_or_default().into_owned()
    }
}

/// The server. It listens on loopback until its process ends, and puts mails into the tenant's people's mailboxes.
#[derive(Clone)]
pub struct MailServer {
    port: u16,
    tenant: Tenant,
    moods: Arc<Mutex<VecDeque<Mood>>>,
    mails: Arc<Mutex<Vec<Mail>>>,
    hung: Arc<AtomicUsize>,
}

impl MailServer {
    /// Starts it on a free port; fails if none can be bound.
    pub async fn start(tenant: &Tenant) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let server = Self {
            port,
            tenant: tenant.clone(),
            moods: Arc::default(),
            mails: Arc::default(),
            hung: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mood = locked(&serving.moods).pop_front().unwrap_or(Mood::Accept);
                let serving = serving.clone();
                // A client that goes away in the middle ends the conversation.
                tokio::spawn(async move { drop(serving.talk(stream, mood).await) });
            }
        });
        Ok(server)
    }

    /// Its URL, `smtp://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Sets the fates of the next connections. After them everything is accepted.
    pub fn moods(&self, moods: impl IntoIterator<Item = Mood>) {
        locked(&self.moods).extend(moods);
    }

    /// How many of these fates are still to come.
    #[must_use]
    pub fn moods_left(&self) -> usize {
        locked(&self.moods).len()
    }

    /// How many connections it has let hang.
    #[must_use]
    pub fn hung(&self) -> usize {
        self.hung.load(Ordering::SeqCst)
    }

    /// The mails that it has taken, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        locked(&self.mails).clone()
    }

    async fn talk(&self, stream: TcpStream, mood: Mood) -> io::Result<()> {
        if mood == Mood::Absent {
            return Ok(());
        }
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 mail.test ESMTP\r\n").await?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
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
                    loop {
                        // A mail that breaks off is none (RFC 5321 §4.1.1.4).
                        let Some(line) = lines.next_line().await? else { return Ok(()) };
                        if line == "." {
                            break;
                        }
                        raw += &[line.strip_prefix('.').unwrap_or(&line), "\r\n"].concat();
                    }
                    self.take(Mail { to: to.clone(), raw, is_acknowledged: mood == Mood::Accept });
                    match mood {
                        Mood::DieAfterData => return Ok(()),
                        Mood::Hang => {
                            self.hung.fetch_add(1, Ordering::SeqCst);
                            std::future::pending::<String>().await
                        }
                        _ => "250 taken".to_owned(),
                    }
                }
                "QUIT" => return writer.write_all(b"221 bye\r\n").await,
                _ => "250 ok".to_owned(),
            };
            writer.write_all(&[answer.as_bytes(), b"\r\n"].concat()).await?;
        }
        Ok(())
    }

    fn take(&self, mail: Mail) {
        let letter = Letter { subject: mail.subject(), text: mail.text() };
        self.tenant.change_person(&mail.to, |person| person.letters.push(letter));
        locked(&self.mails).push(mail);
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
