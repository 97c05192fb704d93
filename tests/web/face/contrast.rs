//! The contrast of the colour tokens, light and dark (WCAG 2.2, success criteria 1.4.6, 1.4.11 and 2.4.13).

use std::collections::HashMap;

use palette::Srgb;
use palette::color_difference::Wcag21RelativeContrast as _;

use super::tokens;

/// Text colours with their backgrounds.
const TEXT: [(&str, &[&str]); 8] = [
    ("ink", &["paper", "ground", "good-ground", "warn-ground", "bad-ground"]),
    ("ink-soft", &["paper", "ground"]),
    ("accent", &["paper", "ground", "good-ground", "warn-ground", "bad-ground"]),
    ("accent-ink", &["accent"]),
    ("good", &["good-ground"]),
    ("warn", &["warn-ground"]),
    ("bad", &["paper", "ground", "bad-ground"]),
    ("bad-ink", &["bad"]),
];

/// Colours of field borders and of the focus ring, with their backgrounds.
const EDGES: [(&str, &[&str]); 2] = [("field-line", &["paper", "ground"]), ("accent", &["paper", "ground"])];

/// A token's colour, light and dark.
fn colours() -> HashMap<String, [Srgb<f32>; 2]> {
    let both = |value: &str| {
        let (light, dark) = value.strip_prefix("light-dark(")?.strip_suffix(')')?.split_once(", ")?;
        let read = |hex: &str| hex.parse::<Srgb<u8>>().unwrap().into_format();
        Some([read(light), read(dark)])
    };
    // A line that had a trailing comment still has its semicolon.
    let values =
        tokens().into_iter().map(|(name, value)| (name, value.split(';').next().unwrap().to_owned()));
    values.filter_map(|(name, value)| Some((name, both(&value)?))).collect()
}

/// The lowest contrast among these pairs in both themes, and its pair.
fn lowest_contrast(pairs: &[(&str, &[&str])]) -> (f32, String) {
    let colours = colours();
    let mut all = Vec::new();
    for (text, grounds) in pairs {
        for ground in *grounds {
            for (theme, at) in [("light", 0), ("dark", 1)] {
                let contrast = colours[*text][at].relative_contrast(colours[*ground][at]);
                all.push((contrast, format!("{text} on {ground}, {theme}")));
            }
        }
    }
    all.into_iter().min_by(|one, other| one.0.total_cmp(&other.0)).unwrap()
}

#[test]
fn all_text_has_aaa_contrast() {
    let (contrast, pair) = lowest_contrast(&TEXT);
    println!("least contrast of text: {contrast:.2} ({pair})");
    assert!(contrast >= 7.0, "{pair}: {contrast:.2}");
}

#[test]
fn fields_buttons_and_the_focus_ring_contrast_with_their_ground() {
    let (contrast, pair) = lowest_contrast(&EDGES);
    println!("least contrast of edges: {contrast:.2} ({pair})");
    assert!(contrast >= 3.0, "{pair}: {contrast:.2}");
}

#[test]
fn every_colour_token_is_in_a_contrast_test() {
    let named: Vec<&str> = TEXT.iter().chain(&EDGES).flat_map(|(it, on)| [&[*it], *on].concat()).collect();
    for name in colours().keys() {
        // `--line` only decorates, so no contrast is required of it.
        assert!(named.contains(&name.as_str()) || name == "line", "nothing is said of --{name}");
    }
}
