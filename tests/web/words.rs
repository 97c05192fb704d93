//! The messages in `templates/locales`: each one that a page uses exists, and each one that exists is used.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Message};
use mfa_portal::internals::{AsksFor, Factor, ProvesBy, Words, first_sentence};

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below the folder with this extension.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path, ending) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect()
}

/// The ids of the messages in a Fluent file.
fn messages(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap();
    let ids = text.lines().filter_map(|line| line.split_once(" =").map(|(id, _)| id));
    ids.filter(|id| id.starts_with(|c: char| c.is_ascii_lowercase())).map(ToOwned::to_owned).collect()
}

fn english() -> BTreeSet<String> {
    messages(&root().join("templates/locales/en.ftl"))
}

/// Country names are looked up by code, and `country-order` holds their order, so no source names them.
fn is_about_countries(id: &str) -> bool {
    id.starts_with("country-")
}

/// Every string literal in the Rust sources and the templates.
struct Quoted {
    /// Each literal with the code right before it, such as `page.t(`.
    all: Vec<(String, String)>,
}

impl Quoted {
    fn read() -> Self {
        let sources = files(&root().join("src"), "rs").into_iter();
        let sources = sources.chain(files(&root().join("templates"), "html"));
        let sources = sources.chain(files(&root().join("templates"), "txt"));
        let all = sources.flat_map(|file| quoted(&fs::read_to_string(file).unwrap())).collect();
        Self { all }
    }

    /// The ids that follow one of these beginnings, such as `.t(`.
    fn after(&self, beginnings: &[&str]) -> BTreeSet<String> {
        let fits = |before: &str| beginnings.iter().any(|beginning| before.ends_with(beginning));
        self.all
            .iter()
            .filter(|(before, text)| fits(before) && is_id(text))
            .map(|(_, text)| text.clone())
            .collect()
    }

    /// Whole ids and suffixes such as `-pair`.
    fn parts(&self) -> BTreeSet<&str> {
        self.all
            .iter()
            .map(|(_, text)| text.as_str())
            .filter(|text| is_id(text.trim_start_matches('-')))
            .collect()
    }

    /// Ids composed at run time, as the pieces around each gap: `notice-removed-{}`, or `add-` of `t_of("add", …)`.
    fn patterns(&self) -> Vec<Vec<String>> {
        let formats =
            self.all.iter().filter(|(before, text)| before.ends_with("format!(") && text.contains('{'));
        let formats = formats.map(|(_, text)| pieces(text));
        let kinds = self.after(&["t_of("]).into_iter().map(|id| vec![format!("{id}-"), String::new()]);
        let gaps = formats.chain(kinds);
        gaps.filter(|pieces| pieces.iter().all(|it| it.chars().all(|c| c.is_ascii_lowercase() || c == '-')))
            .collect()
    }
}

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Each text between two quotation marks of one line, with the code before it. Templates nest quotation marks, so every
/// mark may open a text.
fn quoted(source: &str) -> Vec<(String, String)> {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    // Lines are joined, because the code before a literal may be on the line above.
    let flat = lines.map(str::trim).collect::<Vec<_>>().join("\n");
    let marks: Vec<usize> = flat.match_indices('"').map(|(at, _)| at).collect();
    let pairs = marks.windows(2).map(|pair| (&flat[..pair[0]], &flat[pair[0] + 1..pair[1]]));
    let within_a_line = pairs.filter(|(_, text)| !text.contains('\n'));
    within_a_line.map(|(before, text)| (ending(before), text.to_owned())).collect()
}

/// The last 20 characters before a literal, without a trailing `&`.
fn ending(before: &str) -> String {
    let before = before.trim_end().trim_end_matches('&');
    let start = before.char_indices().rev().nth(19).map_or(0, |(at, _)| at);
    before[start..].to_owned()
}

/// The pieces around the gaps of `a-{b}-c`.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = text.split('{').map(ToOwned::to_owned).collect();
    for piece in pieces.iter_mut().skip(1) {
        *piece = piece.split_once('}').map_or_else(|| "?".to_owned(), |(_, after)| after.to_owned());
    }
    pieces
}

