//! The layout's data: language, brand, the signed-in person, and how long the visit lasts.

use std::sync::Arc;

use askama::filters::HtmlSafeOutput;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::told::Told;
use crate::assets::Assets;
use crate::config::{Config, PushApp};
use crate::i18n::Words;
use crate::mfa::Person;
use crate::portal::Portal;
use crate::web::request::address::with_id_alone;
use crate::web::request::deep_link::ReturnAddress;
use crate::web::request::device::Device;
use crate::web::request::frame::Frame;
use crate::web::request::language::{self, Choice};
use crate::web::request::paths::Paths;
use crate::web::request::reader::Reader;
use crate::web::request::theme::Theme;

/// The layout's data. Every page struct has one in its field `page`.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) words: Words,
    pub(crate) paths: Paths,
    /// The page's address, without anything that a stranger may have put there.
    pub(crate) here: String,
    /// The company's name.
    pub(crate) brand: String,
    /// The same in the middle of a sentence.
    pub(crate) brand_in_text: String,
    /// The link back to the site that the person came from, else to the account portal.
    pub(crate) back: Option<Back>,
    /// The address of a page's own way back: out of the visit's action, else to the list.
    pub(crate) way_back: String,
    pub(crate) push_app: Arc<PushApp>,
    pub(crate) footer: Vec<FooterLink>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) device: Device,
    /// The signed-in person, if any.
    pub(crate) person: Option<Visitor>,
    /// The address through sign-in and back to this page.
    pub(crate) continue_href: String,
    /// The frame that the page is shown in, if any.
    pub(crate) frame: Option<Frame>,
    /// The address of the list outside that frame.
    pub(crate) out_of_frame: String,
    /// The origins whose pages may frame ours, separated by spaces.
    pub(crate) embed_origins: String,
    pub(crate) theme: Option<Theme>,
    /// Whether the ground is that of the page around the frame.
    pub(crate) is_transparent: bool,
    /// In every `script` element, because the policy allows no other (CSP Level 3).
    pub(crate) script_nonce: String,
    /// A limit that the page's form hit.
    pub(crate) limit: Option<Told>,
}

/// The link that leads back.
#[derive(Clone, Debug)]
pub(crate) struct Back {
    /// Exactly the address that was given.
    pub(crate) href: String,
    pub(crate) text: String,
}

/// A link of the company's in the footer.
#[derive(Clone, Debug)]
pub(crate) struct FooterLink {
    pub(crate) href: String,
    pub(crate) text: String,
    /// Whether it leads to a page, and not to an app as `mailto:` does.
    is_page: bool,
}

/// The signed-in person, as the layout shows them.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) called: String,
    /// The synchronizer token of their forms.
    pub(crate) csrf_token: String,
    /// For how many more whole minutes changes are possible.
    pub(crate) minutes_left: i64,
    /// The same in seconds.
    pub(crate) seconds_left: i64,
    /// Whether the page warns of the end.
    pub(crate) ends_soon: bool,
}

/// The page warns this long before the visit's end (WCAG 2.2, success criterion 2.2.1).
const WARNING: Duration = Duration::minutes(2);

impl Page {
    /// The layout for this reader, and for this person if one is signed in.
    pub(crate) fn new(portal: &Portal, reader: &Reader, person: Option<&Person>) -> Self {
        let (config, words, paths) = (&portal.config, &reader.words, &reader.paths);
        let deep_link = reader.deep_link.seen_by(person);
        Self {
            brand_in_text: config.brand_name.clone().unwrap_or_else(|| words.t("brand-in-text")),
            brand: config.brand_name.clone().unwrap_or_else(|| words.t("brand-default")),
            back: Back::of(config, words, deep_link.back.as_ref()),
            way_back: deep_link.way_back(paths, config),
            push_app: config.push_app.clone(),
            footer: FooterLink::all(config, words),
            assets: portal.assets.clone(),
            here: paths.list(),
            device: reader.device,
            continue_href: paths.sign_in_to(reader.path()),
            person: person.map(|person| Visitor::new(person, person.left(&portal.clock))),
            frame: reader.frame.clone(),
            out_of_frame: format!("{}?{}", paths.list(), deep_link.parameter().unwrap_or_default()),
            embed_origins: config.embedders(),
            theme: reader.theme,
            is_transparent: reader.is_transparent,
            script_nonce: reader.script_nonce.clone(),
            limit: None,
            words: words.clone(),
            paths: paths.clone(),
        }
    }

