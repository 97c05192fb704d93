//! Fluent's marks around arguments, which keep numbers and names in order in text of the other direction. A page has
//! elements for that, and a screen reader may read the marks aloud, so names and titles are free of them.

use askama::filters::{Html, Safe, escape};

/// First strong isolate and pop directional isolate (Unicode Standard Annex #9, section 2.5).
const MARKS: [char; 2] = ['\u{2068}', '\u{2069}'];

/// The text without marks, for attributes and titles, which hold no elements.
pub(crate) fn plain(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    if has_marks(text) { text.replace(MARKS, "") } else { text.to_owned() }
}

/// The text as HTML in which `bdi` elements stand for the marks (HTML Standard, section 4.5.24).
pub(crate) fn bdi(text: impl AsRef<str>) -> Safe<String> {
    let escaped = escape(text.as_ref(), Html).map_or_else(|never| match never {}, |it| it.to_string());
    if has_marks(&escaped) {
        Safe(escaped.replace(MARKS[0], "<bdi>").replace(MARKS[1], "</bdi>"))
    } else {
        Safe(escaped)
    }
}

fn has_marks(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(*mark))
}

/// The text without marks around this argument.
pub(super) fn unmarked(text: &str, argument: &str) -> String {
    let [begin, end] = MARKS;
    text.replace(&format!("{begin}{argument}{end}"), argument)
}
