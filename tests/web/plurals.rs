//! Plural forms: each language says every count that people meet in the form that its grammar asks for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, Pattern, PatternElement, Variant, VariantKey};
use fluent_templates::LanguageIdentifier;
use intl_pluralrules::{PluralRuleType, PluralRules};

/// Nobody has more set-ups, waits more minutes or tries more often.
const MOST: u32 = 200;

/// The forms of a language (Unicode CLDR) that counts from 0 to the most ask for.
fn forms(language: &LanguageIdentifier) -> BTreeSet<String> {
    let rules = PluralRules::create(language.clone(), PluralRuleType::CARDINAL).unwrap();
    (0..=MOST).map(|count| format!("{:?}", rules.select(count).unwrap()).to_lowercase()).collect()
}

/// The keys of each choice that a text makes by a count.
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
fn every_count_is_said_in_each_form_that_the_language_has() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/locales");
    let mut seen = 0;
    for entry in fs::read_dir(locales).unwrap() {
        let file = entry.unwrap().path();
        let Some(tag) = file.file_name().unwrap().to_str().unwrap().strip_suffix(".ftl") else { continue };
        let forms = forms(&tag.parse().unwrap());
        let resource = fluent_syntax::parser::parse(fs::read_to_string(&file).unwrap()).unwrap();
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            for keys in message.value.iter().flat_map(choices) {
                assert!(forms.is_subset(&keys), "{tag}: {} has {keys:?} of {forms:?}", message.id.name);
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "only {seen} counts were found");
}
