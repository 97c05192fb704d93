//! EMBED_ORIGINS and RETURN_ORIGINS: exact origins are accepted, everything else is refused with a sentence.

use url::Origin;

use super::{config, is_refused};

fn written(origins: &[Origin]) -> Vec<String> {
    origins.iter().map(Origin::ascii_serialization).collect()
}

#[test]
fn exact_origins_are_accepted_and_normalized() {
    for (list, understood) in [
        ("https://portal.example.com", vec!["https://portal.example.com"]),
        ("https://a.example , https://b.example:8443,", vec!["https://a.example", "https://b.example:8443"]),
        ("https://Portal.Example.COM", vec!["https://portal.example.com"]),
        ("https://xn--bcher-kva.example", vec!["https://xn--bcher-kva.example"]),
        ("http://localhost:8080", vec!["http://localhost:8080"]),
        ("http://127.0.0.1:8080", vec!["http://127.0.0.1:8080"]),
        ("", vec![]),
    ] {
        let config = config(&[("embed-origins", list), ("return-origins", list)]).unwrap();
        assert_eq!(written(&config.embed_origins), understood, "{list}");
        assert_eq!(written(&config.return_origins), understood, "{list}");
    }
}

// D-06
#[test]
fn an_inexact_origin_is_refused_with_a_reason() {
    for (written, words) in [
        ("https://portal.example.com/", "Write it as https://portal.example.com."),
        ("https://portal.example.com/account", "Write it as https://portal.example.com."),
        ("https://portal.example.com:443", "Write it as https://portal.example.com."),
        ("https://user@portal.example.com", "Write it as https://portal.example.com."),
        ("https://portal.example.com?x", "Write it as https://portal.example.com."),
        ("https://portal.example.com#x", "Write it as https://portal.example.com."),
        ("https://bücher.example", "Write it as https://xn--bcher-kva.example."),
        ("https:portal.example.com", "Write it as https://portal.example.com."),
        ("https://*.example.com", "is a pattern"),
        ("*", "is a pattern"),
        ("'self'", "is not an origin"),
        ("portal.example.com", "is not an origin"),
        ("null", "is not an origin"),
        ("https://", "is not an origin"),
        ("data:text/html,x", "is not an origin"),
        ("javascript:alert(1)", "is not an origin"),
        ("http://portal.example.com", "is not https"),
        ("http://10.0.0.1", "is not https"),
        ("http://localhost.evil.example", "is not https"),
        ("ftp://portal.example.com", "is not https"),
        ("https://a.example https://b.example", "is not an origin"),
        ("https://a.example;https://b.example", "is not an origin"),
        ("https://a.example, https://b.example/", "Write it as https://b.example."),
    ] {
        is_refused("embed-origins", written, "EMBED_ORIGINS", words);
        is_refused("return-origins", written, "RETURN_ORIGINS", words);
    }
}
