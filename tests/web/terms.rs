//! The vocabulary of the pages: one term for one thing in each language, the one that Google, Microsoft and Apple use.

use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Message, Pattern, PatternElement};
use mfa_portal::internals::first_sentence;

use crate::support::{Browser, World};

/// A language, a term of its file, and the words for the same thing that the file does not have.
const TERMS: [(&str, &str, &[&str]); 33] = [
    ("en", "two-step verification", &["two-factor", "2fa", "multi-factor", "two-step authentication"]),
    ("en", "authenticator app", &["authentication app", "code generator"]),
    ("en", "recovery code", &["backup code", "rescue code"]),
    ("en", "text message", &["sms"]),
    ("en", "sign in", &["log in", "login", "log out"]),
    ("en", "is accepted", &["is taken", "was taken", "are taken"]),
    ("en", "was denied", &["said no"]),
    ("en", "test your phone", &["try authenticator", "try text", "try phone", "try e-mail", "try push"]),
    ("de", "bestätigung in zwei schritten", &["anmeldung in zwei schritten", "zwei-faktor", "2fa"]),
    ("de", "wiederherstellungscode", &["backup-code", "ersatzcode"]),
    ("de", "anmeld", &["einlogg", "login", "auslogg"]),
    ("de", "geben sie", &["tippen sie den", "tippen sie die", "tippen sie eine", "eintippen"]),
    ("de", "verwenden sie", &["nehmen sie eine"]),
    ("de", "abgelehnt", &["nein gesagt"]),
    ("de", "sitzung", &["besuch"]),
    ("de", "push-mitteilung", &["push-benachrichtigung", "push-nachricht"]),
    ("fr", "vérification en deux étapes", &["validation en deux étapes", "double authentification"]),
    ("fr", "supprimer", &["retir", "effac", "enlev"]),
    ("fr", "code de récupération", &["code de secours"]),
    ("fr", "e-mail", &["courriel", "mél"]),
    ("fr", "session", &["visite"]),
    ("es", "verificación en dos pasos", &["dos factores", "verificación en 2 pasos"]),
    ("es", "quitar", &["elimin", "suprim"]),
    ("es", "código de recuperación", &["código de respaldo", "código de seguridad"]),
    ("es", "escriba", &["introduzca", "teclee"]),
    ("es", "sesión", &["visita"]),
    ("ja", "認証方法", &["本人確認の方法", "認証の方法", "認証手段"]),
    ("ja", "2段階認証", &["二段階認証", "二要素認証", "2要素認証", "2段階目の確認"]),
    ("ja", "リカバリーコード", &["回復コード", "復旧コード", "バックアップコード"]),
    ("ja", "以前の", &["古い"]),
    ("ar", "التحقق بخطوتين", &["المصادقة الثنائية", "التحقق من خطوتين"]),
    ("ar", "رمز الاسترداد", &["رمز الاستعادة", "الرمز الاحتياطي"]),
    ("ar", "اختبار", &["نجحت التجربة", "تجربة تطبيق"]),
];

/// The longest error summary in English: a screen reader reads it at once, together with the field.
const MOST_WORDS: usize = 12;

fn file(language: &str) -> String {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/locales");
    fs::read_to_string(locales.join(language).with_extension("ftl")).unwrap()
}

/// The words that people read of a file: neither comments nor ids, which are in English in every file.
fn read_by_people(file: &str) -> String {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    let texts = lines.map(|line| line.split_once(" = ").map_or(line, |(_, text)| text));
    texts.collect::<Vec<_>>().join("\n").to_lowercase()
}

#[test]
fn each_language_has_one_term_for_one_thing() {
    for (language, term, others) in TERMS {
        let text = read_by_people(&file(language));
        assert!(text.contains(&term.to_lowercase()), "{language}: no “{term}”");
        let said = others.iter().filter(|it| text.contains(&it.to_lowercase())).collect::<Vec<_>>();
        assert!(said.is_empty(), "{language}: {said:?} instead of “{term}”");
    }
}

/// The number of words in a message without arguments.
fn words(pattern: &Pattern<String>) -> usize {
    let [PatternElement::TextElement { value }] = &*pattern.elements else {
        panic!("{pattern:?} has arguments")
    };
    first_sentence(value).split_whitespace().count()
}

// O-12
#[test]
fn an_error_summary_has_at_most_twelve_words() {
    let resource = fluent_syntax::parser::parse(file("en")).unwrap();
    let messages = resource.body.iter().filter_map(|entry| match entry {
        Entry::Message(Message { id, value: Some(value), .. }) => Some((&id.name, value)),
        _ => None,
    });
    let mistakes = messages.filter(|(id, _)| id.starts_with("mistake-"));
    let lengths: Vec<_> = mistakes.map(|(id, value)| (id, words(value))).collect();
    assert!(lengths.len() > 15, "{lengths:?}");
    let long: Vec<_> = lengths.iter().filter(|(_, words)| *words > MOST_WORDS).collect();
    assert!(long.is_empty(), "more than {MOST_WORDS} words: {long:?}");
}

// O-12
#[tokio::test]
async fn names_and_titles_hold_no_marks_of_direction() {
    for language in ["en", "ar"] {
        let world = World::new().await;
        let mut browser = Browser::speaking(&world, language);
        browser.open("/").await;
        browser.pass_sign_in("eight@example.com").await;
        let labels = browser.page.attrs("[aria-label]", "aria-label");
        assert!(labels.len() > 9, "{labels:?}");
        assert!(labels.iter().all(|label| !label.contains(['\u{2068}', '\u{2069}'])), "{labels:?}");
        for act in ["remove", "replace"] {
            let selector = format!("a[href*='/{act}?id=']");
            for href in browser.page.attrs(&selector, "href") {
                let page = browser.open(&href).await;
                let title = page.html.split("</title>").next().unwrap();
                assert!(!title.contains(['\u{2068}', '\u{2069}']), "{title}");
            }
        }
    }
}
