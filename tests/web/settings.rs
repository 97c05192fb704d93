//! Settings: accepted values, and refusals that name the setting and the remedy in one sentence.

mod notices;
mod origins;
mod readme;
mod secrets;
mod sources;

use mfa_portal::ConfigError;
use mfa_portal::{Config, Settings};

const KEY: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const BASE64_KEY: &str = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";
const GOOD: [(&str, &str); 5] = [
    ("auth0-domain", "example.eu.auth0.com"),
    ("auth0-client-id", "mfa-portal"),
    ("auth0-client-secret", "a client secret"),
    ("auth0-secret", KEY),
    ("app-base-url", "https://mfa.example.com"),
];

/// Good settings with these changed; an empty value removes a setting.
fn settings(changed: &[(&str, &str)]) -> Result<Settings, String> {
    let kept = GOOD.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let given = changed.iter().filter(|(_, value)| !value.is_empty());
    Settings::from_flags(kept.chain(given).copied()).map_err(|error| error.to_string())
}

fn config(changed: &[(&str, &str)]) -> Result<Config, ConfigError> {
    settings(changed).unwrap().try_into()
}

/// The sentence that refuses these settings.
fn refusal(changed: &[(&str, &str)]) -> String {
    config(changed).unwrap_err().to_string()
}

fn is_refused(flag: &str, value: &str, setting: &str, words: &str) {
    let said = refusal(&[(flag, value)]);
    assert!(said.starts_with(&format!("{setting}: ")) && said.contains(words), "{value}: {said}");
    assert!(said.ends_with('.'), "no sentence: {said}");
}

#[test]
fn the_required_settings_alone_are_enough() {
    let config = config(&[]).unwrap();
    assert_eq!(config.tenant_url.as_str(), "https://example.eu.auth0.com/");
    assert_eq!(config.audience, "https://example.eu.auth0.com/mfa/");
    assert_eq!(config.issuer(), "https://example.eu.auth0.com/");
    assert_eq!((config.listen.to_string().as_str(), config.base_path()), ("127.0.0.1:3000", ""));
    assert_eq!(config.absolute("/callback"), "https://mfa.example.com/callback");
}

// D-06
#[test]
fn each_missing_required_setting_is_named() {
    for (flag, setting) in [
        ("auth0-domain", "AUTH0_DOMAIN"),
        ("auth0-client-id", "AUTH0_CLIENT_ID"),
        ("app-base-url", "APP_BASE_URL"),
    ] {
        let said = settings(&[(flag, "")]).unwrap_err();
        assert!(said.contains(&format!("--{flag}")), "{setting}: {said}");
    }
    for (flag, setting) in [("auth0-client-secret", "AUTH0_CLIENT_SECRET"), ("auth0-secret", "AUTH0_SECRET")]
    {
        assert_eq!(
            refusal(&[(flag, "")]),
            format!("{setting}: is missing. Set it, or {setting}_FILE to a file that holds it.")
        );
    }
}

#[test]
fn a_domain_is_accepted_in_every_form_people_copy() {
    for (typed, understood) in [
        ("example.eu.auth0.com", "https://example.eu.auth0.com/"),
        ("https://example.eu.auth0.com", "https://example.eu.auth0.com/"),
        ("https://example.eu.auth0.com/", "https://example.eu.auth0.com/"),
        ("EXAMPLE.eu.Auth0.com", "https://example.eu.auth0.com/"),
        ("http://127.0.0.1:3100", "http://127.0.0.1:3100/"),
        ("http://localhost:3100/", "http://localhost:3100/"),
        ("http://[::1]:3100", "http://[::1]:3100/"),
    ] {
        let config = config(&[("auth0-domain", typed)]).unwrap();
        assert_eq!(config.tenant_url.as_str(), understood);
        assert_eq!(config.audience, format!("{understood}mfa/"));
    }
}

// D-06
#[test]
fn an_invalid_or_unsafe_domain_is_refused() {
    for (typed, words) in [
        ("http://example.eu.auth0.com", "is not https"),
        ("http://127.0.0.1.evil.example", "is not https"),
        ("http://localhost.evil.example", "is not https"),
        ("http://10.0.0.1", "is not https"),
        ("ftp://example.com", "is not https"),
        ("https://example.com/tenant", "more than a domain"),
        ("example.com/mfa/", "more than a domain"),
        ("example.com?x=y", "more than a domain"),
        ("example.com#x", "more than a domain"),
        ("user@example.com", "more than a domain"),
        ("https://user:password@example.com", "more than a domain"),
        ("exa mple.com", "is not a domain"),
        ("https://", "is not a domain"),
    ] {
        is_refused("auth0-domain", typed, "AUTH0_DOMAIN", words);
        is_refused("auth0-tenant-domain", typed, "AUTH0_TENANT_DOMAIN", words);
    }
}

