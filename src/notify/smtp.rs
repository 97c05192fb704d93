//! The conversation with the mail server (RFC 5321): one connection for each mail, with TLS unless the server is on this
//! machine, and a limit for each answer.

use std::error::Error as _;
use std::time::Duration;
use std::{io, iter};

use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::{Address, Message};
use tokio::time::timeout;

use crate::config::{self, Config, SmtpTls};
use crate::secret::without_contacts;

/// The longest that the server may take for one answer.
const ANSWER: Duration = Duration::from_secs(20);
/// The longest for its answer to a whole mail, which it may examine first. The attempt's own end comes before.
const TAKEN: Duration = Duration::from_secs(40);

/// The mail server of SMTP_URL.
#[derive(Clone)]
pub(crate) struct Server {
    host: String,
    port: u16,
    mode: SmtpTls,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    /// The name that the portal introduces itself by.
    hello: ClientId,
}

/// The step of the conversation that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The server was not reached, or did not greet.
    Greeting,
    /// No TLS as the settings ask for it.
    Tls,
    /// User and password.
    SignIn,
    /// The mail's sender.
    Sender,
    /// The mail's recipient.
    Recipient,
    /// The mail itself.
    Content,
}

/// A conversation that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) step: Step,
    /// It names no address.
    pub(crate) cause: String,
    /// The server refuses this mail for good (RFC 5321 §4.2.1: 5yz). A refusal of an earlier step is about the settings,
    /// which may be mended.
    pub(crate) is_final: bool,
}

impl Failure {
    fn new(step: Step, error: &Error) -> Self {
        let is_final = error.is_permanent() && matches!(step, Step::Recipient | Step::Content);
        let step = if error.is_tls() || is_handshake(error) { Step::Tls } else { step };
        // The server's answer may repeat the address.
        Self { step, cause: without_contacts(&error.to_string()), is_final }
    }

    fn late(step: Step) -> Self {
        Self { step, cause: "no answer in time".to_owned(), is_final: false }
    }
}

impl Server {
    /// Fails when the system's root certificates cannot be read.
    pub(crate) fn of(mail: &config::Mail, config: &Config) -> Result<Self, Error> {
        let credentials = mail
            .credentials
            .as_ref()
            .map(|(user, password)| Credentials::new(user.clone(), password.expose().to_owned()));
        let host = config.base_url.host_str().map(ToOwned::to_owned);
        let tls = TlsParameters::new(mail.host.clone())?;
        Ok(Self {
            host: mail.host.clone(),
            port: mail.port,
            mode: mail.tls,
            tls,
            credentials,
            hello: host.map_or_else(ClientId::default, ClientId::Domain),
        })
    }

    /// A connection over which mails may be sent.
    pub(crate) async fn open(&self) -> Result<AsyncSmtpConnection, Failure> {
        let implicit = (self.mode == SmtpTls::Implicit).then(|| self.tls.clone());
        let (host, port) = (self.host.as_str(), self.port);
        let connect = AsyncSmtpConnection::connect_tokio1((host, port), None, &self.hello, implicit, None);
        let mut connection = within(ANSWER, Step::Greeting, connect).await?;
        if self.mode == SmtpTls::StartTls {
            within(ANSWER, Step::Tls, connection.starttls(self.tls.clone(), &self.hello)).await?;
        }
        if let Some(credentials) = &self.credentials {
            within(ANSWER, Step::SignIn, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(connection)
    }

    /// Goes as far as a mail's sender, and sends none.
    pub(crate) async fn probe(&self, from: &Mailbox) -> Result<(), Failure> {
        let mut connection = self.open().await?;
        let sender = Mail::new(Some(from.email.clone()), Vec::new());
        within(ANSWER, Step::Sender, connection.command(sender)).await?;
        // The answer is known, however the connection ends.
        let _ = timeout(ANSWER, connection.quit()).await;
        Ok(())
    }

    /// Sends the mail; returns as soon as the server has taken it.
    pub(super) async fn send(&self, mail: &Message) -> Result<(), Failure> {
        let mut connection = self.open().await?;
        let envelope = mail.envelope();
        let mut options = Vec::new();
        if envelope
            .to()
            .iter()
            .chain(envelope.from())
            .any(|address: &Address| !AsRef::<str>::as_ref(address).is_ascii())
        {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let cause = "the server takes no address beyond ASCII (SMTPUTF8)".to_owned();
                return Err(Failure { step: Step::Recipient, cause, is_final: true });
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let sender = Mail::new(envelope.from().cloned(), options);
        within(ANSWER, Step::Sender, connection.command(sender)).await?;
        for to in envelope.to() {
            within(ANSWER, Step::Recipient, connection.command(Rcpt::new(to.clone(), Vec::new()))).await?;
        }
        within(ANSWER, Step::Content, connection.command(Data)).await?;
        within(TAKEN, Step::Content, connection.message(&mail.formatted())).await?;
        // The mail is taken, however the connection ends.
        tokio::spawn(async move { timeout(ANSWER, connection.quit()).await.map(drop) });
        Ok(())
    }
}

/// Whether TLS failed, which lettre calls a failed connection if it begins with TLS.
fn is_handshake(error: &Error) -> bool {
    let causes = iter::successors(error.source(), |error| (**error).source());
    causes
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|it| it.kind() == io::ErrorKind::InvalidData)
}

async fn within<T>(
    limit: Duration,
    step: Step,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Failure> {
    let answer = timeout(limit, answer).await.map_err(|_| Failure::late(step))?;
    answer.map_err(|error| Failure::new(step, &error))
}
