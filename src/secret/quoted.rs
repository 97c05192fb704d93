//! Text of others in the log: without the addresses and numbers that it may repeat.

const REDACTED: &str = "[redacted]";
/// Fewer digits are a status, a length or a limit; a phone number has at least this many (ITU-T E.164).
const FEWEST_DIGITS: usize = 5;

/// The text without what may be an e-mail address or a phone number. The tenant's descriptions may repeat what a person
/// typed.
#[must_use]
pub fn without_contacts(text: &str) -> String {
    // They could part the digits of a number.
    let text: String = text.chars().filter(|letter| !letter.is_control() || letter.is_whitespace()).collect();
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let end = word.trim_end().len();
        if is_address(&word[..end]) { format!("{REDACTED}{}", &word[end..]) } else { word.to_owned() }
    });
    let mut kept = String::new();
    let mut number = String::new();
    for letter in words.collect::<String>().chars() {
        if letter.is_numeric() || (!number.is_empty() && joins_digits(letter)) {
            number.push(letter);
        } else {
            push_number(&mut kept, &number);
            number.clear();
            kept.push(letter);
        }
    }
    push_number(&mut kept, &number);
    kept
}

fn is_address(word: &str) -> bool {
    word.contains(['@', '＠', '﹫']) || word.to_ascii_lowercase().contains("%40")
}

/// Whether it may stand between the digits of a number as people write it.
fn joins_digits(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '+' | '-' | '‐' | '‑' | '–' | '.' | '/' | '(' | ')' | '\u{2068}' | '\u{2069}')
}

/// Adds a run of digits and what joins them, redacted if it is long enough for a number.
fn push_number(kept: &mut String, run: &str) {
    let end = run.trim_end_matches(joins_digits).len();
    let is_number = run.chars().filter(|letter| letter.is_numeric()).count() >= FEWEST_DIGITS;
    kept.push_str(if is_number { REDACTED } else { &run[..end] });
    kept.push_str(&run[end..]);
}
