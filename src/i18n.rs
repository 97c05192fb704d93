//! The reader's language: chosen from what the browser asks for, and the words of the Fluent files in it.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, langid, static_loader};

static_loader! {
    static LOCALES = {
        locales: "./templates/locales",
        fallback_language: "en",
    };
}

const FALLBACK: LanguageIdentifier = langid!("en");

/// The words in one language. The isolation marks that Fluent puts around arguments stay, so that numbers survive in
/// right-to-left text.
#[derive(Clone, Debug)]
pub struct Words {
    language: LanguageIdentifier,
    region: Option<String>,
}

impl Words {
    /// The language that fits the browser's `Accept-Language` best (RFC 9110 §12.5.4); English where none does.
    #[must_use]
    pub fn negotiated(headers: &HeaderMap) -> Self {
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let tags = preferences(asked);
        let language = tags.iter().find_map(|tag| known(tag)).unwrap_or(FALLBACK);
        let region = tags.iter().find_map(|tag| tag.parse::<LanguageIdentifier>().ok()?.region);
        Self { language, region: region.map(|region| region.to_string()) }
    }

    /// The country that the browser's languages name, as an ISO 3166 code.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The language's tag, for `lang` attributes and `ui_locales`.
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
        LOCALES.lookup_with_args(&self.language, id, &HashMap::from([(Cow::Borrowed(name), value)]))
    }
}

fn known(tag: &str) -> Option<LanguageIdentifier> {
    let asked: LanguageIdentifier = tag.parse().ok()?;
    LOCALES.locales().find(|have| have.language == asked.language).cloned()
}

/// The tags of an `Accept-Language`, the most wanted first; `q=0` means not at all.
fn preferences(header: &str) -> Vec<String> {
    let mut weighted: Vec<(u16, &str)> = header
        .split(',')
        .filter_map(|item| {
            let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 1000 after the clamp"
            )]
            let weight = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
            (weight > 0).then(|| (weight, tag.trim()))
        })
        .collect();
    weighted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighted.into_iter().map(|(_, tag)| tag.to_owned()).collect()
}
