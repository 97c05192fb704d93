//! The available languages, with what pages say of each.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_templates::{LanguageIdentifier, Loader as _};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date as IsoDate;
use icu_locale_core::Locale;
use time::Date;
use unic_langid::CharacterDirection;

use super::{FALLBACK, LOCALES, PSEUDO, pseudo};

/// An available language.
#[derive(Debug)]
pub(crate) struct Tongue {
    /// Its place among them.
    pub(super) number: usize,
    pub(super) language: LanguageIdentifier,
    /// Its BCP 47 tag.
    pub(crate) tag: String,
    /// Its name in itself.
    pub(crate) name: String,
    /// `ltr` or `rtl`.
    pub(crate) dir: &'static str,
}

/// Sorted by their own names. Debug builds have the pseudo-locale behind them.
static TONGUES: LazyLock<Vec<Tongue>> = LazyLock::new(|| {
    let mut all: Vec<Tongue> = LOCALES.locales().cloned().map(Tongue::new).collect();
    all.sort_by_cached_key(|tongue| tongue.name.to_lowercase());
    if cfg!(debug_assertions) {
        all.push(Tongue::new(PSEUDO));
    }
    for (number, tongue) in all.iter_mut().enumerate() {
        tongue.number = number;
    }
    all
});

/// A formatter of days, if the language has one.
type Days = Option<DateTimeFormatter<YMD>>;

thread_local! {
    /// One is dear to make, and threads cannot share it.
    static DAYS: RefCell<HashMap<&'static str, Days>> = RefCell::default();
}

impl Tongue {
    fn new(language: LanguageIdentifier) -> Self {
        let dir = match language.character_direction() {
            CharacterDirection::RTL => "rtl",
            CharacterDirection::LTR | CharacterDirection::TTB => "ltr",
        };
        let name = LOCALES.lookup(&language, "language-name");
        let name = if language == PSEUDO { pseudo::localize(&name) } else { name };
        Self { number: 0, tag: language.to_string(), name, dir, language }
    }

    /// How many there are.
    pub(super) fn count() -> usize {
        TONGUES.len()
    }

    /// All but the pseudo-locale, sorted by their own names.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        TONGUES.iter().filter(|tongue| !tongue.is_pseudo())
    }

    /// The one for a reader who asks for this one.
    pub(super) fn known(asked: &LanguageIdentifier) -> Option<&'static Self> {
        let exactly = TONGUES.iter().find(|tongue| tongue.is_pseudo() && tongue.language == *asked);
        exactly.or_else(|| Self::all().find(|tongue| tongue.language.language == asked.language))
    }

    /// English, which is complete.
    pub(super) fn fallback() -> &'static Self {
        Self::known(&FALLBACK).unwrap_or(&TONGUES[0])
    }

    pub(super) fn is_pseudo(&self) -> bool {
        self.language == PSEUDO
    }

    /// A day as the language writes it.
    pub(super) fn date(&'static self, day: Date) -> String {
        let written = || {
            let date = IsoDate::try_new_iso(day.year(), day.month().into(), day.day()).ok()?;
            DAYS.with_borrow_mut(|days| {
                let format = days.entry(&self.tag).or_insert_with(|| self.days()).as_ref()?;
                Some(format.format(&date).to_string())
            })
        };
        written().unwrap_or_else(|| day.to_string())
    }

    fn days(&self) -> Days {
        let language: Locale = self.tag.parse().ok()?;
        DateTimeFormatter::try_new(language.into(), YMD::long()).ok()
    }
}
