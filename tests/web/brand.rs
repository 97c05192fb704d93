//! The brand settings: name, logos, stylesheet and font are checked at startup and served as they were then.

mod colours;

use std::fs;
use std::path::PathBuf;

use mfa_portal::{Config, Settings};
use tempfile::TempDir;

use crate::docs::blocks;
use crate::support::{Browser, World};

const SVG: &str = r#"<?xml version="1.0"?><!-- ours --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script><path d="M0 0h9v9z" style="fill:#a00"/></svg>"#;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
const CSS: &str = ":root { --brand: #a4123f; } /* url(https://evil.example/) */ .bar { clip-path: url(#x); }";

struct File {
    path: PathBuf,
    _directory: TempDir,
}

fn file(name: &str, content: impl AsRef<[u8]>) -> File {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, content).unwrap();
    File { path, _directory: directory }
}

/// The startup error for this file, or `None` when it is accepted.
fn refusal_of(flag: &str, file: &File) -> Option<String> {
    let path = file.path.to_str().unwrap();
    let settings = Settings::from_flags([
        ("auth0-domain", "example.eu.auth0.com"),
        ("auth0-client-id", "mfa-portal"),
        ("auth0-client-secret", "a client secret"),
        ("auth0-secret", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("app-base-url", "https://mfa.example.com"),
        (flag, path),
    ]);
    let refused = Config::try_from(settings.unwrap()).err()?.to_string();
    assert!(refused.contains(path) && refused.ends_with('.'), "no sentence that names the file: {refused}");
    Some(refused)
}

/// A signed-out page of a portal with these brand flags.
async fn signed_out_page(flags: &[(&str, &str)]) -> (World, Browser) {
    let world = World::with(flags).await;
    let mut browser = world.browser();
    browser.open("/signed-out").await;
    (world, browser)
}

#[tokio::test]
async fn the_logo_replaces_the_name_and_has_it_as_alternative_text() {
    for (name, content, kind) in [("logo.txt", SVG.as_bytes(), "image/svg+xml"), ("logo", PNG, "image/png")] {
        let logo = file(name, content);
        let (_world, mut browser) = signed_out_page(&[("brand-logo", logo.path.to_str().unwrap())]).await;
        assert_eq!(browser.page.attr(".brand img", "alt").as_deref(), Some("Northwind"));
        let src = browser.page.attr(".brand img", "src").unwrap();
        assert!(src.starts_with("/static/logo."), "{src}");
        browser.open(&src).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.header("content-type")), (200, kind));
        assert_eq!(browser.page.header("cache-control"), "max-age=31536000, immutable");
        assert_eq!(browser.page.header("x-content-type-options"), "nosniff");
        let policy = browser.page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
        assert!(!policy.contains("script"), "{policy}");
        assert_eq!(browser.page.headers.get_all("content-security-policy").iter().count(), 1);
    }
}

#[tokio::test]
async fn the_second_logo_is_for_dark_grounds_and_needs_the_first() {
    let (logo, dark) = (file("logo.svg", SVG), file("dark.png", PNG));
    let [logo, dark] = [&logo, &dark].map(|file| file.path.to_str().unwrap());
    let (_world, mut browser) = signed_out_page(&[("brand-logo", logo), ("brand-logo-dark", dark)]).await;
    assert_eq!(browser.page.attrs(".brand img", "alt"), ["Northwind", "Northwind"]);
    let src = browser.page.attrs(".brand img", "src");
    assert!(src[0].starts_with("/static/logo.") && src[1].starts_with("/static/logo-dark."), "{src:?}");
    browser.open(&src[1]).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.header("content-type")), (200, "image/png"));

    let refused = refusal_of("brand-logo-dark", &file("dark.png", PNG)).unwrap();
    assert!(refused.starts_with("BRAND_LOGO_DARK: ") && refused.contains("without BRAND_LOGO"), "{refused}");
}

