//! A language nobody speaks, `en-XA`, for finding text that was never translated and pages that long words break. Only
//! debug builds know it.

/// What Fluent puts around arguments, which stay as they are: they are not ours to translate.
const ISOLATES: (char, char) = ('\u{2068}', '\u{2069}');

/// English with accents, a third longer, between brackets that show where a text begins and ends.
pub(super) fn of(text: &str) -> String {
    let mut depth = 0_i32;
    let accented: String = text
        .chars()
        .map(|c| {
            depth = depth + i32::from(c == ISOLATES.0) - i32::from(c == ISOLATES.1);
            if depth == 0 { accented(c) } else { c }
        })
        .collect();
    format!("[{accented}{}]", " one two".repeat(text.chars().count().div_ceil(24)))
}

fn accented(c: char) -> char {
    const PLAIN: &str = "aceinosuyACEINOSUY";
    const ACCENTED: &str = "áçéíñóšúýÁÇÉÍÑÓŠÚÝ";
    PLAIN.find(c).and_then(|at| ACCENTED.chars().nth(at)).unwrap_or(c)
}