/// The ids that the sources can use.
struct Askable<'a> {
    parts: BTreeSet<&'a str>,
    patterns: Vec<Vec<String>>,
    known: HashMap<String, bool>,
}

impl Askable<'_> {
    /// Whether some source names the id, whole or composed of named parts.
    fn has(&mut self, id: &str) -> bool {
        if let Some(known) = self.known.get(id) {
            return *known;
        }
        let patterns = self.patterns.clone();
        let has = self.parts.contains(id) || patterns.iter().any(|pieces| self.fills(pieces, id, id.len()));
        self.known.insert(id.to_owned(), has);
        has
    }

    /// Whether each gap is filled by a named part that is shorter than the whole id.
    fn fills(&mut self, pieces: &[String], id: &str, whole: usize) -> bool {
        let Some(rest) = id.strip_prefix(&*pieces[0]) else { return false };
        if pieces.len() == 1 {
            return rest.is_empty();
        }
        (0..=rest.len()).any(|end| {
            let gap = &rest[..end];
            (gap.is_empty() || (end < whole && self.has(gap)))
                && self.fills(&pieces[1..], &rest[end..], whole)
        })
    }
}

#[test]
fn every_message_named_by_a_page_exists() {
    let (there, quoted) = (english(), Quoted::read());
    let named = quoted.after(&[".t(", ".with(", ".count(", "Mistake::new(", "Mistake::with("]);
    let missing = named.iter().filter(|id| !there.contains(*id) && !is_about_countries(id));
    let missing: Vec<_> = missing.collect();
    assert!(named.len() > 100 && missing.is_empty(), "of {} not there: {missing:?}", named.len());
}

#[test]
fn every_notice_has_a_title_and_a_text() {
    let (there, quoted) = (english(), Quoted::read());
    let mut notices = quoted.after(&["Notice::new("]);
    let begun = |id: &&String| id.starts_with("notice-");
    notices.extend(
        there
            .iter()
            .filter(begun)
            .map(|id| id.trim_end_matches("-title").trim_end_matches("-text").to_owned()),
    );
    for notice in &notices {
        for half in ["title", "text"] {
            assert!(there.contains(&format!("{notice}-{half}")), "{notice}-{half} is not there");
        }
    }
    assert!(notices.len() > 10);
}

#[test]
fn every_error_has_a_title_and_a_text() {
    let there = english();
    let source = fs::read_to_string(root().join("src/error/explanation.rs")).unwrap();
    let troubles: BTreeSet<String> =
        quoted(&source).into_iter().map(|(_, text)| text).filter(|it| is_id(it)).collect();
    assert!(troubles.len() > 20, "{troubles:?}");
    for trouble in troubles {
        for half in ["title", "text"] {
            assert!(
                there.contains(&format!("error-{trouble}-{half}")),
                "error-{trouble}-{half} is not there"
            );
        }
    }
}

#[test]
fn every_per_factor_message_exists_for_some_factor() {
    let (there, quoted) = (english(), Quoted::read());
    let parts = quoted.parts();
    for id in quoted.after(&["t_of("]) {
        let kinds = there.iter().filter_map(|it| it.strip_prefix(&format!("{id}-")));
        assert!(kinds.filter(|kind| parts.contains(kind)).count() > 0, "{id}-… is not there");
    }
}

