//! The look: design tokens, contrast, page weight, right-to-left pages, and the gallery of components.

mod contrast;
mod direction;
mod gallery;
mod tokens;
mod weight;

use std::fs;
use std::path::Path;

/// Our stylesheet without its comments.
fn stylesheet() -> String {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/app.css")).unwrap();
    text.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, after)| after)).collect()
}

/// The design tokens (custom properties) and their values, from the stylesheet's first layer.
fn tokens() -> Vec<(String, String)> {
    let css = stylesheet();
    let (_, layer) = css.split_once("@layer tokens {").unwrap();
    let (layer, _) = layer.split_once("@layer base {").unwrap();
    let lines = layer.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.trim().trim_end_matches(';').to_owned())).collect()
}
