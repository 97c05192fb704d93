//! Text from the Fluent files, in the available language that suits the reader best.

pub(crate) mod isolates;
mod own_words;
mod pseudo;
pub(crate) mod visible;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use fluent_templates::fluent_bundle::{FluentArgs, FluentValue};
use fluent_templates::{LanguageIdentifier, Loader as _, langid, static_loader};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date;
use icu_locale_core::Locale;
use time::OffsetDateTime;
use unic_langid::CharacterDirection;

pub use self::own_words::OwnWords;
pub(crate) use self::own_words::{Fault, OwnRefusal};

static_loader! {
    static LOCALES = {
        locales: "./templates/locales",
        fallback_language: "en",
    };
}

const FALLBACK: LanguageIdentifier = langid!("en");
const PSEUDO: LanguageIdentifier = langid!("en-XA");

/// The push app's name, unless a setting names the company's own.
pub(crate) const PUSH_APP: &str = "Auth0 Guardian";

/// The argument that is always a few digits, which stay in order without marks; so does `$app`, which words surround.
const DIGITS: &str = "ending";

/// Further languages tell the tenant nothing useful.
const MAX_UI_LOCALES: usize = 5;

/// The messages of one language. Fluent's isolation marks around most arguments are kept, so that numbers stay in order
/// in right-to-left text.
#[derive(Clone, Debug)]
pub struct Words {
    language: LanguageIdentifier,
    wanted: Vec<LanguageIdentifier>,
    /// The push app's name, `$app` in any message.
    app: Cow<'static, str>,
    /// The company's words, which replace ours.
    own: OwnWords,
}

impl Words {
    fn new(language: LanguageIdentifier, wanted: Vec<LanguageIdentifier>) -> Self {
        Self { language, wanted, app: Cow::Borrowed(PUSH_APP), own: OwnWords::default() }
    }

    /// The same words with another name of the push app.
    #[must_use]
    pub(crate) fn naming(self, app: &str) -> Self {
        Self { app: Cow::Owned(app.to_owned()), ..self }
    }

    /// The same with the company's words in place of ours.
    #[must_use]
    pub(crate) fn replaced_by(self, own: &OwnWords) -> Self {
        Self { own: own.clone(), ..self }
    }

    /// The best available language for BCP 47 tags in order of preference; English if none is available.
    pub fn best<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let wanted: Vec<LanguageIdentifier> = tags.into_iter().filter_map(identifier).collect();
        Self::new(wanted.iter().find_map(known).unwrap_or(FALLBACK), wanted)
    }

    /// The language of a BCP 47 tag, if it is available.
    #[must_use]
    pub fn known(tag: &str) -> Option<Self> {
        let language = known(&identifier(tag)?)?;
        Some(Self::new(language.clone(), vec![language]))
    }

    /// All available languages, sorted by their own names.
    pub fn all() -> impl Iterator<Item = Self> {
        let mut all: Vec<_> = LOCALES.locales().cloned().collect();
        all.sort_by_cached_key(|language| LOCALES.lookup(language, "language-name").to_lowercase());
        all.into_iter().map(|language| Self::new(language.clone(), vec![language]))
    }

    /// The languages to ask of the tenant's pages (OpenID Connect Core 1.0 §3.1.2.1, `ui_locales`), with those that
    /// only the tenant may have.
    #[must_use]
    pub fn ui_locales(&self) -> String {
        let mut tags: Vec<String> = self.wanted.iter().map(ToString::to_string).collect();
        tags.push(self.lang());
        let mut seen = HashSet::new();
        tags.retain(|tag| seen.insert(tag.clone()));
        tags.truncate(MAX_UI_LOCALES);
        tags.join(" ")
    }

    /// The first country in the wanted languages, as an ISO 3166 code.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.wanted.iter().find_map(|language| Some(language.region.as_ref()?.as_str()))
    }

    /// The language's BCP 47 tag, for `lang` attributes.
    #[must_use]
    pub fn lang(&self) -> String {
        self.language.to_string()
    }

    /// The direction of writing, `ltr` or `rtl`, for `dir` attributes.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        match self.language.character_direction() {
            CharacterDirection::RTL => "rtl",
            CharacterDirection::LTR | CharacterDirection::TTB => "ltr",
        }
    }

    /// The message `id`.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        self.fill(id, HashMap::new())
    }

    /// An entry that is data rather than text, such as the order of countries.
    #[must_use]
    pub fn data(&self, id: &str) -> String {
        LOCALES.lookup(&self.language, id)
    }

    /// The message with one named text argument.
    #[must_use]
    pub fn with(&self, id: &str, name: &'static str, value: &str) -> String {
        let text = self.fill(id, HashMap::from([(Cow::Borrowed(name), value.to_owned().into())]));
        if name == DIGITS { isolates::unmarked(&text, value) } else { text }
    }

    /// A refusal of the company's own, in its words.
    #[must_use]
    pub(crate) fn refusal(&self, id: &str, brand: &str) -> Option<OwnRefusal> {
        let arguments: FluentArgs<'_> = [("brand", brand), ("app", &*self.app)].into_iter().collect();
        self.own.told(&self.language, id, &arguments)
    }

    /// The message with `$count`, which selects the plural form.
    #[must_use]
    pub fn count(&self, id: &str, count: impl TryInto<i64>) -> String {
        self.fill(id, HashMap::from([(Cow::Borrowed("count"), count.try_into().unwrap_or(i64::MAX).into())]))
    }

    /// The day of a moment, by UTC, as the language writes it: `28 November 2026`.
    #[must_use]
    pub fn date(&self, at: OffsetDateTime) -> String {
        let day = at.date();
        let written = || {
            let date = Date::try_new_iso(day.year(), day.month().into(), day.day()).ok()?;
            let language: Locale = self.language.to_string().parse().ok()?;
            let format = DateTimeFormatter::try_new(language.into(), YMD::long()).ok()?;
            Some(format.format(&date).to_string())
        };
        written().unwrap_or_else(|| day.to_string())
    }

    fn fill(&self, id: &str, mut arguments: HashMap<Cow<'static, str>, FluentValue<'static>>) -> String {
        arguments.insert(Cow::Borrowed("app"), self.app.to_string().into());
        let given: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let own = self.own.message(&self.language, id, &given);
        let text = own.unwrap_or_else(|| {
            self.pseudo_localized(LOCALES.lookup_with_args(&self.language, id, &arguments))
        });
        isolates::unmarked(&text, &self.app)
    }

    fn pseudo_localized(&self, text: String) -> String {
        if self.language == PSEUDO { pseudo::localize(&text) } else { text }
    }
}

/// The language, script and region of a tag, without extensions and private use (RFC 5646 §2.2.6).
fn identifier(tag: &str) -> Option<LanguageIdentifier> {
    let own: Vec<&str> = tag.split('-').take_while(|part| part.len() > 1).collect();
    // The library lets other characters pass in variants.
    let plain = own.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    own.join("-").parse().ok().filter(|_| plain)
}

fn known(asked: &LanguageIdentifier) -> Option<LanguageIdentifier> {
    if cfg!(debug_assertions) && *asked == PSEUDO {
        return Some(PSEUDO);
    }
    LOCALES.locales().find(|have| have.language == asked.language).cloned()
}
