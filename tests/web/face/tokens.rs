//! The design tokens: each is used, no rule bypasses them, and a brand stylesheet can override each.

use std::fmt::Write as _;

use super::{stylesheet, tokens};
use crate::support::World;

/// The rules below the tokens, without those for print, where paper is white.
fn rules() -> String {
    let css = stylesheet();
    let (_, rules) = css.split_once("@layer base {").unwrap();
    rules.split_once("@media print").unwrap().0.to_owned()
}

#[test]
fn every_token_is_used() {
    let (rules, tokens) = (rules(), tokens());
    assert!(tokens.len() > 30, "{tokens:?}");
    // All that is of the brand's colour is of a token that is derived from it.
    for (name, _) in tokens.into_iter().filter(|(name, _)| name != "brand") {
        assert!(rules.contains(&format!("var(--{name})")), "no rule uses --{name}");
    }
}

#[test]
fn colours_fonts_and_radii_come_from_tokens() {
    let rules = rules();
    for line in rules.lines().filter(|line| !line.trim().starts_with("@supports")) {
        let colours = ["#", "rgb(", "hsl(", "oklch(", "light-dark("];
        assert!(!colours.iter().any(|it| line.contains(it)), "a colour that no token has: {line}");
    }
    for declaration in rules.split([';', '{', '}']).map(str::trim) {
        let Some((name, value)) = declaration.split_once(": ") else { continue };
        if name.starts_with("border") && name.ends_with("radius") {
            assert!(value.contains("var(--radius") || value == "50%", "{declaration}");
        }
        if name == "font-family" {
            assert!(value.contains("var(--") || value == "inherit", "{declaration}");
        }
    }
}

#[tokio::test]
async fn a_brand_stylesheet_can_override_every_token() {
    // Unlayered rules win over layered ones unless those are important (CSS Cascade 5, §6.4.4).
    let css = stylesheet();
    let mut depth = 0_i32;
    for line in css.lines() {
        let is_layer = line.trim().starts_with("@layer");
        assert!(
            depth > 0 || is_layer || line.trim().is_empty() || line.trim() == "}",
            "outside a layer: {line}"
        );
        let count = |sign: char| i32::try_from(line.matches(sign).count()).unwrap();
        depth += count('{') - count('}');
    }
    let important = css.matches("!important").count();
    assert_eq!(important, css.matches("[hidden] { display: none !important; }").count());

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("our.css");
    let mut theirs = String::from(":root {\n");
    for (name, value) in tokens() {
        writeln!(theirs, "  --{name}: {value};").unwrap();
    }
    std::fs::write(&path, format!("{theirs}}}\n")).unwrap();
    let world = World::with(&[("brand-css", path.to_str().unwrap())]).await;
    let mut browser = world.browser();
    browser.open("/signed-out").await;
    let sheets = browser.page.attrs("link[rel=stylesheet]", "href");
    assert!(sheets.len() == 2 && sheets[1].contains("/brand."), "{sheets:?}");
    browser.open(&sheets[1]).await;
    assert!(browser.page.html.starts_with(":root {"), "{}", browser.page.html);
}