#[test]
fn the_audience_uses_the_canonical_domain() {
    let custom = [("auth0-domain", "login.example.com"), ("auth0-tenant-domain", "example.eu.auth0.com")];
    let config = config(&custom).unwrap();
    assert_eq!(config.issuer(), "https://login.example.com/");
    assert_eq!(config.audience, "https://example.eu.auth0.com/mfa/");
}

// D-06
#[test]
fn the_public_url_may_have_a_path_and_needs_https_off_loopback() {
    for (typed, path, callback) in [
        ("https://example.com", "", "https://example.com/callback"),
        ("https://example.com/", "", "https://example.com/callback"),
        ("https://example.com/a/b/", "/a/b", "https://example.com/a/b/callback"),
        ("http://localhost:3000/mfa", "/mfa", "http://localhost:3000/mfa/callback"),
    ] {
        let config = config(&[("app-base-url", typed)]).unwrap();
        assert_eq!((config.base_path(), config.absolute("/callback").as_str()), (path, callback));
    }
    for (typed, words) in [
        ("http://example.com", "is not https"),
        ("mfa.example.com", "Write it in full, with https://"),
        ("https://example.com?x=y", "Leave only scheme, host and path"),
        ("https://example.com#x", "Leave only scheme, host and path"),
        ("https://user:password@example.com", "Leave only scheme, host and path"),
        ("javascript:alert(1)", "is not https"),
        ("https://example.com//mfa", "two slashes in a row"),
        ("https://example.com//", "two slashes in a row"),
        ("https://example.com/mfa//portal", "two slashes in a row"),
    ] {
        is_refused("app-base-url", typed, "APP_BASE_URL", words);
    }
}

#[test]
fn outgoing_links_need_https() {
    for (flag, setting) in [
        ("portal-url", "PORTAL_URL"),
        ("support-url", "SUPPORT_URL"),
        ("privacy-url", "PRIVACY_URL"),
        ("terms-url", "TERMS_URL"),
        ("imprint-url", "IMPRINT_URL"),
    ] {
        is_refused(flag, "javascript:alert(1)", setting, "is not https");
        is_refused(flag, "http://example.com", setting, "is not https");
        is_refused(flag, "help", setting, "Write it in full");
        config(&[(flag, "https://example.com/help?x=y")]).unwrap();
    }
    for contact in ["mailto:help@example.com?subject=Codes", "tel:+49-30-123456", "tel:112"] {
        let url = config(&[("support-url", contact)]).unwrap().support_url.unwrap();
        assert_eq!(url.as_str(), contact);
        is_refused("portal-url", contact, "PORTAL_URL", "is not https");
    }
    for wrong in ["mailto:", "mailto:help", "tel:", "tel:help", "sms:112"] {
        is_refused("support-url", wrong, "SUPPORT_URL", "is not https");
    }
}

#[test]
fn the_push_apps_name_and_store_links_are_checked() {
    for (flag, setting) in [("push-app-store", "PUSH_APP_STORE"), ("push-play-store", "PUSH_PLAY_STORE")] {
        for typed in ["http://example.com", "http://127.0.0.1/x", "javascript:alert(1)", "market://x", "app"]
        {
            is_refused(flag, typed, setting, "is not an https URL");
        }
        config(&[(flag, "https://example.com/app?x=y")]).unwrap();
    }
    for name in [" ", "\u{a0}", "Two\nlines", "a\u{0}b"] {
        is_refused("push-app-name", name, "PUSH_APP_NAME", "is not a name");
    }
    config(&[("push-app-name", "Zugang: „Ünïcode“ & <Söhne>")]).unwrap();
}

#[test]
fn store_urls_factors_and_listeners_are_checked() {
    is_refused("session-store", "postgres://x", "SESSION_STORE", "is unknown. Use memory:");
    is_refused("session-store", "sqlite:", "SESSION_STORE", "is unknown");
    is_refused("session-store", "memory:x", "SESSION_STORE", "is unknown");
    is_refused("session-store", "sessions.db", "SESSION_STORE", "sqlite:PATH");
    is_refused("factors", "totp,pigeon", "FACTORS", "«pigeon» is unknown. Choose from totp");
    is_refused("factors", "recovery-code", "FACTORS", "is unknown");
    is_refused("factors", "webauthn", "FACTORS", "is unknown");
    is_refused("admin-listen", "127.0.0.1:3000", "ADMIN_LISTEN", "Give it a port of its own");
    for (flag, value) in
        [("listen", "3000"), ("listen", "localhost:x"), ("limits", "none"), ("log-format", "xml")]
    {
        assert!(settings(&[(flag, value)]).unwrap_err().contains(&format!("--{flag}")), "{flag}={value}");
    }
}

