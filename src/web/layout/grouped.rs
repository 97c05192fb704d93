//! Keys and recovery codes in groups of four, as people type and copy them.

/// `ABCDEFGH` as `ABCD EFGH`.
#[must_use]
pub fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
