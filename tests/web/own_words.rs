//! WORDS: the company's own messages in place of ours, and its refusals in its own words.

use std::fs;
use std::path::Path;

use mfa_portal::Settings;
use tempfile::TempDir;

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The portal with these words.
async fn world(files: &[(&str, &str)], more: &[(&str, &str)]) -> World {
    let folder = folder(files);
    World::with(&[&[("words", text(folder.path()))], more].concat()).await
}

/// The reason why the portal does not start with this folder, without the folder's name.
fn refusal_of(folder: &Path) -> String {
    let flags = [
        ("auth0-domain", "example.eu.auth0.com"),
        ("auth0-client-id", "id"),
        ("auth0-client-secret", "secret"),
        ("auth0-secret", "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f"),
        ("app-base-url", "https://mfa.example.com"),
        ("words", text(folder)),
    ];
    let config: Result<mfa_portal::Config, _> = Settings::from_flags(flags).unwrap().try_into();
    config.unwrap_err().to_string().replace(text(folder), "words")
}

fn refused(files: &[(&str, &str)]) -> String {
    refusal_of(folder(files).path())
}

const REFUSAL: &str = "\
refusal-unverified = Open the link in the mail from { $brand }, then come back.
    .title = Confirm your address first
    .when =
        Please verify your email before logging in.
        email_not_verified*
";

/// The page after the tenant has refused with this description.
async fn refused_page(world: &World, languages: &str, description: &str) -> Browser {
    let refusal = ("access_denied".to_owned(), description.to_owned());
    world.tenant.configure(|settings| settings.authorize_error = Some(refusal));
    let mut browser = Browser::speaking(world, languages);
    browser.open("/").await;
    browser
}

#[tokio::test]
async fn a_message_of_the_company_stands_on_the_page_in_place_of_ours() {
    let files = [
        ("en.ftl", "list-title = Your second step\nback-to-portal = Back to { $app } & <b>Contoso</b>\n"),
        ("de.ftl", "list-title = Ihr zweiter Schritt\n"),
    ];
    let world = world(&files, &[("portal-url", "https://portal.example.com")]).await;
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(browser.page.heading(), "Your second step");
    assert!(browser.page.title().contains("Your second step"), "{}", browser.page.title());
    let html = &browser.page.html;
    assert!(html.contains("&#38; &#60;b&#62;Contoso&#60;/b&#62;"), "text, not HTML: {html}");
    assert_eq!(browser.open("/?lang=de").await.heading(), "Ihr zweiter Schritt");
    assert_eq!(browser.page.text().matches("Contoso").count(), 0, "each language has its own file");
    assert_eq!(browser.open("/?lang=fr").await.heading(), "Vérification en deux étapes");
}

#[tokio::test]
async fn a_plural_of_the_company_selects_by_its_languages_rules() {
    let message = "minutes-left = { $count ->\n    [one] One minute\n   *[other] { $count } minutes\n}\n";
    let world = world(&[("en.ftl", message)], &[]).await;
    let browser = world.signed_in(NORA).await;
    assert_eq!(
        browser.page.text_of("[data-minutes-left]").replace(['\u{2068}', '\u{2069}'], ""),
        "9 minutes"
    );
}

#[tokio::test]
async fn a_refusal_is_told_in_the_companys_words() {
    let world = world(&[("en.ftl", REFUSAL)], &[("brand-name", "Contoso")]).await;
    for description in [
        "Please verify your email before logging in.",
        "  please verify  your\u{a0}email before logging in.",
        "Please verify your e\u{200b}mail before\u{ad} logging in.",
        "email_not_verified",
        "Email_Not_Verified: nora@example.com",
    ] {
        let browser = refused_page(&world, "en", description).await;
        assert_eq!(browser.page.heading(), "Confirm your address first", "{description}");
        assert_eq!(browser.page.status.as_u16(), 403);
        let said = browser.page.text_of(".lead");
        assert_eq!(said, "Open the link in the mail from Contoso, then come back.");
        browser.page.link("Sign in with another account");
    }
}