#[test]
fn a_redis_url_is_accepted_or_refused_with_a_reason_and_never_echoed() {
    for good in [
        "redis://localhost",
        "redis://portal:pass%40word@127.0.0.1:6380/3",
        "redis://:password@[::1]:6379",
        "rediss://portal:password@redis.example.com:6380/0",
        "redis+cluster://portal:pass%40word@10.0.0.1:6379,10.0.0.2",
        "rediss+cluster://:password@redis.example.com",
        "redis+sentinel://10.0.0.1,10.0.0.2:26380/main",
        "rediss+sentinel://portal:password@[::1]:26379,redis.example.com/main/3",
    ] {
        config(&[("session-store", good)]).unwrap();
    }
    for (bad, words) in [
        ("redis:hidden", "is unknown. Use memory:"),
        ("redis://:hidden@", "is not a URL. Write redis://USER:PASSWORD@HOST:PORT/DATABASE"),
        ("redis://u:hidden@h:port", "is not a URL"),
        ("redis://hidden@h:6379", "names a user without a password"),
        ("redis://u:hidden@h:6379/first", "Invalid database number"),
        ("redis://u:hidden@h:6379?db=1", "has a query or fragment"),
        ("rediss://u:hidden@h:6379#insecure", "has a query or fragment"),
        ("redis://u:hidden@0.0.0.0", "Cannot connect to a wildcard address"),
        (
            "redis://u:hidden@h:6379,h:6380",
            "names several hosts. Write redis+cluster:// or redis+sentinel://",
        ),
        ("redis+cluster://u:hidden@h:6379,h:port", "is not a URL"),
        ("redis+cluster://u:hidden@h:6379/1", "names a database, but a cluster has only one"),
        ("redis+cluster://hidden@h:6379,i:6379", "names a user without a password"),
        ("redis+sentinel://u:hidden@h:26379", "does not name the primary as the Sentinels do"),
        ("redis+sentinel://u:hidden@h:26379/main/first", "Invalid database number"),
        ("redis+raft://u:hidden@h:6379", "is unknown. Use memory:"),
    ] {
        is_refused("session-store", bad, "SESSION_STORE", words);
        assert!(!refusal(&[("session-store", bad)]).contains("hidden"), "{bad}");
    }
}

#[test]
fn factors_keep_their_order() {
    let config = config(&[("factors", "email, totp")]).unwrap();
    assert_eq!(config.factors.iter().map(|it| it.slug()).collect::<Vec<_>>(), ["email", "totp"]);
}

#[test]
fn half_of_the_management_credentials_is_refused() {
    let (id, secret) = ("auth0-management-client-id", "auth0-management-client-secret");
    assert!(config(&[(id, "machine"), (secret, "x")]).unwrap().management.is_some());
    for (flag, missing) in [(id, "AUTH0_MANAGEMENT_CLIENT_SECRET"), (secret, "AUTH0_MANAGEMENT_CLIENT_ID")] {
        let said = refusal(&[(flag, "x")]);
        assert!(said.starts_with(&format!("{missing}: is missing beside")), "{said}");
    }
}

#[test]
fn countries_are_checked() {
    is_refused(
        "phone-countries",
        "GB,XX",
        "PHONE_COUNTRIES",
        "«XX» is not a country code. Use ISO codes such as GB,DE",
    );
    is_refused("default-country", "Germany", "DEFAULT_COUNTRY", "is not a country code");
    config(&[("phone-countries", "GB, DE"), ("default-country", "DE")]).unwrap();
    let said = refusal(&[("phone-countries", "GB,FR"), ("default-country", "DE")]);
    assert!(said.starts_with("DEFAULT_COUNTRY: ") && said.contains("not in PHONE_COUNTRIES"), "{said}");
}

// K-05
#[test]
fn printed_settings_hold_no_secret() {
    let settings = settings(&[("session-store", "redis://portal:a redis password@localhost")]).unwrap();
    let printed = format!("{settings:?} {settings:#?}");
    let config: Config = settings.try_into().unwrap();
    let printed = format!("{printed} {config:?} {config:#?}");
    assert!(printed.contains("mfa.example.com"));
    let as_numbers = "159, 134, 208";
    for secret in ["a client secret", KEY, as_numbers, "159,\n", "redis password", "redis%20password"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