/// The ids of the messages that a factor needs, as its row in `src/factor.rs` asks for them.
fn messages_of(factor: Factor) -> Vec<String> {
    let all =
        |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| id.replace("{}", factor.slug())).collect() };
    // A phone is one thing on the list, whichever channels it has.
    let named = if factor.asks_for() == AsksFor::PhoneNumber { "phone" } else { factor.slug() };
    let mut ids = vec![format!("entry-{named}")];
    if factor.can_be_added() {
        ids.extend(all(&["add-{}", "add-hint-{}", "notice-added-{}-title", "notice-added-{}-text"]));
        ids.extend(["remove", "remove-title", "replace"].map(|act| format!("{act}-{named}")));
        ids.extend(all(&["remove-lead-{}", "remove-confirm-{}", "notice-removed-{}-title"]));
        ids.extend(all(&["notice-removed-{}-text", "replace-title-{}"]));
        ids.extend(all(&["replace-step-add-{}", "replace-step-remove-{}", "notice-replaced-{}-title"]));
    }
    match factor.asks_for() {
        AsksFor::PhoneNumber => ids.extend(all(&["phone-title-{}", "phone-lead-{}", "phone-start-{}"])),
        AsksFor::EmailAddress | AsksFor::Nothing => {}
    }
    match factor.proves_by() {
        ProvesBy::Nothing => return ids,
        ProvesBy::SentCode => {
            ids.extend(all(&["sent-title-{}", "sent-lead-{}", "sent-resend-{}", "sent-change-{}"]));
            ids.extend(all(&["notice-resent-{}-title", "notice-resent-{}-text"]));
        }
        ProvesBy::AppCode | ProvesBy::Approval => {}
    }
    ids.push(format!("try-{named}"));
    ids.extend(all(&["try-lead-{}", "try-start-{}", "try-title-{}", "try-sent-{}"]));
    ids.extend(all(&["notice-works-{}-title", "notice-works-{}-text"]));
    ids
}

#[test]
fn every_factor_has_the_messages_that_its_row_asks_for() {
    let there = english();
    let missing: Vec<String> = Factor::all().flat_map(messages_of).filter(|id| !there.contains(id)).collect();
    assert!(missing.is_empty(), "en.ftl lacks {missing:#?}");
}

#[test]
fn every_factor_has_a_picture() {
    let icons = fs::read_to_string(root().join("static/icons.svg")).unwrap();
    for name in Factor::all().map(Factor::slug).chain(["phone"]) {
        assert!(icons.contains(&format!("<symbol id=\"{name}\"")), "icons.svg lacks {name}");
    }
}

#[test]
fn every_message_is_used() {
    let quoted = Quoted::read();
    let mut askable = Askable { parts: quoted.parts(), patterns: quoted.patterns(), known: HashMap::new() };
    let unused: Vec<String> = english().into_iter().filter(|id| !askable.has(id)).collect();
    assert!(unused.is_empty(), "no page asks for {unused:#?}");
}

#[test]
fn the_summary_of_each_mistake_has_at_most_twelve_words() {
    let locales = root().join("templates/locales");
    for file in fs::read_dir(&locales).unwrap().map(|entry| entry.unwrap().path()) {
        let Some(language) = file.file_name().unwrap().to_str().unwrap().strip_suffix(".ftl") else {
            continue;
        };
        let words = Words::known(language).unwrap();
        for id in messages(&file).iter().filter(|id| id.starts_with("mistake-")) {
            let text = words.t(id);
            let summary = first_sentence(&text);
            // Japanese has no spaces: three letters are about a word.
            let count =
                if language == "ja" { summary.chars().count() / 3 } else { summary.split(' ').count() };
            assert!(text.starts_with(summary) && (1..=12).contains(&count), "{language}: {id}: {summary}");
        }
    }
}

/// The variables that a message's text names, in each of its forms.
fn variables(file: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(fs::read_to_string(file).unwrap()).unwrap();
    let messages = resource.body.iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        _ => None,
    });
    let named = |message: &Message<String>| {
        let text = format!("{:?}", message.value);
        text.split("VariableReference { id: Identifier { name: \"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    messages.map(|message| (message.id.name.clone(), named(message))).collect()
}

#[test]
fn every_language_has_the_same_messages_with_the_same_variables() {
    let locales = root().join("templates/locales");
    for file in files(&locales, "ftl") {
        let inside = file.strip_prefix(&locales).unwrap();
        let name = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let english = locales.join(inside.to_string_lossy().replacen(name.trim_end_matches(".ftl"), "en", 1));
        let (here, there) = (variables(&file), variables(&english));
        let ids = |all: &BTreeMap<String, _>| all.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(ids(&here), ids(&there), "{}", file.display());
        for (id, named) in here {
            assert_eq!(named, there[&id], "{id} in {}", file.display());
        }
    }
}
