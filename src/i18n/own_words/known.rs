//! The ids of our messages and the arguments that each one gets, read from the English files.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse_runtime;

/// Data in the form of messages.
const DATA: [&str; 2] = ["country-order", "language-name"];

/// The arguments of our messages by id. The push app's name is one of every message.
pub(in crate::i18n) static KNOWN: LazyLock<HashMap<String, HashSet<String>>> = LazyLock::new(|| {
    let files = [
        include_str!("../../../templates/locales/en.ftl"),
        include_str!("../../../templates/locales/en/countries.ftl"),
    ];
    let entries = files.into_iter().flat_map(|text| match parse_runtime(text) {
        Ok(resource) | Err((resource, _)) => resource.body,
    });
    let messages = entries.filter_map(|entry| match entry {
        Entry::Message(message) => {
            Some((message.id.name.to_owned(), uses(message.value.as_ref()?).arguments))
        }
        _ => None,
    });
    messages.filter(|(id, _)| !DATA.contains(&id.as_str())).collect()
});

/// The names in a text.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) arguments: HashSet<String>,
    /// Other messages, terms and functions, as they are written.
    pub(super) others: Vec<String>,
    /// Whether a value chooses between texts.
    pub(super) has_variants: bool,
}

/// The names in every variant of a text.
pub(super) fn uses(pattern: &Pattern<&str>) -> Uses {
    let mut uses = Uses::default();
    uses.read(pattern);
    uses
}

impl Uses {
    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.read_expression(expression);
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.has_variants = true;
                self.read_inline(selector);
                for variant in variants {
                    self.read(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.arguments.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            InlineExpression::MessageReference { id, .. } => self.others.push(id.name.to_owned()),
            InlineExpression::TermReference { id, .. } => self.others.push(format!("-{}", id.name)),
            InlineExpression::FunctionReference { id, .. } => self.others.push(format!("{}()", id.name)),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }
}

/// The plain text in a pattern.
pub(super) fn text(pattern: &Pattern<&str>) -> String {
    let plain = pattern.elements.iter().map(|element| match element {
        PatternElement::TextElement { value } => *value,
        PatternElement::Placeable { .. } => "",
    });
    plain.collect()
}
