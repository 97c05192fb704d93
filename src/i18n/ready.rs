//! Messages that are resolved once for each language: those that are always the same, and those that differ by one text,
//! such as a name. Plurals are chosen for each number.

use std::collections::HashMap;

use super::own_words::KNOWN;

/// The push app's name, which is the same everywhere.
const APP: &str = "app";
/// The one argument that chooses between texts.
const COUNT: &str = "count";
/// It stands for the argument while a message is resolved. No text has it (Unicode Standard, private use).
const PLACE: &str = "\u{e000}";

/// Resolved messages by id.
pub(super) struct Ready(HashMap<&'static str, Message>);

struct Message {
    /// The name of its argument, if it has one.
    argument: Option<&'static str>,
    /// The texts before, between and after the argument's places.
    pieces: Vec<String>,
}

impl Ready {
    /// Resolves with the name and the value of the argument. A message that has to be resolved each time is `None`.
    pub(super) fn new(resolve: impl Fn(&str, Option<(&str, &str)>) -> Option<String>) -> Self {
        let resolved = KNOWN.iter().filter_map(|(id, arguments)| {
            let mut others = arguments.iter().map(String::as_str).filter(|name| *name != APP);
            let argument = match (others.next(), others.next()) {
                (Some(COUNT), _) | (Some(_), Some(_)) => return None,
                (argument, _) => argument,
            };
            let text = resolve(id, argument.map(|name| (name, PLACE)))?;
            Some((id.as_str(), Message { argument, pieces: text.split(PLACE).map(str::to_owned).collect() }))
        });
        Self(resolved.collect())
    }

    /// The message, unless it needs an argument.
    pub(super) fn text(&self, id: &str) -> Option<String> {
        let message = self.0.get(id).filter(|message| message.argument.is_none())?;
        Some(message.pieces.concat())
    }

    /// The message with this argument, unless it needs another one.
    pub(super) fn text_with(&self, id: &str, name: &str, value: &str) -> Option<String> {
        let message = self.0.get(id).filter(|message| message.argument.is_none_or(|it| it == name))?;
        Some(message.pieces.join(value))
    }
}
