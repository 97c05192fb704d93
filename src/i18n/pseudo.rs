//! The pseudo-locale `en-XA`, which shows text that is not translatable and layouts that long text breaks. Only debug
//! builds have it.

/// Fluent's marks around arguments, which are not translated.
const ISOLATES: (char, char) = ('\u{2068}', '\u{2069}');

/// Accents the text, makes it a third longer and encloses it in brackets.
pub(super) fn localize(text: &str) -> String {
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