#[tokio::test]
async fn any_other_refusal_is_told_in_our_words() {
    let world = world(&[("en.ftl", REFUSAL)], &[]).await;
    for description in [
        "Please verify your email before logging in",
        "Please verify your email before logging in. Now.",
        "not email_not_verified",
        "refusal-unverified",
        "",
    ] {
        let browser = refused_page(&world, "en", description).await;
        assert_eq!(browser.page.heading(), "You could not be signed in", "{description}");
        assert_eq!(browser.page.attr("main [lang]", "lang"), None);
    }
    let browser = refused_page(&world, "en", "User has canceled the interaction.").await;
    assert_eq!(browser.page.heading(), "Sign-in cancelled");
}

#[tokio::test]
async fn a_refusal_in_another_language_says_which_one_it_is_in() {
    let german = REFUSAL.replace("Confirm your address first", "Bestätigen Sie zuerst Ihre Adresse");
    let files = [("de.ftl", german.as_str()), ("en.ftl", REFUSAL)];
    for (files, languages, lang, heading) in [
        (&files[..], "de", None, "Bestätigen Sie zuerst Ihre Adresse"),
        (&files, "en", None, "Confirm your address first"),
        (&files, "ar", Some("en"), "Confirm your address first"),
        (&files[..1], "ja", Some("de"), "Bestätigen Sie zuerst Ihre Adresse"),
        (&files[1..], "fr", Some("en"), "Confirm your address first"),
    ] {
        let world = world(files, &[]).await;
        let browser = refused_page(&world, languages, "email_not_verified").await;
        assert_eq!(browser.page.heading(), heading, "{languages}");
        assert_eq!(browser.page.attr("main [lang]", "lang").as_deref(), lang, "{languages}");
    }
}

#[test]
fn an_id_that_is_no_message_is_refused_with_file_and_line() {
    for id in ["list-titel", "country-order", "language-name", "list-title-", "refusalx"] {
        let file = format!("# ours\nlist-title = Yes\n\n{id} = No\n");
        let said = refused(&[("en.ftl", "list-title = Yes\n"), ("de.ftl", &file)]);
        assert!(said.starts_with(&format!("WORDS: words/de.ftl, line 4: {id} is no message")), "{said}");
    }
}

#[test]
fn broken_syntax_is_refused_with_its_line() {
    for (broken, line) in [
        ("list-title = { $brand\n", 2),
        ("list-title = { }\n", 1),
        ("list-title: Yes\n", 1),
        ("list-title = Yes\n\"oops\n", 2),
        ("list-title\n", 1),
        ("list-title = { $count ->\n    [one] One\n}\n", 3),
    ] {
        let said = refused(&[("fr.ftl", broken)]);
        assert!(
            said.starts_with(&format!("WORDS: words/fr.ftl, line {line}: this is not Fluent's syntax")),
            "{said}"
        );
    }
}

#[test]
fn a_value_that_a_message_does_not_have_is_refused() {
    for (message, said_of_it) in [
        ("list-title = { $brand }", "list-title has { $brand }, and this message has no such value"),
        ("back-to = { $brand }", "back-to has { $brand }, and this message has only { $host }"),
        ("back-to = { $hots }", "back-to has { $hots }"),
        (
            "minutes-left = { $count ->\n    [one] { $minutes }\n   *[other] Many\n}",
            "minutes-left has { $minutes }",
        ),
        ("minutes-left = { $who ->\n   *[other] Many\n}", "minutes-left has { $who }"),
        ("list-title = { sign-out }", "list-title refers to sign-out"),
        ("list-title = { -brand }", "list-title refers to -brand"),
        ("list-title = { NUMBER(3) }", "list-title refers to NUMBER()"),
        ("-brand = Contoso", "-brand is a term"),
        ("list-title =\n    .title = Yes", "list-title has no text"),
        ("list-title = Yes\n    .title = Yes", "list-title has an attribute .title"),
        ("list-title = Yes\nlist-title = No", "list-title stands here twice"),
    ] {
        let said = refused(&[("en.ftl", &format!("{message}\n"))]);
        assert!(said.contains(said_of_it), "{said}");
    }
}

