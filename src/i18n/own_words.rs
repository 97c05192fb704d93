//! Words of the company's own (WORDS): messages that replace ours, and refusals of its own in its own words.

mod check;
mod known;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::iter;
use std::sync::{Arc, LazyLock, OnceLock};

use fluent_templates::LanguageIdentifier;
use fluent_templates::fluent_bundle::concurrent::FluentBundle;
use fluent_templates::fluent_bundle::{FluentArgs, FluentResource};

pub(super) use self::known::KNOWN;
use super::visible::visible;
use super::{FALLBACK, LOCALES, PUSH_APP, Ready, Tongue};

/// Begins the id of a message for a refusal of the company's own.
const REFUSAL: &str = "refusal-";
/// The attribute with the descriptions of that refusal, one a line.
const WHEN: &str = "when";
/// The attribute with the title of its page.
const TITLE: &str = "title";

type Bundle = FluentBundle<FluentResource>;

/// The company's words, by language, and its push app's name.
#[derive(Clone)]
pub struct OwnWords(Arc<Own>);

struct Own {
    files: Arc<Files>,
    app: Cow<'static, str>,
    /// By the number of the language.
    ready: Vec<OnceLock<Ready>>,
}

#[derive(Default)]
struct Files {
    bundles: HashMap<LanguageIdentifier, Bundle>,
    refusals: Vec<Refusal>,
}

/// A description of a refusal, and the message for it.
struct Refusal {
    description: String,
    /// Whether the description only begins so.
    is_beginning: bool,
    id: String,
}

/// A refusal in the company's words.
pub(crate) struct OwnRefusal {
    /// BCP 47 tag of the language that both are in.
    pub(crate) lang: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// The mistake in a file, and its place.
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl OwnWords {
    /// The words of these files, each with the tag of its language, such as `de`. Fails with the number of the file.
    pub(crate) fn of(files: &[(String, String)]) -> Result<Self, (usize, Fault)> {
        let mut own = Files::default();
        for (number, (tag, text)) in files.iter().enumerate() {
            own.add(tag, text).map_err(|fault| (number, fault))?;
        }
        Ok(Self::new(own.into(), PUSH_APP.into()))
    }

    fn new(files: Arc<Files>, app: Cow<'static, str>) -> Self {
        let ready = iter::repeat_with(OnceLock::new).take(Tongue::count()).collect();
        Self(Arc::new(Own { files, app, ready }))
    }

    /// The same words with another name of the push app.
    #[must_use]
    pub(crate) fn naming(&self, app: &str) -> Self {
        Self::new(self.0.files.clone(), app.to_owned().into())
    }

    /// The push app's name.
    pub(super) fn app(&self) -> &str {
        &self.0.app
    }

    /// The messages of this language that are resolved once.
    pub(super) fn ready(&self, tongue: &Tongue) -> &OnceLock<Ready> {
        &self.0.ready[tongue.number]
    }

    /// Whether the message reads the same whatever its text arguments say: ours do, and a company may write variants.
    pub(super) fn is_settled(&self, language: &LanguageIdentifier, id: &str) -> bool {
        let message = self.0.files.bundles.get(language).and_then(|bundle| bundle.get_message(id));
        message.and_then(|message| message.value()).is_none_or(|text| !known::uses(text).has_variants)
    }

    /// The tags that a file may be named after.
    pub(crate) fn languages() -> Vec<String> {
        use fluent_templates::Loader as _;
        let mut tags: Vec<String> = LOCALES.locales().map(ToString::to_string).collect();
        tags.sort();
        tags
    }

    /// The id of the message for a refusal with this description.
    pub(crate) fn refusal(&self, description: &str) -> Option<&str> {
        let said = comparable(description);
        let is_it = |it: &&Refusal| {
            if it.is_beginning { said.starts_with(&it.description) } else { said == it.description }
        };
        self.0.files.refusals.iter().find(is_it).map(|refusal| refusal.id.as_str())
    }

    /// The message in exactly this language.
    pub(super) fn message(
        &self,
        language: &LanguageIdentifier,
        id: &str,
        arguments: &FluentArgs<'_>,
    ) -> Option<String> {
        let bundle = self.0.files.bundles.get(language)?;
        let message = bundle.get_message(id)?.value()?;
        Some(bundle.format_pattern(message, Some(arguments), &mut Vec::new()).into_owned())
    }

    /// A refusal in this language; else in English, else in any language that has it.
    pub(super) fn told(
        &self,
        language: &LanguageIdentifier,
        id: &str,
        arguments: &FluentArgs<'_>,
    ) -> Option<OwnRefusal> {
        let bundles = &self.0.files.bundles;
        let mut others: Vec<&LanguageIdentifier> = bundles.keys().collect();
        others.sort_by_key(ToString::to_string);
        [language, &FALLBACK].into_iter().chain(others).find_map(|language| {
            let bundle = bundles.get(language)?;
            let message = bundle.get_message(id)?;
            let said = |part| bundle.format_pattern(part, Some(arguments), &mut Vec::new()).into_owned();
            Some(OwnRefusal {
                lang: language.to_string(),
                title: said(message.get_attribute(TITLE)?.value()),
                text: said(message.value()?),
            })
        })
    }
}

/// None, and Auth0's own push app.
impl Default for OwnWords {
    fn default() -> Self {
        static NONE: LazyLock<OwnWords> = LazyLock::new(|| OwnWords::new(Arc::default(), PUSH_APP.into()));
        NONE.clone()
    }
}

/// A description as it is compared: without what nobody sees, and with any blanks and letter case.
fn comparable(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl fmt::Debug for OwnWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.files.bundles.keys().map(ToString::to_string)).finish()
    }
}
