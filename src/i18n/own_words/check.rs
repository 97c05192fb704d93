//! Checks a file of the company's words and adds it, so that no page ever shows an unknown name or half a sentence.

use std::collections::HashSet;

use fluent_syntax::ast::{Attribute, Entry, Message, Pattern};
use fluent_templates::fluent_bundle::FluentResource;

use super::known::{KNOWN, uses};
use super::{Bundle, Fault, Files, REFUSAL, Refusal, TITLE, WHEN, comparable};
use crate::i18n::identifier;

/// The arguments of a refusal's message.
const OF_REFUSAL: &str = "brand";
/// An argument of every message.
const OF_ALL: &str = "app";

impl Files {
    /// Adds the file of this language.
    pub(super) fn add(&mut self, tag: &str, text: &str) -> Result<(), Fault> {
        let language =
            identifier(tag).ok_or_else(|| Fault { line: 1, what: format!("{tag} is no language") })?;
        let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
            let error = errors.first();
            let at = error.map_or(0, |error| error.pos.start);
            let why = error.map(ToString::to_string).unwrap_or_default();
            let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            Fault { line, what: format!("this is not Fluent's syntax. {why}") }
        })?;
        let mut seen = HashSet::new();
        for entry in resource.entries() {
            let (id, checked) = match entry {
                Entry::Message(message) => (message.id.name.to_owned(), self.check(message)),
                Entry::Term(term) => {
                    (format!("-{}", term.id.name), Err("is a term, which no page shows".to_owned()))
                }
                _ => continue,
            };
            let is_new = seen.insert(id.clone());
            let checked = checked.and_then(|()| is_new.then_some(()).ok_or("stands here twice".to_owned()));
            checked.map_err(|what| Fault { line: line_of(text, &id), what: format!("{id} {what}") })?;
        }
        let mut bundle = Bundle::new_concurrent(vec![language.clone()]);
        // Every id is there once.
        bundle.add_resource_overriding(resource);
        self.bundles.insert(language, bundle);
        Ok(())
    }

    fn check(&mut self, message: &Message<&str>) -> Result<(), String> {
        if message.id.name.starts_with(REFUSAL) {
            return self.check_refusal(message);
        }
        let known = KNOWN.get(message.id.name).ok_or_else(|| {
            format!("is no message of the portal. Their ids are in templates/locales/en.ftl; {REFUSAL}… is for refusals")
        })?;
        let value = message.value.as_ref().ok_or("has no text")?;
        if let Some(attribute) = message.attributes.first() {
            return Err(format!("has an attribute .{}, which no page shows", attribute.id.name));
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        check_text(value, &known)
    }

    /// A refusal has a title, a text, and the descriptions that it is for.
    fn check_refusal(&mut self, message: &Message<&str>) -> Result<(), String> {
        check_text(message.value.as_ref().ok_or("has no text")?, &[OF_REFUSAL])?;
        for Attribute { id, value } in &message.attributes {
            match id.name {
                TITLE => check_text(value, &[OF_REFUSAL])?,
                WHEN => self.note(message.id.name, value)?,
                other => {
                    return Err(format!("has an attribute .{other}. Only .{WHEN} and .{TITLE} are known"));
                }
            }
        }
        if message.attributes.iter().all(|attribute| attribute.id.name != TITLE) {
            return Err(format!("has no .{TITLE}"));
        }
        let has_when = self.refusals.iter().any(|refusal| refusal.id == message.id.name);
        if has_when { Ok(()) } else { Err(format!("has no .{WHEN}, so no refusal would ever show it")) }
    }

    /// Notes the descriptions of a refusal, one a line; a star ends one that is only the beginning.
    fn note(&mut self, id: &str, when: &Pattern<&str>) -> Result<(), String> {
        let names = uses(when);
        if !names.arguments.is_empty() || !names.others.is_empty() {
            return Err(format!(
                "has braces in .{WHEN}. Write what the tenant says; a star at the end stands for any rest"
            ));
        }
        for line in super::known::text(when).lines() {
            let said = comparable(line);
            let beginning = said.strip_suffix('*').map(str::trim_end);
            let (description, is_beginning) = (beginning.unwrap_or(&said).to_owned(), beginning.is_some());
            if description.is_empty() {
                return Err(format!("has a .{WHEN} that says nothing"));
            }
            let same = |it: &&Refusal| it.description == description && it.is_beginning == is_beginning;
            match self.refusals.iter().find(same) {
                Some(other) if other.id != id => {
                    return Err(format!("is for the same refusal as {}", other.id));
                }
                Some(_) => {}
                None => self.refusals.push(Refusal { description, is_beginning, id: id.to_owned() }),
            }
        }
        Ok(())
    }
}

/// Whether a text names nothing but these arguments.
fn check_text(text: &Pattern<&str>, known: &[&str]) -> Result<(), String> {
    let names = uses(text);
    if let Some(other) = names.others.first() {
        return Err(format!("refers to {other}. Write the text itself"));
    }
    match names.arguments.iter().find(|name| **name != OF_ALL && !known.contains(&name.as_str())) {
        Some(unknown) if known.is_empty() => {
            Err(format!("has {{ ${unknown} }}, and this message has no such value"))
        }
        Some(unknown) => {
            let known: Vec<String> = known.iter().map(|name| format!("{{ ${name} }}")).collect();
            Err(format!("has {{ ${unknown} }}, and this message has only {}", known.join(", ")))
        }
        None => Ok(()),
    }
}

/// The line where a message begins, the last one if it stands there twice.
fn line_of(text: &str, id: &str) -> usize {
    let begins = |line: &str| line.strip_prefix(id).is_some_and(|rest| rest.trim_start().starts_with('='));
    let found = text.lines().enumerate().filter(|(_, line)| begins(line)).last();
    found.map_or(1, |(number, _)| number + 1)
}
