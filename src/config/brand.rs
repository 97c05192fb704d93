//! The company's logos, stylesheet and font (BRAND_LOGO, BRAND_LOGO_DARK, BRAND_CSS, BRAND_FONT): read and checked at
//! the start, so that a logo always shows, and no rule loads anything from other sites.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use cssparser::{ParseError, ParseErrorKind, Parser, Token};

use super::{ConfigError, Settings, contrast};

/// Every page loads these files, so they must be small.
const MAX_KILOBYTES: u64 = 64;

/// A typeface for Latin letters takes 20 to 100.
const MAX_KILOBYTES_OF_A_FONT: u64 = 256;

/// A file as it was at the start.
#[derive(Clone, Debug)]
pub struct BrandFile {
    /// Contains a hash of the content, so that browsers may cache the file for ever.
    pub name: String,
    /// Media type.
    pub content_type: &'static str,
    /// Content.
    pub bytes: Bytes,
}

impl BrandFile {
    fn new(stem: &str, ending: &str, content_type: &'static str, bytes: Vec<u8>) -> Self {
        let hash: Vec<String> =
            digest(&SHA256, &bytes).as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { name: format!("{stem}.{}.{ending}", hash.concat()), content_type, bytes: bytes.into() }
    }
}

pub(super) fn logo(path: &Path) -> Result<BrandFile, ConfigError> {
    image("BRAND_LOGO", "logo", path)
}

/// The logo on dark grounds, which makes sense beside the other one only.
pub(super) fn dark_logo(settings: &Settings) -> Result<Option<BrandFile>, ConfigError> {
    const SETTING: &str = "BRAND_LOGO_DARK";
    match settings.brand_logo_dark.as_deref() {
        Some(path) if settings.brand_logo.is_none() => {
            Err(problem(SETTING, path, "is set without BRAND_LOGO. Set both."))
        }
        path => path.map(|path| image(SETTING, "logo-dark", path)).transpose(),
    }
}

/// The content decides between SVG and PNG, not the file's name.
fn image(setting: &'static str, stem: &str, path: &Path) -> Result<BrandFile, ConfigError> {
    let bytes = read(setting, path, MAX_KILOBYTES)?;
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(BrandFile::new(stem, "png", "image/png", bytes));
    }
    if is_svg(&bytes) {
        return Ok(BrandFile::new(stem, "svg", "image/svg+xml", bytes));
    }
    Err(problem(setting, path, "is neither an SVG nor a PNG. Save it as one of them."))
}

/// Refuses rules that load something, which the pages' Content-Security-Policy would block silently, and colours that
/// make text hard to read.
pub(super) fn stylesheet(path: &Path) -> Result<BrandFile, ConfigError> {
    let bytes = read("BRAND_CSS", path, MAX_KILOBYTES)?;
    let refused = |what: &str| problem("BRAND_CSS", path, what);
    let text = std::str::from_utf8(&bytes).map_err(|_| refused("is not UTF-8. Save it as UTF-8."))?;
    check(&mut Parser::new(text), false)
        .map_err(|Fault { what, line }| refused(&format!("{what} (line {line}).")))?;
    if let Some((what, line)) = contrast::fault(text) {
        return Err(refused(&format!("{what} (line {line}).")));
    }
    Ok(BrandFile::new("brand", "css", "text/css; charset=utf-8", bytes))
}

/// A font and the stylesheet that names it.
#[derive(Clone, Debug)]
pub struct BrandFont {
    /// The font itself.
    pub file: BrandFile,
    /// Its `@font-face` rule (CSS Fonts 4 §4), in a file because pages have no style of their own.
    pub stylesheet: BrandFile,
}

/// Takes WOFF2 only (W3C WOFF 2.0 §4.1), which every browser reads. Text shows in the system's font meanwhile.
pub(super) fn font(path: &Path) -> Result<BrandFont, ConfigError> {
    let bytes = read("BRAND_FONT", path, MAX_KILOBYTES_OF_A_FONT)?;
    if !bytes.starts_with(b"wOF2") {
        return Err(problem("BRAND_FONT", path, "is not a WOFF2 font. Convert it to WOFF2."));
    }
    let file = BrandFile::new("font", "woff2", "font/woff2", bytes);
    let source = format!("src: url({}) format(\"woff2\")", file.name);
    let rule = format!("@font-face {{ font-family: \"brand\"; {source}; font-display: swap }}\n");
    let stylesheet = BrandFile::new("font", "css", "text/css; charset=utf-8", rule.into_bytes());
    Ok(BrandFont { file, stylesheet })
}

fn read(setting: &'static str, path: &Path, kilobytes: u64) -> Result<Vec<u8>, ConfigError> {
    let limit = kilobytes * 1024;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| problem(setting, path, &format!("cannot be read: {error}.")))?;
    if bytes.len() as u64 > limit {
        return Err(problem(setting, path, &format!("is larger than {kilobytes} KB. Make it smaller.")));
    }
    Ok(bytes)
}

fn problem(setting: &'static str, path: &Path, problem: &str) -> ConfigError {
    ConfigError::new(setting, format!("{} {problem}", path.display()))
}

fn is_svg(bytes: &[u8]) -> bool {
    let document = std::str::from_utf8(bytes).ok().and_then(|text| roxmltree::Document::parse(text).ok());
    document
        .is_some_and(|document| document.root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg")))
}

const IMPORTS: &str = "has an @import. Put the rules themselves into the file";
const LOADS: &str = "loads something with url(). Pages load only this file and BRAND_LOGO, so take it out";
const UNREADABLE: &str = "cannot be parsed as CSS from here on. Fix it";

struct Fault {
    what: &'static str,
    line: u32,
}

/// Checks every token (CSS Syntax Level 3 §4), so that no comment and no escape hides one. `loading`: inside a function
/// whose string is a URL.
fn check(css: &mut Parser<'_>, loading: bool) -> Result<(), Fault> {
    while let Ok(token) = css.next().cloned() {
        let line = css.current_source_location().line + 1;
        let fault = |what| Err(Fault { what, line });
        match token {
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => return fault(IMPORTS),
            Token::UnquotedUrl(url) if !url.starts_with('#') => return fault(LOADS),
            Token::QuotedString(url) if loading && !url.starts_with('#') => return fault(LOADS),
            Token::BadUrl(_) | Token::BadString(_) => return fault(UNREADABLE),
            Token::Function(name) => nested(css, line, loads(&name))?,
            Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                nested(css, line, false)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The parser itself refuses too deep nesting.
fn nested(css: &mut Parser<'_>, line: u32, loading: bool) -> Result<(), Fault> {
    let checked = css.parse_nested_block(|css| check(css, loading).map_err(ParseError::custom));
    checked.map_err(|error: ParseError<Fault>| match error.kind {
        ParseErrorKind::Custom(fault) => fault,
        ParseErrorKind::Basic(_) => Fault { what: UNREADABLE, line },
    })
}

/// Whether the function's string is a URL (CSS Values 4 §4.5, CSS Images 4 §2).
fn loads(function: &str) -> bool {
    let loading = ["url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"];
    loading.iter().any(|name| function.eq_ignore_ascii_case(name))
}
