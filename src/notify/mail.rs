//! A notice as a mail (RFC 5322): text and HTML in the person's language, under one Message-ID however often it is sent.

use askama::Template;
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lettre::message::header::{HeaderName, HeaderValue, MessageId};
use lettre::message::{Mailbox, MultiPart};
use time::OffsetDateTime;

use super::Unsent;
use super::smtp::Server;
use crate::config::Config;
use crate::factor::AsksFor;
use crate::i18n::Words;
use crate::i18n::isolates::plain;
use crate::outbox::{Kind, Link, Message};
use crate::portal::Portal;
use crate::web::request::paths::Paths;

/// Writes mails, and hands them to the mail server.
#[derive(Clone)]
pub(super) struct Mailer {
    server: Server,
    from: Mailbox,
}

impl Mailer {
    /// `None` without SMTP_URL.
    pub(super) fn of(config: &Config) -> Result<Option<Self>, lettre::transport::smtp::Error> {
        let Some(mail) = &config.mail else { return Ok(None) };
        Ok(Some(Self { server: Server::of(mail, config)?, from: mail.from.clone() }))
    }

    /// Sends a mail, with the link for a person who did not make the change or without it.
    pub(super) async fn send(
        &self,
        portal: &Portal,
        message: &Message,
        to: &str,
        with_link: bool,
    ) -> Result<(), Unsent> {
        let mail = self
            .written(portal, message, to, with_link)
            .map_err(|error| Unsent::later(&error.to_string()))?;
        self.server
            .send(&mail)
            .await
            .map_err(|failure| Unsent { cause: failure.cause, is_final: failure.is_final })
    }

    fn written(
        &self,
        portal: &Portal,
        message: &Message,
        to: &str,
        with_link: bool,
    ) -> anyhow::Result<lettre::Message> {
        let notice = NoticeMail::new(portal, message, with_link);
        let domain = self.from.email.domain();
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.parse()?))
            .subject(format!("{}: {}", notice.brand, notice.title))
            .date(message.at.into())
            .header(MessageId::from(message_id(&message.change, to, domain)))
            // No machine answers it (RFC 3834 §5).
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("Content-Language", &notice.words.lang()))
            .multipart(MultiPart::alternative_plain_html(notice.text()?, notice.render()?))?;
        Ok(mail)
    }
}

/// The same for each attempt to tell this address of this change.
fn message_id(change: &str, to: &str, domain: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{change}\0{to}").as_bytes());
    format!("<{}@{domain}>", URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The mail's HTML part.
#[derive(Template)]
#[template(path = "mail/notice.html")]
struct NoticeMail {
    words: Words,
    brand: String,
    /// The event.
    title: String,
    /// The advice where nobody knows whether the change was made.
    perhaps: Option<String>,
    /// The facts: their names and values.
    facts: Vec<(String, String)>,
    not_me: NotMe,
}

/// The advice about a change that the reader did not make.
struct NotMe {
    text: String,
    /// Their words and addresses.
    links: Vec<(String, String)>,
}

/// The mail's plain part.
#[derive(Template)]
#[template(path = "mail/notice.txt")]
struct NoticeText<'a> {
    mail: &'a NoticeMail,
}

impl NoticeMail {
    fn new(portal: &Portal, message: &Message, with_link: bool) -> Self {
        let config = &portal.config;
        let words = Words::best([message.language.as_str()]);
        let words = words.replaced_by(&config.words);
        Self {
            brand: config.brand_name.clone().unwrap_or_else(|| words.t("brand-default")),
            title: title(&words, message),
            perhaps: (!message.is_certain).then(|| words.t(perhaps(message.kind))),
            facts: facts(&words, message, with_link),
            not_me: if with_link {
                NotMe::of_person(&words, config, message)
            } else {
                NotMe::of_former(&words, config)
            },
            words,
        }
    }

    fn text(&self) -> askama::Result<String> {
        NoticeText { mail: self }.render().map(plain)
    }

    fn t(&self, id: &str) -> String {
        self.words.t(id)
    }
}

impl NotMe {
    /// The link whose page ends the person's visits.
    fn of_person(words: &Words, config: &Config, message: &Message) -> Self {
        let until = words.date(message.at + Link::LASTS);
        let href = config.absolute(&Paths::relative().disavow(message.token.expose()));
        Self {
            text: words.with("mail-not-me-text", "date", &until),
            links: vec![(words.t("mail-not-me"), href)],
        }
    }

    /// For an address that is not the person's any more: nothing that works without signing in.
    fn of_former(words: &Words, config: &Config) -> Self {
        let mut links = vec![(words.t("disavow-undo"), config.absolute(&Paths::relative().list()))];
        let support = config.support_url.as_ref();
        links.extend(support.map(|url| (words.t("help-support"), url.to_string())));
        Self { text: words.t("mail-former-text"), links }
    }
}

/// The event, in a sentence without a secret.
fn title(words: &Words, message: &Message) -> String {
    let perhaps = if message.is_certain { "" } else { "-perhaps" };
    plain(words.t(&format!("mail-title-{}{perhaps}", message.kind.slug())))
}

fn perhaps(kind: Kind) -> &'static str {
    if kind == Kind::Renewed { "mail-perhaps-renewed" } else { "mail-perhaps" }
}

/// Browser and internet address are for the person alone: an address that is removed may be an intruder's.
fn facts(words: &Words, message: &Message, is_for_person: bool) -> Vec<(String, String)> {
    let fact = |id: &str, value: String| (words.t(id), value);
    let kind = match message.factor.asks_for() {
        AsksFor::PhoneNumber => "phone",
        AsksFor::EmailAddress | AsksFor::Nothing => message.factor.slug(),
    };
    let what = words.t(&format!("entry-{kind}"));
    let mut facts = vec![fact("mail-what", what), fact("mail-when", moment(words, message.at))];
    if is_for_person {
        facts.extend(message.browser.clone().map(|browser| fact("mail-browser", browser)));
        facts.extend(message.client.map(|client| fact("mail-client", client.to_string())));
    }
    facts
}

/// A day and a time, by UTC: `28 November 2026, 14:05 UTC`.
fn moment(words: &Words, at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!("{}, {:02}:{:02} UTC", words.date(at), at.hour(), at.minute())
}
