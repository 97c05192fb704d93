//! Addresses and numbers that the tenant repeats in its descriptions never reach the log.

use emulated_tenant::FaultKind;
use mfa_portal::internals::without_contacts;

use crate::support::{ASSOCIATE, Log, World};

const NORA: &str = "nothing@example.com";
/// Spellings of one number, and of one address.
const NUMBERS: [&str; 10] = [
    "0770\u{10}900\u{1}123",
    "+447700900123",
    "07700900123",
    "+44 7700 900 123",
    "+44 (0) 7700-900-123",
    "+44.7700.900.123",
    "+44\u{a0}7700\u{2011}900\u{2011}123",
    "٠٧٧٠٠٩٠٠١٢٣",
    "\u{ff10}\u{ff17}\u{ff17}\u{ff10}\u{ff10}\u{ff19}\u{ff10}\u{ff10}",
    "tel:+44-7700-900123",
];
const ADDRESSES: [&str; 6] = [
    "nora@example.org",
    "Nora.Nothing+x@exämple.org",
    "<nora@example.org>,",
    "'nora@[192.0.2.1]'",
    "mailto:nora%40example.org",
    "nora＠example.org",
];

#[test]
fn contacts_are_redacted_and_other_text_is_kept() {
    for contact in NUMBERS.into_iter().chain(ADDRESSES) {
        for (before, after) in
            [("", ""), ("The destination ", " is invalid."), ("invalid: ", ""), ("«", "» x")]
        {
            let told = without_contacts(&format!("{before}{contact}{after}"));
            let traces = ["7700", "900", "123", "nora", "Nora", "example", "exämple", "٠٧٧", "\u{ff17}"];
            assert!(!traces.iter().any(|trace| told.contains(trace)), "{contact}: {told}");
            assert!(told.contains("[redacted]"), "{told}");
        }
    }
    for kept in [
        "",
        "invalid_request: Invalid binding_code.",
        "You have 51 of 51 authenticators (limit: 51).",
        "status 400, error 1010",
        "Grant type 'http://auth0.com/oauth/grant-type/mfa-otp' not allowed for the client.",
        "تعذّر الإرسال",
    ] {
        assert_eq!(without_contacts(kept), kept);
    }
}

#[tokio::test]
async fn a_contact_in_a_description_stays_out_of_the_log() {
    let pages = [
        ("/factors/sms", "Phone number", "+44 7700 900123", &NUMBERS[..]),
        ("/factors/email", "E-mail address", "nora@example.org", &ADDRESSES[..]),
    ];
    for (page, label, typed, spellings) in pages {
        for spelling in spellings {
            let world = World::new().await;
            let mut browser = world.signed_in(NORA).await;
            let log = Log::begin();
            let said = format!("Destination {spelling} was refused.");
            let body = serde_json::json!({ "error": "access_denied", "error_description": said });
            world.upset("POST", ASSOCIATE, FaultKind::json(403, &body.to_string()));
            browser.open(page).await;
            browser.press("Send the code", &[(label, typed)]).await;
            let text = log.text();
            assert!(text.contains("tenant call failed") && text.contains("[redacted]"), "{text}");
            assert!(!text.contains(spelling), "{spelling}: {text}");
        }
    }
}

#[tokio::test]
async fn a_contact_in_a_refused_sign_in_stays_out_of_the_log() {
    for contact in NUMBERS.into_iter().chain(ADDRESSES) {
        let world = World::new().await;
        let log = Log::begin();
        let refusal = ("access_denied".to_owned(), format!("{contact} may not sign in"));
        world.tenant.configure(|settings| settings.authorize_error = Some(refusal));
        world.browser().open("/").await;
        let text = log.text();
        assert!(text.contains("sign-in refused by the tenant"), "{text}");
        assert!(!text.contains(contact), "{contact}: {text}");
    }
}
