//! Text from the Fluent files, in the available language that suits the reader best.

pub(crate) mod isolates;
mod own_words;
mod pseudo;
mod ready;
mod tongue;
pub(crate) mod visible;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use fluent_templates::fluent_bundle::{FluentArgs, FluentValue};
use fluent_templates::{LanguageIdentifier, Loader as _, langid, static_loader};
use time::OffsetDateTime;

pub use self::own_words::OwnWords;
pub(crate) use self::own_words::{Fault, OwnRefusal};
use self::ready::{Argument, Ready};
pub(crate) use self::tongue::Tongue;

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
    tongue: &'static Tongue,
    wanted: Arc<[LanguageIdentifier]>,
    /// The company's words, which replace ours, and its push app's name, `$app` in any message.
    own: OwnWords,
}

impl Words {
    fn new(tongue: &'static Tongue, wanted: impl Into<Arc<[LanguageIdentifier]>>) -> Self {
        Self { tongue, wanted: wanted.into(), own: OwnWords::default() }
    }

    /// The same with the company's words in place of ours.
    #[must_use]
    pub(crate) fn replaced_by(self, own: &OwnWords) -> Self {
        Self { own: own.clone(), ..self }
    }

    /// The best available language for BCP 47 tags in order of preference; English if none is available.
    pub fn best<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let wanted: Vec<LanguageIdentifier> = tags.into_iter().filter_map(identifier).collect();
        Self::new(wanted.iter().find_map(Tongue::known).unwrap_or_else(Tongue::fallback), wanted)
    }

    /// The language of a BCP 47 tag, if it is available.
    #[must_use]
    pub fn known(tag: &str) -> Option<Self> {
        let tongue = Tongue::known(&identifier(tag)?)?;
        Some(Self::new(tongue, [tongue.language.clone()]))
    }

    /// All available languages, sorted by their own names.
    pub fn all() -> impl Iterator<Item = Self> {
        Tongue::all().map(|tongue| Self::new(tongue, [tongue.language.clone()]))
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
        self.tongue.tag.clone()
    }

    /// The direction of writing, `ltr` or `rtl`, for `dir` attributes.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        self.tongue.dir
    }

    /// The language's name in itself.
    pub(crate) fn language_name(&self) -> &'static str {
        &self.tongue.name
    }

    /// The message `id`.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        let ready = self.ready().and_then(|ready| ready.text(id));
        ready.unwrap_or_else(|| self.fill(id, HashMap::new()))
    }

    /// An entry that is data rather than text, such as the order of countries.
    #[must_use]
    pub fn data(&self, id: &str) -> String {
        LOCALES.lookup(&self.tongue.language, id)
    }

    /// The message with one named text argument.
    #[must_use]
    pub fn with(&self, id: &str, name: &'static str, value: &str) -> String {
        // The marks around the app's name are dropped, whichever argument it is.
        let ready = self.ready().filter(|_| value != self.own.app());
        let ready = ready.and_then(|ready| ready.text_with(id, name, value));
        ready.unwrap_or_else(|| self.fill_with(id, name.into(), value))
    }

    fn fill_with(&self, id: &str, name: Cow<'static, str>, value: &str) -> String {
        let is_digits = name == DIGITS;
        let text = self.fill(id, HashMap::from([(name, value.to_owned().into())]));
        if is_digits { isolates::unmarked(&text, value) } else { text }
    }

    /// A refusal of the company's own, in its words.
    #[must_use]
    pub(crate) fn refusal(&self, id: &str, brand: &str) -> Option<OwnRefusal> {
        let arguments: FluentArgs<'_> = [("brand", brand), ("app", self.own.app())].into_iter().collect();
        self.own.told(&self.tongue.language, id, &arguments)
    }

    /// The message with `$count`, which selects the plural form.
    #[must_use]
    pub fn count(&self, id: &str, count: impl TryInto<i64>) -> String {
        let count = count.try_into().unwrap_or(i64::MAX);
        let ready = self.ready().and_then(|ready| ready.plural(id, count));
        ready.unwrap_or_else(|| self.fill_count(id, count))
    }

    fn fill_count(&self, id: &str, count: i64) -> String {
        self.fill(id, HashMap::from([(Cow::Borrowed("count"), count.into())]))
    }

    /// The day of a moment, by UTC, as the language writes it: `28 November 2026`.
    #[must_use]
    pub fn date(&self, at: OffsetDateTime) -> String {
        self.tongue.date(at.date())
    }

    /// The texts that are resolved already; `None` for the pseudo-locale, which is made from each text anew.
    fn ready(&self) -> Option<&Ready> {
        let resolve = |id: &str, argument: Argument<'_>| match argument {
            Argument::Count(count) => Some(self.fill_count(id, count)),
            _ if !self.own.is_settled(&self.tongue.language, id) => None,
            Argument::Text(name, value) => Some(self.fill_with(id, name.to_owned().into(), value)),
            Argument::None => Some(self.fill(id, HashMap::new())),
        };
        (!self.tongue.is_pseudo()).then(|| self.own.ready(self.tongue).get_or_init(|| Ready::new(resolve)))
    }

    fn fill(&self, id: &str, mut arguments: HashMap<Cow<'static, str>, FluentValue<'static>>) -> String {
        let (language, app) = (&self.tongue.language, self.own.app());
        arguments.insert(Cow::Borrowed("app"), app.to_owned().into());
        let given: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let own = self.own.message(language, id, &given);
        let text = own.unwrap_or_else(|| {
            let text = LOCALES.lookup_with_args(language, id, &arguments);
            if self.tongue.is_pseudo() { pseudo::localize(&text) } else { text }
        });
        isolates::unmarked(&text, app)
    }
}

/// The language, script and region of a tag, without extensions and private use (RFC 5646 §2.2.6).
fn identifier(tag: &str) -> Option<LanguageIdentifier> {
    let own: Vec<&str> = tag.split('-').take_while(|part| part.len() > 1).collect();
    // The library lets other characters pass in variants.
    let plain = own.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    own.join("-").parse().ok().filter(|_| plain)
}
