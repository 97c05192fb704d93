//! Characters that nobody can see come along when people paste; they change nothing that was typed.

use emulated_tenant::Factor;
use reqwest::StatusCode;
use serde_json::Value;

use super::{NORA, Visit};

/// Each of Unicode's kinds of default-ignorable characters (Default_Ignorable_Code_Point).
const INVISIBLE: [char; 16] = [
    '\u{ad}', '\u{34f}', '\u{61c}', '\u{115f}', '\u{17b4}', '\u{180b}', '\u{200b}', '\u{200d}', '\u{200f}',
    '\u{202a}', '\u{202e}', '\u{2060}', '\u{2068}', '\u{2069}', '\u{fe0f}', '\u{feff}',
];

/// The text with this character before, after and between its characters.
fn sprinkled(text: &str, with: char) -> String {
    let mut sprinkled = String::from(with);
    text.chars().for_each(|c| sprinkled.extend([c, with]));
    sprinkled
}

/// The target that the tenant was asked to associate last.
fn associated(visit: &Visit, field: &str) -> String {
    let body = visit.world.tenant.journal().last("POST", "/mfa/associate").unwrap().body;
    serde_json::from_str::<Value>(&body).unwrap()[field].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn invisible_characters_do_not_change_a_number_an_address_or_a_code() {
    for with in INVISIBLE {
        let visit = Visit::of(NORA).await;
        let typed = sprinkled("+44 7700 900123", with);
        let sent = visit.post("factors/sms", &[("phone_number", &typed)]).await;
        assert_eq!(
            (sent.status(), associated(&visit, "phone_number").as_str()),
            (StatusCode::SEE_OTHER, "+447700900123")
        );
        let page = sent.headers()["location"].to_str().unwrap().trim_start_matches('/').to_owned();
        let code = sprinkled(&visit.world.devices(NORA).last_code(Factor::Sms).unwrap(), with);
        visit.post(&format!("{page}/confirm"), &[("code", &code)]).await;
        let active = |it: &emulated_tenant::Authenticator| it.active && it.factor == Factor::Sms;
        assert!(visit.world.tenant.authenticators(NORA).iter().any(active), "{with:?}");
        let visit = Visit::of(NORA).await;
        let typed = sprinkled("nora@example.net", with);
        visit.post("factors/email", &[("email", &typed)]).await;
        assert_eq!(associated(&visit, "email"), "nora@example.net", "{with:?}");
    }
}

#[tokio::test]
async fn a_copied_link_is_read_as_its_number_or_address() {
    let visit = Visit::of(NORA).await;
    visit.post("factors/sms", &[("phone_number", " tel:+44-7700-900123")]).await;
    assert_eq!(associated(&visit, "phone_number"), "+447700900123");
    visit.post("factors/email", &[("email", "mailto:nora@example.net ")]).await;
    assert_eq!(associated(&visit, "email"), "nora@example.net");
}
