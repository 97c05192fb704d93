//! The contrast of the colour tokens, light and dark (WCAG 2.2, success criteria 1.4.6, 1.4.11 and 2.4.13).

use std::collections::HashMap;

use palette::color_difference::Wcag21RelativeContrast as _;
use palette::{FromColor as _, Mix as _, Oklab, Oklch, Srgb};

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

/// The tokens' colours, light and dark, for this `--brand`. Out of gamut, browsers clip or reduce the chroma: `chroma`
/// is how much of it they keep.
fn colours(brand: Srgb<f32>, chroma: f32) -> HashMap<String, [Srgb<f32>; 2]> {
    let read = |value: &str| match value.strip_prefix("oklch(from var(--brand) ") {
        Some(derived) => derive(derived, brand, chroma),
        None => value.parse::<Srgb<u8>>().unwrap().into_format(),
    };
    let both = |value: &str| {
        let value = value.strip_prefix("light-dark(")?.strip_suffix(')')?;
        // The comma between the two, not one of `min(l, .47)`.
        let at = value.match_indices(", ").map(|(at, _)| at);
        let at = at.filter(|&at| value[..at].matches('(').count() == value[..at].matches(')').count());
        let (light, dark) = value.split_at(at.last().unwrap());
        // The ground of a logo, which only shows in the dark.
        (light != "transparent").then(|| [read(light), read(&dark[2..])])
    };
    // A line that had a trailing comment still has its semicolon.
    let values =
        tokens().into_iter().map(|(name, value)| (name, value.split(';').next().unwrap().to_owned()));
    values.filter_map(|(name, value)| Some((name, both(&value)?))).collect()
}

/// The colour of `oklch(from var(--brand) L C h / 1)` (CSS Color 5 §4), such as `min(l, .47) c h / 1)`.
fn derive(formula: &str, brand: Srgb<f32>, kept: f32) -> Srgb<f32> {
    let brand = Oklch::from_color(brand);
    let formula = formula.replace(", ", ",");
    let [l, c, "h", "/", "1)"] = formula.split(' ').collect::<Vec<_>>()[..] else { panic!("{formula}") };
    let apply = |part: &str, channel: f32| match part.trim_end_matches(')').split_once(',') {
        Some((function, limit)) if function.starts_with("min(") => channel.min(limit.parse().unwrap()),
        Some((_, limit)) => channel.max(limit.parse().unwrap()),
        None => part.parse().unwrap_or(channel),
    };
    let derived = Oklch::new(apply(l, brand.l), apply(c, brand.chroma) * kept, brand.hue);
    Srgb::from_color(derived)
}

/// Our own brand.
fn ours() -> Srgb<f32> {
    let (_, brand) = tokens().into_iter().find(|(name, _)| name == "brand").unwrap();
    brand.split(';').next().unwrap().parse::<Srgb<u8>>().unwrap().into_format()
}

/// The lowest contrast among these pairs in both themes, and its pair.
fn lowest_contrast(pairs: &[(&str, &[&str])], colours: &HashMap<String, [Srgb<f32>; 2]>) -> (f32, String) {
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
    let (contrast, pair) = lowest_contrast(&TEXT, &colours(ours(), 1.0));
    println!("least contrast of text: {contrast:.2} ({pair})");
    assert!(contrast >= 7.0, "{pair}: {contrast:.2}");
}

/// Accents in text stand on the grounds of `TEXT`, on a tenth of themselves (badges, steps), and under a pointer.
#[test]
fn any_brand_gives_links_and_buttons_aa_contrast() {
    let levels = [0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0];
    let brands = levels.map(|red| levels.map(|green| levels.map(|blue| Srgb::new(red, green, blue))));
    let mut lowest = (f32::INFINITY, String::new());
    for brand in brands.as_flattened().as_flattened() {
        for kept in [1.0, 0.7, 0.4] {
            let colours = colours_of_accents(*brand, kept);
            let (contrast, pair) = lowest_contrast(&TEXT[2..4], &colours);
            let tinted = lowest_contrast(&[("accent", &["badge", "hover"])], &colours);
            for (contrast, pair) in [(contrast, pair), tinted] {
                if contrast < lowest.0 {
                    lowest = (contrast, format!("{pair}, --brand {brand:?}"));
                }
            }
        }
    }
    println!("least contrast of any brand: {lowest:?}");
    assert!(lowest.0 >= 4.5, "{lowest:?}");
}

/// `colours`, with the tints that rules mix of the accent.
fn colours_of_accents(brand: Srgb<f32>, kept: f32) -> HashMap<String, [Srgb<f32>; 2]> {
    let mut colours = colours(brand, kept);
    for (tint, ground, part) in [("badge", "paper", 0.1), ("hover", "ground", 0.06)] {
        let mix = |at: usize| {
            let [ground, accent] = [ground, "accent"].map(|name| Oklab::from_color(colours[name][at]));
            Srgb::from_color(ground.mix(accent, part))
        };
        colours.insert(tint.to_owned(), [mix(0), mix(1)]);
    }
    colours
}

#[test]
fn fields_buttons_and_the_focus_ring_contrast_with_their_ground() {
    let (contrast, pair) = lowest_contrast(&EDGES, &colours(ours(), 1.0));
    println!("least contrast of edges: {contrast:.2} ({pair})");
    assert!(contrast >= 3.0, "{pair}: {contrast:.2}");
}

#[test]
fn every_colour_token_is_in_a_contrast_test() {
    let named: Vec<&str> = TEXT.iter().chain(&EDGES).flat_map(|(it, on)| [&[*it], *on].concat()).collect();
    for name in colours(ours(), 1.0).keys() {
        // `--line` only decorates, so no contrast is required of it.
        assert!(named.contains(&name.as_str()) || name == "line", "nothing is said of --{name}");
    }
}
