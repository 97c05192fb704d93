//! The words of the Fluent files, in the language that fits best what a reader asks for.

mod pseudo;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, langid, static_loader};

static_loader! {
    static LOCALES = {
        locales: "./templates/locales",
        fallback_language: "en",
    };
}

const FALLBACK: LanguageIdentifier = langid!("en");
const PSEUDO: LanguageIdentifier = langid!("en-XA");

/// As many languages are passed on to the tenant; more say nothing about a person.
const PASSED_ON: usize = 5;

/// The words in one language. The isolation marks that Fluent puts around arguments stay, so that numbers survive in
/// right-to-left text.
#[derive(Clone, Debug)]
pub struct Words {
    language: LanguageIdentifier,
    wanted: Vec<LanguageIdentifier>,
}

impl Words {
    /// The language that fits best, from BCP 47 tags with the most wanted first; English where none does.
    pub fn best<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let wanted: Vec<LanguageIdentifier> = tags.into_iter().filter_map(identifier).collect();
        Self { language: wanted.iter().find_map(known).unwrap_or(FALLBACK), wanted }
    }

    /// The words in the language of this tag, if we have it.
    #[must_use]
    pub fn known(tag: &str) -> Option<Self> {
        let language = known(&identifier(tag)?)?;
        Some(Self { wanted: vec![language.clone()], language })
    }

    /// Every language there is, by its own name's order in the switch.
    pub fn all() -> impl Iterator<Item = Self> {
        let mut all: Vec<_> = LOCALES.locales().cloned().collect();
        all.sort_by_cached_key(|language| LOCALES.lookup(language, "language-name").to_lowercase());
        all.into_iter().map(|language| Self { wanted: vec![language.clone()], language })
    }

    /// What the tenant's own pages are asked to speak (OpenID Connect Core 1.0 §3.1.2.1, `ui_locales`): it may have a
    /// language that we have not.
    #[must_use]
    pub fn ui_locales(&self) -> String {
        let mut tags: Vec<String> = self.wanted.iter().map(ToString::to_string).collect();
        tags.push(self.lang());
        let mut seen = HashSet::new();
        tags.retain(|tag| seen.insert(tag.clone()));
        tags.truncate(PASSED_ON);
        tags.join(" ")
    }

    /// The country that the wanted languages name, as an ISO 3166 code.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.wanted.iter().find_map(|language| Some(language.region.as_ref()?.as_str()))
    }

    /// The language's tag, for `lang` attributes.
    #[must_use]
    pub fn lang(&self) -> String {
        self.language.to_string()
    }

    /// The direction of writing, for `dir` attributes.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        if matches!(self.language.language.as_str(), "ar" | "fa" | "he" | "ur") { "rtl" } else { "ltr" }
    }

    /// The message.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        self.spoken(self.data(id))
    }

    /// What stands in the language's file but is not read by people, such as the order of countries.
    #[must_use]
    pub fn data(&self, id: &str) -> String {
        LOCALES.lookup(&self.language, id)
    }

    /// The message with one named argument, as text.
    #[must_use]
    pub fn with(&self, id: &str, name: &'static str, value: &str) -> String {
        self.fill(id, name, FluentValue::from(value.to_owned()))
    }

    /// The message with `$count`, which chooses the plural form.
    #[must_use]
    pub fn count(&self, id: &str, count: impl TryInto<i64>) -> String {
        self.fill(id, "count", FluentValue::from(count.try_into().unwrap_or(i64::MAX)))
    }

    fn fill(&self, id: &str, name: &'static str, value: FluentValue<'static>) -> String {
        let arguments = HashMap::from([(Cow::Borrowed(name), value)]);
        self.spoken(LOCALES.lookup_with_args(&self.language, id, &arguments))
    }

    fn spoken(&self, text: String) -> String {
        if self.language == PSEUDO { pseudo::of(&text) } else { text }
    }
}

/// The language, script and region of a tag; what extensions and private use add is left out (RFC 5646 §2.2.6).
fn identifier(tag: &str) -> Option<LanguageIdentifier> {
    let own: Vec<&str> = tag.split('-').take_while(|part| part.len() > 1).collect();
    own.join("-").parse().ok()
}

fn known(asked: &LanguageIdentifier) -> Option<LanguageIdentifier> {
    if cfg!(debug_assertions) && *asked == PSEUDO {
        return Some(PSEUDO);
    }
    LOCALES.locales().find(|have| have.language == asked.language).cloned()
}
