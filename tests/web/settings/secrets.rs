//! AUTH0_SECRET and AUTH0_CLIENT_SECRET: their forms, the files that may hold them, and refusals that never echo a
//! value.

use std::fs;

use mfa_portal::internals::Credentials;

use super::{BASE64_KEY, KEY, config, is_refused, refusal};

#[test]
fn a_sealing_key_is_hex_or_base64_of_32_bytes() {
    let url_safe = BASE64_KEY.replace('+', "-").replace('/', "_");
    let two = format!("{KEY}, {BASE64_KEY}");
    for (text, keys) in [
        (KEY, 1),
        (KEY.to_uppercase().as_str(), 1),
        (BASE64_KEY, 1),
        (url_safe.as_str(), 1),
        (url_safe.trim_end_matches('='), 1),
        (two.as_str(), 2),
    ] {
        assert_eq!(config(&[("auth0-secret", text)]).unwrap().sealing_keys.len(), keys, "{text}");
    }
}

// K-05
#[test]
fn a_short_guessable_or_malformed_sealing_key_is_refused() {
    let (zeros, pattern) = ("0".repeat(64), "abcd".repeat(16));
    let remedy = "Make one with `openssl rand -hex 32`";
    for (text, words) in [
        (KEY[..62].to_owned(), "shorter than 32 bytes"),
        ("c2hvcnQ=".to_owned(), "shorter than 32 bytes"),
        (zeros, "easy to guess"),
        (pattern, "easy to guess"),
        ("z".repeat(44), "easy to guess"),
        ("use a long random value, please!".to_owned(), "neither hex nor base64"),
        (format!("{KEY},"), "entry"),
        (format!("{KEY},,{BASE64_KEY}"), "entry"),
        (format!("{KEY},changeme"), "entry"),
    ] {
        is_refused("auth0-secret", &text, "AUTH0_SECRET", words);
        is_refused("auth0-secret", &text, "AUTH0_SECRET", remedy);
        assert!(!refusal(&[("auth0-secret", &text)]).contains(KEY), "a key is repeated");
    }
}

#[test]
fn more_than_four_sealing_keys_are_refused() {
    let keys: Vec<String> = (1..=5_u8).map(|at| KEY.replace(&KEY[..2], &format!("{at:02x}"))).collect();
    assert_eq!(config(&[("auth0-secret", &keys[..4].join(","))]).unwrap().sealing_keys.len(), 4);
    is_refused("auth0-secret", &keys.join(","), "AUTH0_SECRET", "Remove the oldest ones");
}

// K-05
#[test]
fn secrets_may_come_from_files() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (secret, key) = (file("secret", "from a file\n"), file("key", &format!("{KEY}\r\n")));
    let from_files = [
        ("auth0-client-secret", ""),
        ("auth0-secret", ""),
        ("auth0-client-secret-file", &secret),
        ("auth0-secret-file", &key),
    ];
    let config = config(&from_files).unwrap();
    let Credentials::Secret(of_client) = &config.credentials else { panic!("{:?}", config.credentials) };
    assert_eq!((of_client.expose(), config.sealing_keys.len()), ("from a file", 1));
    let empty = file("empty", "\n");
    for (flag, setting) in [("auth0-client-secret", "AUTH0_CLIENT_SECRET"), ("auth0-secret", "AUTH0_SECRET")]
    {
        let in_file = format!("{flag}-file");
        assert!(
            refusal(&[(&in_file, &secret)]).contains(&format!("is set, and {setting}_FILE too. Keep one"))
        );
        assert!(refusal(&[(flag, ""), (&in_file, &empty)]).starts_with(&format!("{setting}: is missing")));
        let said = refusal(&[(flag, ""), (&in_file, "/nowhere/at/all")]);
        assert!(
            said.starts_with(setting) && said.contains(&format!("{setting}_FILE names no readable")),
            "{said}"
        );
        assert!(!said.contains("/nowhere"), "the path may be the secret itself: {said}");
    }
}
