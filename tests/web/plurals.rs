//! Plural forms: every message with a count has the form that its language's grammar asks for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, Pattern, PatternElement, Variant, VariantKey};
use intl_pluralrules::{PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

/// Above every number of set-ups, minutes or tries that a page can show.
const MOST: u32 = 200;

/// Whether a select expression has this count itself or its plural category (Unicode CLDR).
fn is_said(count: u32, rules: &PluralRules, keys: &BTreeSet<String>) -> bool {
    let form = format!("{:?}", rules.select(count).unwrap()).to_lowercase();
    keys.contains(&form) || keys.contains(&count.to_string())
}

/// The variant keys of each select expression in a message.
fn choices(pattern: &Pattern<String>) -> Vec<BTreeSet<String>> {
    let expressions = pattern.elements.iter().filter_map(|element| match element {
        PatternElement::Placeable { expression: Expression::Select { variants, .. } } => Some(variants),
        _ => None,
    });
    expressions.map(|variants| variants.iter().map(key).collect()).collect()
}

fn key(variant: &Variant<String>) -> String {
    match &variant.key {
        VariantKey::Identifier { name } => name.clone(),
        VariantKey::NumberLiteral { value } => value.clone(),
    }
}

#[test]
fn every_count_has_its_plural_form_in_every_language() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/locales");
    let mut seen = 0;
    for entry in fs::read_dir(locales).unwrap() {
        let file = entry.unwrap().path();
        let Some(tag) = file.file_name().unwrap().to_str().unwrap().strip_suffix(".ftl") else { continue };
        let language: LanguageIdentifier = tag.parse().unwrap();
        let rules = PluralRules::create(language, PluralRuleType::CARDINAL).unwrap();
        let resource = fluent_syntax::parser::parse(fs::read_to_string(&file).unwrap()).unwrap();
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            for keys in message.value.iter().flat_map(choices) {
                let unsaid: Vec<_> = (0..=MOST).filter(|count| !is_said(*count, &rules, &keys)).collect();
                assert!(unsaid.is_empty(), "{tag}: {} has no form for {unsaid:?}", message.id.name);
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "only {seen} counts were found");
}
