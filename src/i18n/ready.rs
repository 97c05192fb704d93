//! Messages that are resolved once for each language: those that are always the same, and those that differ by one text,
//! such as a name. So are the plurals of small numbers.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::own_words::KNOWN;

/// The push app's name, which is the same everywhere.
const APP: &str = "app";
/// The one argument that chooses between texts.
const COUNT: &str = "count";
/// The numbers that pages usually show: of minutes, and of things.
const SMALL: RangeInclusive<i64> = 0..=12;
/// It stands for the argument while a message is resolved. No text has it (Unicode Standard, private use).
const PLACE: &str = "\u{e000}";

/// Resolved messages by id.
pub(super) struct Ready {
    messages: HashMap<&'static str, Message>,
    /// The texts of each of the small numbers.
    plurals: HashMap<&'static str, Vec<String>>,
}

/// The argument for which a message is resolved.
pub(super) enum Argument<'a> {
    None,
    Text(&'a str, &'a str),
    Count(i64),
}

struct Message {
    /// The name of its argument, if it has one.
    argument: Option<&'static str>,
    /// The texts before, between and after the argument's places.
    pieces: Vec<String>,
}

impl Ready {
    /// Resolves each message for its argument. One that has to be resolved each time is `None`.
    pub(super) fn new(resolve: impl Fn(&str, Argument<'_>) -> Option<String>) -> Self {
        let (mut messages, mut plurals) = (HashMap::new(), HashMap::new());
        for (id, arguments) in KNOWN.iter() {
            let mut others = arguments.iter().map(String::as_str).filter(|name| *name != APP);
            let argument = match (others.next(), others.next()) {
                (Some(_), Some(_)) => continue,
                (argument, _) => argument,
            };
            if argument == Some(COUNT) {
                let texts: Option<_> = SMALL.map(|count| resolve(id, Argument::Count(count))).collect();
                plurals.extend(texts.map(|texts| (id.as_str(), texts)));
                continue;
            }
            let text = resolve(id, argument.map_or(Argument::None, |name| Argument::Text(name, PLACE)));
            let pieces = text.map(|text| text.split(PLACE).map(str::to_owned).collect());
            messages.extend(pieces.map(|pieces| (id.as_str(), Message { argument, pieces })));
        }
        Self { messages, plurals }
    }

    /// The message for this number, if it is a small one.
    pub(super) fn plural(&self, id: &str, count: i64) -> Option<String> {
        let texts = self.plurals.get(id)?;
        texts.get(usize::try_from(count - SMALL.start()).ok()?).cloned()
    }

    /// The message, unless it needs an argument.
    pub(super) fn text(&self, id: &str) -> Option<String> {
        let message = self.messages.get(id).filter(|message| message.argument.is_none())?;
        Some(message.pieces.concat())
    }

    /// The message with this argument, unless it needs another one.
    pub(super) fn text_with(&self, id: &str, name: &str, value: &str) -> Option<String> {
        let message = self.messages.get(id).filter(|message| message.argument.is_none_or(|it| it == name))?;
        Some(message.pieces.join(value))
    }
}
