//! Text without the characters that nobody can see. They come along when people copy from a page or a message:
//! zero-width spaces, direction marks, soft hyphens.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// The text without what Unicode calls default-ignorable (Unicode Standard Annex #44, Default_Ignorable_Code_Point).
#[must_use]
pub fn visible(text: &str) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().filter(|c| !ignorable.contains(*c)).collect()
}