#[tokio::test]
async fn the_brand_stylesheet_comes_last_and_its_url_follows_its_content() {
    let prefix = ("app-base-url", "http://127.0.0.1:{port}/account/security");
    let mut addresses = Vec::new();
    for content in [CSS.to_owned(), format!("{CSS}.foot {{ color: red }}")] {
        let css = file("our.css", &content);
        let (world, mut browser) =
            signed_out_page(&[prefix, ("brand-css", css.path.to_str().unwrap())]).await;
        let ours = browser.page.attr("link[rel=stylesheet]", "href").unwrap();
        let theirs = browser.page.attr("link[rel=stylesheet] + link[rel=stylesheet]", "href").unwrap();
        assert!(ours.starts_with("/account/security/static/app."), "{ours}");
        assert!(theirs.starts_with("/account/security/static/brand."), "{theirs}");
        // The file is read once, at startup.
        fs::write(&css.path, "@import 'x';").unwrap();
        browser.go(world.portal.join(&theirs).unwrap()).await;
        assert_eq!(browser.page.html, content);
        assert_eq!(browser.page.header("content-type"), "text/css; charset=utf-8");
        addresses.push(theirs);
    }
    assert_ne!(addresses[0], addresses[1]);
}

#[tokio::test]
async fn the_font_is_served_by_us_and_allowed_only_where_there_is_one() {
    let (_world, browser) = signed_out_page(&[]).await;
    assert!(!browser.page.header("content-security-policy").contains("font-src 'self'"));
    assert_eq!(browser.page.count("link[href*='/font.']"), 0);

    let font = file("ours.ttf", b"wOF2 and so on");
    let prefix = ("app-base-url", "http://127.0.0.1:{port}/account/security");
    let (world, mut browser) = signed_out_page(&[prefix, ("brand-font", font.path.to_str().unwrap())]).await;
    assert!(browser.page.header("content-security-policy").contains("; font-src 'self';"));
    let sheet = browser.page.attr("link[href*='/font.']", "href").unwrap();
    let sheet = world.portal.join(&sheet).unwrap();
    browser.go(sheet.clone()).await;
    assert_eq!(browser.page.header("content-type"), "text/css; charset=utf-8");
    assert!(browser.page.html.contains("font-display: swap"), "{}", browser.page.html);
    let (_, source) = browser.page.html.split_once("url(").unwrap();
    let source = sheet.join(source.split_once(')').unwrap().0).unwrap();
    browser.go(source).await;
    assert_eq!(
        (browser.page.html.as_str(), browser.page.header("content-type")),
        ("wOF2 and so on", "font/woff2")
    );
    assert_eq!(browser.page.header("cache-control"), "max-age=31536000, immutable");

    for (content, words) in
        [(b"\0\x01\0\0".to_vec(), "is not a WOFF2 font"), (b"wOF2".repeat(70_000), "larger than 256 KB")]
    {
        let refused = refusal_of("brand-font", &file("ours.woff2", content)).unwrap();
        assert!(refused.starts_with("BRAND_FONT: ") && refused.contains(words), "{refused}");
    }
}

#[tokio::test]
async fn signed_in_pages_carry_the_brand_too() {
    let (logo, css) = (file("logo.svg", SVG), file("our.css", CSS));
    let flags = [("brand-logo", logo.path.to_str().unwrap()), ("brand-css", css.path.to_str().unwrap())];
    let world = World::with(&flags).await;
    let mut browser = world.signed_in("app.phone@example.com").await;
    for page in ["/", "/factors/totp", "/recovery-code", "/no-such-page"] {
        browser.open(page).await;
        assert_eq!(browser.page.count(".brand img"), 1, "{page}");
        assert_eq!(browser.page.count("link[href*='/static/brand.']"), 1, "{page}");
    }
}

#[tokio::test]
async fn the_footer_links_to_help_and_to_what_the_law_asks_for() {
    let (_world, mut browser) = signed_out_page(&[
        ("support-url", "mailto:help@northwind.example"),
        ("privacy-url", "https://northwind.example/privacy"),
        ("terms-url", "https://northwind.example/terms"),
        ("imprint-url", "https://northwind.example/imprint"),
    ])
    .await;
    let links = browser.page.attrs(".foot > div a", "href");
    let paths = ["privacy", "terms", "imprint"].map(|path| format!("https://northwind.example/{path}"));
    assert_eq!(links, [&["/help".to_owned()][..], &paths].concat());
    assert_eq!(browser.page.texts(".foot > div a"), ["Help", "Privacy", "Terms", "Legal notice"]);
    browser.follow("Help").await;
    let last = browser.page.attrs("main li a", "href").pop();
    assert_eq!(
        last.as_deref(),
        Some("mailto:help@northwind.example"),
        "the support team comes after our own answers"
    );
}