#[test]
fn a_refusal_that_could_never_be_shown_is_refused() {
    for (message, said_of_it) in [
        ("refusal-x = Text\n    .title = Title", "refusal-x has no .when"),
        ("refusal-x = Text\n    .when = no", "refusal-x has no .title"),
        ("refusal-x =\n    .title = Title\n    .when = no", "refusal-x has no text"),
        ("refusal-x = Text\n    .title = Title\n    .when = { \"\" }", "has no .when"),
        (
            "refusal-x = Text\n    .title = Title\n    .when =\n        a\n        { \"\" }*",
            "has a .when that says nothing",
        ),
        ("refusal-x = Text\n    .title = Title\n    .when = no { $who }", "has braces in .when"),
        ("refusal-x = Text { $who }\n    .title = Title\n    .when = no", "has { $who }"),
        ("refusal-x = Text\n    .titel = Title\n    .when = no", "has an attribute .titel"),
    ] {
        let said = refused(&[("en.ftl", &format!("{message}\n"))]);
        assert!(said.starts_with("WORDS: words/en.ftl, line 1: ") && said.contains(said_of_it), "{said}");
    }
    let other = REFUSAL.replace("refusal-unverified", "refusal-other");
    let said = refused(&[("en.ftl", &format!("{REFUSAL}{other}"))]);
    assert!(said.contains("line 6: refusal-other is for the same refusal as refusal-unverified"), "{said}");
}

#[test]
fn a_folder_that_holds_anything_else_is_refused() {
    for (name, said_of_it) in [
        ("pt.ftl", "pt.ftl is for a language that the portal does not have. It has ar, de, en, es, fr, ja."),
        ("EN.ftl", "EN.ftl is for a language"),
        ("de-CH.ftl", "de-CH.ftl is for a language"),
        ("en.ftl.txt", "en.ftl.txt is no Fluent file"),
        ("en.flt", "en.flt is no Fluent file"),
    ] {
        let said = refused(&[(name, "list-title = Yes\n"), ("en.ftl", "")]);
        assert!(said.starts_with("WORDS: words/") && said.contains(said_of_it), "{said}");
    }
    assert!(refused(&[]).contains("words holds no Fluent file"));
    assert!(refused(&[(".hidden", "x")]).contains("words holds no Fluent file"));
    assert!(refused(&[("en.ftl", &"# \n".repeat(90_000))]).contains("is larger than 256 KB"));
    let latin1 = folder(&[]);
    fs::write(latin1.path().join("de.ftl"), b"list-title = Best\xe4tigung\n").unwrap();
    assert!(refusal_of(latin1.path()).contains("de.ftl cannot be read as UTF-8"));
    assert!(refusal_of(Path::new("/nowhere/at/all")).contains("words cannot be read"));
}

#[test]
fn our_own_files_are_words_too() {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/locales");
    for tag in ["ar", "de", "en", "es", "fr", "ja"] {
        let text = fs::read_to_string(ours.join(format!("{tag}.ftl"))).unwrap();
        let without_name =
            text.lines().filter(|line| !line.starts_with("language-name ")).collect::<Vec<_>>();
        let file = without_name.join("\n") + "\nlist-titel = caught\n";
        let said = refused(&[(&format!("{tag}.ftl"), &file)]);
        assert!(said.contains("list-titel is no message"), "{tag}: every other line passes: {said}");
    }
}

#[test]
fn the_documented_messages_are_accepted() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/words.md");
    let guide = fs::read_to_string(guide).unwrap();
    let shown: Vec<&str> =
        guide.split("```ftl\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(shown.len(), 3);
    let said = refused(&[("en.ftl", &format!("{}\nlist-titel = caught\n", shown.concat()))]);
    assert!(said.contains("list-titel is no message"), "{said}");
}