    /// The layout of the page `here`, below the path of APP_BASE_URL: the language switch leads to it again.
    pub(crate) fn at(self, here: &str) -> Self {
        Self { here: self.paths.at(&with_id_alone(here)), ..self }
    }

    /// This page in all languages.
    pub(crate) fn languages(&self) -> Vec<Choice> {
        language::choices(&self.words, &self.here)
    }

    pub(crate) fn t(&self, id: &str) -> String {
        self.words.t(id)
    }

    /// The message `<id>-<kind>`: the same sentence for each kind of factor.
    pub(crate) fn t_of(&self, id: &str, kind: &str) -> String {
        self.words.t(&format!("{id}-{kind}"))
    }

    /// When an entry was added.
    pub(crate) fn added_on(&self, at: &OffsetDateTime) -> String {
        self.words.with("added-on", "date", &self.words.date(*at))
    }

    /// The page's value of the CSS property `color-scheme`.
    pub(crate) fn color_scheme(&self) -> &'static str {
        self.theme.map_or("light dark", Theme::name)
    }

    /// The attributes of a link to a page that is never framed: from a frame it opens a window, which knows its opener
    /// and can close itself.
    pub(crate) fn alone(&self) -> HtmlSafeOutput<&'static str> {
        HtmlSafeOutput(if self.frame.is_some() {
            r#" target="_blank" rel="opener" aria-describedby="in-a-window""#
        } else {
            ""
        })
    }

    /// The attributes of a link to a page of the company's: from a frame it opens a window.
    pub(crate) fn in_window(&self, link: &FooterLink) -> HtmlSafeOutput<&'static str> {
        HtmlSafeOutput(if self.frame.is_some() && link.is_page {
            r#" target="_blank" aria-describedby="in-a-window""#
        } else {
            ""
        })
    }

    /// The synchronizer token for a form.
    pub(crate) fn csrf_token(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.csrf_token)
    }
}

impl FooterLink {
    /// The link to this address, if there is one.
    pub(crate) fn new(url: Option<&Url>, text: String) -> Option<Self> {
        let url = url?;
        Some(Self { href: url.to_string(), text, is_page: url.has_host() })
    }

    fn all(config: &Config, words: &Words) -> Vec<Self> {
        let links = [
            ("privacy", &config.privacy_url),
            ("terms", &config.terms_url),
            ("imprint", &config.imprint_url),
        ];
        links.into_iter().filter_map(|(id, url)| Self::new(url.as_ref(), words.t(id))).collect()
    }
}

impl Back {
    /// A link to the account portal needs no name; one to any other site names it.
    fn of(config: &Config, words: &Words, given: Option<&ReturnAddress>) -> Option<Self> {
        let to_portal = |href: &str| Self { href: href.to_owned(), text: words.t("back-to-portal") };
        let portal = config.portal_url.as_ref();
        match given {
            Some(given) if portal.is_none_or(|portal| !given.is_of(&[portal.origin()])) => {
                let text = words.with("back-to", "host", given.host());
                Some(Self { href: given.as_str().to_owned(), text })
            }
            Some(given) => Some(to_portal(given.as_str())),
            None => portal.map(|portal| to_portal(portal.as_str())),
        }
    }
}

impl Visitor {
    fn new(person: &Person, left: Duration) -> Self {
        Self {
            called: person.called().to_owned(),
            csrf_token: person.csrf_token.expose().to_owned(),
            minutes_left: left.whole_minutes(),
            seconds_left: left.whole_seconds(),
            ends_soon: left <= WARNING,
        }
    }
}