#[test]
fn an_unusable_logo_is_refused_at_startup() {
    let large = format!("{SVG}{}", "<!-- -->".repeat(9000));
    let cases: [(&str, &[u8], &str); 8] = [
        ("empty.svg", b"", "neither an SVG nor a PNG"),
        ("photo.png", b"\xff\xd8\xff\xe0 JFIF", "neither an SVG nor a PNG"),
        ("dancing.png", b"GIF89a", "neither an SVG nor a PNG"),
        ("page.svg", b"<!doctype html><svg></svg>", "neither an SVG nor a PNG"),
        ("bare.svg", b"<svg viewBox='0 0 1 1'/>", "neither an SVG nor a PNG"),
        ("cut.svg", &SVG.as_bytes()[..90], "neither an SVG nor a PNG"),
        ("latin1.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>\xe9</svg>", "neither an SVG nor a PNG"),
        ("large.svg", large.as_bytes(), "larger than 64 KB"),
    ];
    for (name, content, words) in cases {
        let refused = refusal_of("brand-logo", &file(name, content)).unwrap();
        assert!(refused.starts_with("BRAND_LOGO: ") && refused.contains(words), "{name}: {refused}");
    }
    let mut gone = file("logo.svg", SVG);
    assert_eq!(refusal_of("brand-logo", &gone), None);
    gone.path.push("none");
    assert!(refusal_of("brand-logo", &gone).unwrap().contains("cannot be read"));
}

// O-09
#[test]
fn css_that_loads_something_is_refused_with_its_line() {
    let loads = "loads something with url()";
    for (css, words) in [
        ("a{}\n@import 'x.css';", "has an @import. Put the rules themselves into the file (line 2)."),
        ("@IMPORT url(x);", "@import"),
        ("@\\69mport 'x';", "@import"),
        ("@media print { @import 'x'; }", "@import"),
        ("a { background: url(https://evil.example/x) }", loads),
        ("a { background: URL( 'https://evil.example/x' ) }", loads),
        ("a {\n\n background: \\75 rl(//evil.example) }", "(line 3)."),
        ("a { background: u\\72l(\"x\") }", loads),
        ("a { background: url(data:image/png;base64,AA) }", loads),
        ("a { background: url(logo.png) }", loads),
        ("a { background: url(/*#*/x) }", loads),
        ("a { --x: url(x) }", loads),
        ("@font-face { src: url(x.woff2) }", loads),
        ("a { background: image-set('x.png' 1x) }", loads),
        ("a { background: -webkit-image-set(url(x) 1x) }", loads),
        ("a { background: cross-fade(url(x), 50%) }", loads),
        ("@namespace url(http://www.w3.org/1999/xhtml);", loads),
        ("@supports (background: url(x)) { }", loads),
        ("a { b: { c: [ ( url(x) ) ] } }", loads),
        ("a { background: url(x y) }", "cannot be parsed as CSS"),
        ("a { content: 'x\n }", "cannot be parsed as CSS"),
        (&"a{".repeat(1000), "cannot be parsed as CSS"),
    ] {
        let refused =
            refusal_of("brand-css", &file("our.css", css)).unwrap_or_else(|| panic!("«{css}» was taken"));
        assert!(refused.starts_with("BRAND_CSS: ") && refused.contains(words), "{css}: {refused}");
    }
    assert!(refusal_of("brand-css", &file("our.css", b"a{content:'\xe9'}")).unwrap().contains("not UTF-8"));
    assert!(
        refusal_of("brand-css", &file("our.css", "a{}".repeat(30_000)))
            .unwrap()
            .contains("larger than 64 KB")
    );
}

#[test]
fn documented_stylesheets_are_accepted() {
    let mut examples = blocks("docs/brand.md", "css");
    let readme = fs::read_to_string(crate::docs::file("README.md")).unwrap();
    examples.extend(readme.split('`').filter(|code| code.starts_with(":root {")).map(str::to_owned));
    assert!(examples.len() > 3, "{examples:?}");
    for css in examples {
        assert_eq!(refusal_of("brand-css", &file("our.css", &css)), None, "{css}");
    }
}

#[test]
fn css_that_loads_nothing_is_accepted() {
    for css in [
        "",
        CSS,
        "/* @import 'x'; url(x) */ a::after { content: \"url(https://evil.example/)\" }",
        "a[href^=\"https://\"] { color: red }",
        "@layer parts { :root { --accent: light-dark(#a00, #faa) } }",
        "@media (min-width: 40rem) { .bar { & > div { max-inline-size: 60rem } } }",
        "a { filter: url('#soft'); mask: url(#m) }",
        "\u{feff}a { color: red }",
    ] {
        assert_eq!(refusal_of("brand-css", &file("our.css", css)), None, "{css}");
    }
}
