//! What every page shows around its content: language, brand, who is signed in, for how long.

use askama::filters::HtmlSafeOutput;
use time::Duration;

use crate::app::Portal;
use crate::assets::Assets;
use crate::config::Config;
use crate::device::Device;
use crate::errand::{Errand, ReturnAddress};
use crate::frame::Frame;
use crate::i18n::Words;
use crate::language::{self, Choice};
use crate::session::Person;
use crate::step_up::with_id_alone;
use crate::theme::Theme;

/// The layout's data. Every page struct has one in its field `page`.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's words.
    pub words: Words,
    /// The path under which everything lies.
    pub base: String,
    /// This page in other languages.
    pub languages: Vec<Choice>,
    /// The company's name.
    pub brand: String,
    /// The way back to where the person came from, else to the account portal, if there is one.
    pub back: Option<Back>,
    /// Where a page's own way back leads: out of what the person was sent for, else to the list.
    pub way_back: String,
    /// Where people get help.
    pub support_url: Option<String>,
    /// Where stylesheets, pictures and scripts are.
    pub assets: Assets,
    /// What the reader's device can do.
    pub device: Device,
    /// Who is signed in, and what their forms carry.
    pub person: Option<Visitor>,
    /// The way through sign-in and back to this page.
    pub continue_href: String,
    /// The frame that the page is shown in, if any.
    pub frame: Option<Frame>,
    /// The list, out of that frame.
    pub full_page: String,
    /// The origins whose pages may show ours in a frame, separated by spaces.
    pub embed_origins: String,
    /// Light or dark, where it was asked for.
    pub theme: Option<Theme>,
}

/// The link that leads back.
#[derive(Clone, Debug)]
pub struct Back {
    /// Exactly the address that was given.
    pub href: String,
    /// What it says.
    pub text: String,
}

/// The signed-in person, as the layout shows them.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// What to call them.
    pub called: String,
    /// The synchronizer token of their forms.
    pub csrf_token: String,
    /// For how many more whole minutes changes are possible.
    pub minutes_left: i64,
    /// The same in seconds.
    pub seconds_left: i64,
    /// Whether it is time to say so.
    pub ends_soon: bool,
}

/// So long before the end the page says that it comes (WCAG 2.2, success criterion 2.2.1).
const WARNING: Duration = Duration::minutes(2);

impl Page {
    /// The layout for this person, or for nobody.
    #[must_use]
    pub fn new(portal: &Portal, words: Words, errand: &Errand, person: Option<&Person>) -> Self {
        let config = &portal.config;
        Self {
            base: config.base_path().to_owned(),
            brand: config.brand_name.clone().unwrap_or_else(|| words.t("brand-default")),
            back: Back::of(config, &words, errand.back()),
            way_back: format!("{}{}", config.base_path(), errand.way_back()),
            support_url: config.support_url.as_ref().map(ToString::to_string),
            assets: portal.assets.clone(),
            languages: language::choices(&words, &format!("{}/", config.base_path())),
            device: Device::default(),
            continue_href: format!("{}/sign-in", config.base_path()),
            person: person.map(|person| Visitor::new(person, person.left(&portal.clock))),
            frame: None,
            full_page: format!("{}/?{}", config.base_path(), errand.parameter().unwrap_or_default()),
            embed_origins: config.embedders(),
            theme: None,
            words,
        }
    }

    /// The layout of the page `here`, below the base path: the switch of languages leads to it again.
    #[must_use]
    pub fn at(self, here: &str) -> Self {
        let href = format!("{}{}", self.base, with_id_alone(here));
        Self { languages: language::choices(&self.words, &href), ..self }
    }

    /// The message.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        self.words.t(id)
    }

    /// The message `<id>-<kind>`: the same sentence for each kind of factor.
    #[must_use]
    pub fn t_of(&self, id: &str, kind: &str) -> String {
        self.words.t(&format!("{id}-{kind}"))
    }

    /// What `color-scheme` the page has.
    #[must_use]
    pub fn color_scheme(&self) -> &'static str {
        self.theme.map_or("light dark", Theme::name)
    }

    /// The attributes of a link to what is asked on a page of its own: out of a frame it leads into a window, which
    /// knows where it came from and can close itself.
    #[must_use]
    pub fn alone(&self) -> HtmlSafeOutput<&'static str> {
        HtmlSafeOutput(if self.frame.is_some() {
            r#" target="_blank" rel="opener" aria-describedby="in-a-window""#
        } else {
            ""
        })
    }

    /// The synchronizer token for a form.
    #[must_use]
    pub fn csrf_token(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.csrf_token)
    }
}

impl Back {
    /// The account portal needs no name; any other site is named.
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
