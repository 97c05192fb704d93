//! Text without the characters that nobody can see. They come along when people copy from a page or a message:
//! zero-width spaces, direction marks, soft hyphens.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Blanks that Unicode calls letters or symbols (code charts 2800, 13430 and 1D100), and what stands for an object that
/// is not there (FFFC).
const BLANKS: [char; 5] = ['\u{2800}', '\u{fffc}', '\u{13441}', '\u{13442}', '\u{1d159}'];
/// Characters that are seen by themselves. A combining mark needs something to stand on.
const SEEN: GeneralCategoryGroup = GeneralCategoryGroup::Letter
    .union(GeneralCategoryGroup::Number)
    .union(GeneralCategoryGroup::Punctuation)
    .union(GeneralCategoryGroup::Symbol);

/// The text without what Unicode calls default-ignorable (Unicode Standard Annex #44, Default_Ignorable_Code_Point).
#[must_use]
pub fn visible(text: &str) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().filter(|c| !ignorable.contains(*c)).collect()
}

/// The text as its readers see it, with single blanks; `None` if they see nothing.
#[must_use]
pub fn seen(text: &str) -> Option<String> {
    let text: String = visible(text).chars().filter(|c| is_blank(*c) || !is_invisible(*c)).collect();
    let words: Vec<&str> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
    let categories = CodePointMapData::<GeneralCategory>::new();
    let is_seen = words.iter().flat_map(|word| word.chars()).any(|c| SEEN.contains(categories.get(c)));
    is_seen.then(|| words.join(" "))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || BLANKS.contains(&c)
}

/// Control characters, and the marks of annotations, which Unicode does not call ignorable (Unicode Standard §23.8).
fn is_invisible(c: char) -> bool {
    c.is_control() || ('\u{fff9}'..='\u{fffb}').contains(&c)
}
