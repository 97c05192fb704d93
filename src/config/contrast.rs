//! The contrast of the literal colours in BRAND_CSS, in the light design and the dark one (WCAG 2.2, success criterion
//! 1.4.3).

use std::collections::HashMap;

use cssparser::{Delimiter, ParseError, Parser, Token};
use palette::Srgba;
use palette::blend::Compose as _;
use palette::color_difference::Wcag21RelativeContrast as _;

/// Our own stylesheet, whose tokens hold where the company sets none.
const OURS: &str = include_str!("../../static/app.css");
/// The least contrast of text.
const LEAST: f32 = 4.5;
/// Tokens of text, each with the token that it stands on.
const PAIRS: [(&str, &str); 10] = [
    ("--accent", "--paper"),
    ("--accent-ink", "--accent"),
    ("--ink", "--paper"),
    ("--ink", "--ground"),
    ("--ink-soft", "--paper"),
    ("--good", "--good-ground"),
    ("--warn", "--warn-ground"),
    ("--bad", "--bad-ground"),
    ("--bad", "--paper"),
    ("--bad-ink", "--bad"),
];
const DESIGNS: [&str; 2] = ["light", "dark"];

/// The first pair of colours below the least contrast, in words, and its line.
pub(super) fn fault(theirs: &str) -> Option<(String, u32)> {
    let mut sheet = Sheet { tokens: [HashMap::new(), HashMap::new()], shown: [true; 2], is_theirs: false };
    for css in [OURS, theirs] {
        collect(&mut Parser::new(css), Place::OUTSIDE, &mut sheet);
        sheet.is_theirs = true;
    }
    let designs = (0..2).filter(|&design| sheet.shown[design]);
    designs.flat_map(|design| PAIRS.map(|pair| (design, pair))).find_map(|(design, (text, ground))| {
        let (ink, paper) = (sheet.tokens[design].get(text)?, sheet.tokens[design].get(ground)?);
        let line = ink.line.or(paper.line)?;
        let contrast = ink.colour?.over(paper.colour?).color.relative_contrast(paper.colour?.color);
        let (ink, paper, design) = (&ink.text, &paper.text, DESIGNS[design]);
        let remedy = if text == "--accent" {
            "Set --brand instead, from which light and dark are derived"
        } else {
            "Write light-dark(LIGHT, DARK) with a colour for each design"
        };
        let ratio = (contrast * 100.0).floor() / 100.0;
        (contrast < LEAST).then(|| {
            let what = format!(
                "sets colours too much alike: {text} {ink} has a contrast of {ratio:.2}:1 to {ground} {paper}"
            );
            (format!("{what} in the {design} design. Text needs 4.5:1. {remedy}"), line)
        })
    })
}

/// The colours of the whole page.
struct Sheet {
    /// In the light design and in the dark one, by name.
    tokens: [HashMap<String, Value>; 2],
    /// Whether the page has this design.
    shown: [bool; 2],
    is_theirs: bool,
}

struct Value {
    text: String,
    /// `None` when only a browser can tell, as of `var(--x)`.
    colour: Option<Srgba>,
    /// In the company's stylesheet.
    line: Option<u32>,
    is_of_one_design: bool,
}

/// Where in a stylesheet.
#[derive(Clone, Copy)]
struct Place {
    /// Inside a rule for the whole page.
    is_page: bool,
    /// Whether rules here apply in the light design and in the dark one.
    applies: [bool; 2],
}

impl Place {
    const OUTSIDE: Self = Self { is_page: false, applies: [true; 2] };

    /// The place in the block that follows these words: a selector, or an at-rule with its condition.
    fn within(self, words: &[String]) -> Self {
        let has = |word: &str| words.iter().any(|it| it == word);
        let (light, dark) = (has("light"), has("dark"));
        let here = [self.applies[0] && (light || !dark), self.applies[1] && (dark || !light)];
        match words.first().map(String::as_str) {
            // Not the page that everybody sees.
            Some("@media") if ["print", "not", "prefers-contrast", "forced-colors"].into_iter().any(has) => {
                Self { applies: [false; 2], ..self }
            }
            Some("@media") => Self { applies: here, ..self },
            Some(rule) if rule.starts_with('@') => self,
            _ => Self { is_page: words.split(|word| word == ",").any(is_page), applies: here },
        }
    }
}

