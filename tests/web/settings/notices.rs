//! SMTP_URL, MAIL_FROM, WEBHOOK_URL and WEBHOOK_SECRET: each mistake ends the start with its remedy, and no secret is
//! repeated.

use super::{config, refusal};

const SMTP: (&str, &str) = ("smtp-url", "smtps://mail.example.com");
const FROM: (&str, &str) = ("mail-from", "Northwind <security@example.com>");
const HOOK: (&str, &str) = ("webhook-url", "https://hooks.example.com/mfa");
const KEY: (&str, &str) = ("webhook-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

/// Refuses this value beside the setting that belongs to it.
fn is_refused(flag: &str, value: &str, beside: (&str, &str), words: &str) {
    let said = refusal(&[(flag, value), beside]);
    let setting = flag.to_uppercase().replace('-', "_");
    assert!(said.starts_with(&format!("{setting}: ")) && said.contains(words), "{value}: {said}");
    assert!(said.ends_with('.') && !said.contains("hidden"), "{value}: {said}");
}

// D-06
#[test]
fn a_mail_server_that_is_no_url_of_one_is_refused() {
    for (value, words) in [
        ("mail.example.com", "is not a URL"),
        ("https://mail.example.com", "Use smtp://HOST:587 or smtps://HOST:465"),
        ("mail:587", "names no server"),
        ("smtp://", "names no server"),
        ("smtps://:465", "is not a URL"),
        ("smtp://user@mail.example.com", "a user without a password"),
        ("smtp://:hidden@mail.example.com", "a user without a password, or the reverse"),
        ("smtps://user:hidden@mail.example.com/inbox", "Leave out path, query and fragment"),
        ("smtps://user:hidden@mail.example.com?tls=no", "Leave out path, query and fragment"),
        ("smtps://user:hidden@mail.example.com#tls", "Leave out path, query and fragment"),
        ("smtps://user:hidden/hidden@mail.example.com", "percent-encoded"),
        ("smtp://mail.example.com:70000", "is not a URL"),
    ] {
        is_refused("smtp-url", value, FROM, words);
    }
}

// D-06
#[test]
fn a_sender_that_is_no_address_is_refused() {
    for value in [
        "security",
        "Northwind",
        "Northwind <security>",
        "security@",
        "@example.com",
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "Northwind <a@example.com",
    ] {
        is_refused("mail-from", value, SMTP, "is no address");
    }
}

// D-06
#[test]
fn a_receiver_of_webhooks_that_is_not_protected_is_refused() {
    for value in [
        "http://hooks.example.com/hidden",
        "ftp://hooks.example.com/hidden",
        "hooks.example.com/hidden",
        "hooks example.com/hidden",
        "//hooks.example.com/hidden",
        "https://hooks example.com/hidden",
        "https://hooks.example.com:99999/hidden",
        "https://[::1/hidden",
        "https://hooks$hidden.example.com/hidden",
        "https://",
    ] {
        is_refused("webhook-url", value, KEY, "https");
    }
}

// D-06
#[test]
fn a_webhook_key_that_libraries_would_refuse_is_refused() {
    for value in [
        "hidden",
        "whsec_",
        "whsec_hidden!",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        // 23 bytes and 65.
        "whsec_aGlkZGVuaGlkZGVuaGlkZGVuaGlkZGU=",
        "whsec_aGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGU=",
    ] {
        is_refused("webhook-secret", value, HOOK, "whsec_ and 24 to 64 bytes in base64");
    }
}

// D-06
#[test]
fn half_of_a_pair_of_settings_is_refused() {
    for (given, missing) in [
        (SMTP, "MAIL_FROM: is missing beside SMTP_URL"),
        (FROM, "SMTP_URL: is missing beside MAIL_FROM"),
        (HOOK, "WEBHOOK_SECRET: is missing beside WEBHOOK_URL"),
        (KEY, "WEBHOOK_URL: is missing beside WEBHOOK_SECRET"),
    ] {
        assert_eq!(refusal(&[given]), format!("{missing}. Set both or neither."));
    }
}

#[test]
fn mail_servers_and_receivers_are_accepted_in_every_usual_form() {
    for value in [
        "smtp://mail.example.com",
        "smtp://mail.example.com/",
        "smtp://mail.example.com:25",
        "smtp://user:p%40ss%2Fword@mail.example.com:587",
        "smtps://user:password@192.0.2.1:465",
        "smtps://[2001:db8::1]",
        "smtp://localhost:1025",
    ] {
        assert!(config(&[("smtp-url", value), FROM]).unwrap().mail.is_some(), "{value}");
    }
    for value in ["security@example.com", "Übersee <security@example.com>", "\"North, Wind\" <a@example.com>"]
    {
        assert!(config(&[SMTP, ("mail-from", value)]).is_ok(), "{value}");
    }
    for value in
        ["https://hooks.example.com:8443/a?b=c", "http://127.0.0.1:9000/hook", "http://localhost/hook"]
    {
        assert!(config(&[("webhook-url", value), KEY]).unwrap().webhook.is_some(), "{value}");
    }
}