/// Whether a selector chooses the whole page.
fn is_page(selector: &[String]) -> bool {
    const PAGE: [&str; 5] = ["root", "html", "body", "&", "data-theme"];
    let known =
        |word: &String| PAGE.contains(&word.as_str()) || ["=", "light", "dark"].contains(&word.as_str());
    selector.iter().all(known) && selector.iter().any(|word| PAGE.contains(&word.as_str()))
}

/// Reads the declarations of one block, and of those in it.
fn collect(css: &mut Parser<'_>, place: Place, sheet: &mut Sheet) {
    let mut words = Vec::new();
    while let Ok(token) = css.next().cloned() {
        match token {
            Token::Semicolon => words.clear(),
            Token::CurlyBracketBlock => {
                let inner = place.within(&words);
                words.clear();
                nested(css, |css| collect(css, inner, sheet));
            }
            Token::Colon if place.is_page && words.len() == 1 => declare(css, &words[0], place, sheet),
            token => read(css, &token, &mut words),
        }
    }
}

/// Adds a token's word, or the words of its block.
fn read(css: &mut Parser<'_>, token: &Token<'_>, words: &mut Vec<String>) {
    match token {
        Token::Ident(word) | Token::QuotedString(word) | Token::IDHash(word) => {
            words.push(word.to_lowercase());
        }
        Token::AtKeyword(word) => words.push(format!("@{}", word.to_lowercase())),
        Token::Delim(sign) => words.push(sign.to_string()),
        Token::Comma => words.push(",".to_owned()),
        Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock => {
            if let Token::Function(name) = token {
                words.push(name.to_lowercase());
            }
            nested(css, |css| {
                while let Ok(token) = css.next().cloned() {
                    read(css, &token, words);
                }
            });
        }
        _ => {}
    }
}

fn nested(css: &mut Parser<'_>, read: impl FnOnce(&mut Parser<'_>)) {
    let done: Result<(), ParseError<()>> = css.parse_nested_block(|css| {
        read(css);
        Ok(())
    });
    // Faults of syntax have been refused before.
    done.unwrap_or_default();
}

/// Notes the value that follows a name and its colon.
fn declare(css: &mut Parser<'_>, name: &str, place: Place, sheet: &mut Sheet) {
    let line = css.current_source_location().line + 1;
    let value: Result<&str, ParseError<()>> =
        css.parse_until_before(Delimiter::Semicolon, |css| Ok(rest(css)));
    let value = value.unwrap_or_default().split('!').next().unwrap_or_default();
    let is_of_one_design = place.applies != [true; 2];
    if name == "color-scheme" && sheet.is_theirs && !is_of_one_design {
        let has = |word| value.split_whitespace().any(|it| it == word);
        sheet.shown = [has("light") || !has("dark"), has("dark") || !has("light")];
    }
    for (design, text) in halves(value).into_iter().enumerate().filter(|(design, _)| place.applies[*design]) {
        let earlier = sheet.tokens[design].get(name);
        if is_of_one_design || earlier.is_none_or(|earlier| !earlier.is_of_one_design) {
            let colour = csscolorparser::parse(text).ok().map(|it| it.clamp());
            let colour = colour.map(|it| Srgba::new(it.r, it.g, it.b, it.a));
            let line = sheet.is_theirs.then_some(line);
            let value = Value { text: text.to_owned(), colour, line, is_of_one_design };
            sheet.tokens[design].insert(name.to_owned(), value);
        }
    }
}

/// The values of `light-dark(LIGHT, DARK)` (CSS Color 5 §3), else twice the same.
fn halves(value: &str) -> [&str; 2] {
    match light_dark(&mut Parser::new(value)).as_deref() {
        Ok([light, dark]) => [light, dark],
        _ => [value.trim(); 2],
    }
}

fn light_dark<'a>(css: &mut Parser<'a>) -> Result<Vec<&'a str>, ParseError<()>> {
    css.expect_function_matching("light-dark")?;
    css.parse_nested_block(|css| css.parse_comma_separated(|css| Ok(rest(css))))
}

/// The text up to the parser's end, without comments around it.
fn rest<'a>(css: &mut Parser<'a>) -> &'a str {
    css.skip_whitespace();
    let start = css.position();
    let mut end = start;
    while let Ok(token) = css.next().cloned() {
        if let Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock = token {
            nested(css, |css| while css.next().is_ok() {});
        }
        end = css.position();
    }
    css.slice(start..end).trim()
}
