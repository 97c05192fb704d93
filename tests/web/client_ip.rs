//! The client's address behind proxies: how the log names it, and how many sign-ins it may begin.

use crate::support::World;
use crate::support::process::{Process, tenant};
use crate::support::raw::{Answer, Raw};

/// Sign-ins that one address may begin in ten minutes.
const SIGN_IN_LIMIT: usize = 2_000;
const PROXIES: &str = "127.0.0.0/8,2001:db8:ffff::/48";

fn request(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n{headers}\r\n")
}

/// The client address in the log line of a request with these headers.
async fn logged_client(process: &Process, headers: impl AsRef<[u8]>) -> Option<String> {
    let bytes = [b"GET /signed-out HTTP/1.1\r\nhost: x\r\n", headers.as_ref(), b"\r\n"].concat();
    Raw::open(&process.portal).await.ask(bytes).await.unwrap();
    let line: serde_json::Value = serde_json::from_str(&process.says("answered")).unwrap();
    line["span"]["client"].as_str().map(ToOwned::to_owned)
}

// I-07, V-33
#[tokio::test]
async fn without_trusted_proxies_the_log_names_the_peer() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("LOG_FORMAT", "json")]);
    for headers in [
        "",
        "x-forwarded-for: 203.0.113.9\r\n",
        "forwarded: for=203.0.113.9\r\n",
        "x-real-ip: 203.0.113.9\r\n",
        "x_forwarded_for: 203.0.113.9\r\n",
        "true-client-ip: 203.0.113.9\r\ncf-connecting-ip: 203.0.113.9\r\n",
    ] {
        assert_eq!(logged_client(&process, headers).await.as_deref(), Some("127.0.0.1"), "{headers}");
    }
}

// I-07, V-39
#[tokio::test]
async fn the_last_address_not_of_a_trusted_proxy_is_the_client() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("LOG_FORMAT", "json"), ("TRUSTED_PROXIES", PROXIES)]);
    for (headers, client) in [
        ("x-forwarded-for: 203.0.113.9\r\n", "203.0.113.9"),
        ("x-forwarded-for: 6.6.6.6, 203.0.113.9\r\n", "203.0.113.9"),
        ("x-forwarded-for: 6.6.6.6, 203.0.113.9,127.0.0.2\r\n", "203.0.113.9"),
        ("x-forwarded-for: 6.6.6.6\r\nx-forwarded-for: 203.0.113.9\r\n", "203.0.113.9"),
        ("X-Forwarded-For: 203.0.113.9:4711\r\n", "203.0.113.9"),
        ("x-forwarded-for: ::ffff:203.0.113.9\r\n", "203.0.113.9"),
        ("x-forwarded-for: 64:ff9b::203.0.113.9\r\n", "203.0.113.9"),
        ("x-forwarded-for: 64:ff9b:1::203.0.113.9\r\n", "64:ff9b:1::cb00:7109"),
        ("x-forwarded-for: 2001:db8::7\r\n", "2001:db8::7"),
        ("x-forwarded-for: [2001:db8::7]:4711, 2001:db8:ffff::1\r\n", "2001:db8::7"),
        ("x-forwarded-for: 127.0.0.7, 127.0.0.2\r\n", "127.0.0.7"),
        ("forwarded: for=203.0.113.9\r\nx-real-ip: 203.0.113.9\r\n", "127.0.0.1"),
        ("x-forwarded-for: 203.0.113.9\r\nx_forwarded_for: 6.6.6.6\r\n", "203.0.113.9"),
        ("x_forwarded_for: 6.6.6.6\r\nX_Forwarded-For: 6.6.6.6\r\n", "127.0.0.1"),
        ("", "127.0.0.1"),
    ] {
        assert_eq!(logged_client(&process, headers).await.as_deref(), Some(client), "{headers}");
    }
}

/// Listeners for both versions of IP log addresses in this form, so operators copy it.
// I-07
#[tokio::test]
async fn a_proxy_may_be_named_by_its_ipv4_mapped_address() {
    let tenant = tenant().await;
    for named in ["::ffff:127.0.0.1", "::ffff:127.0.0.1/128", "::ffff:127.0.0.0/104", "::ffff:7f00:1/128"] {
        let process = Process::start(&tenant, &[("LOG_FORMAT", "json"), ("TRUSTED_PROXIES", named)]);
        let client = logged_client(&process, "x-forwarded-for: 203.0.113.9\r\n").await;
        assert_eq!(client.as_deref(), Some("203.0.113.9"), "{named}");
    }
}

/// The portal sees a proxy behind a translator under the translated address, so that is the one to trust.
// I-07
#[tokio::test]
async fn a_translated_address_is_trusted_as_it_is_named() {
    let tenant = tenant().await;
    let headers = "x-forwarded-for: 203.0.113.9, 64:ff9b::192.0.2.1\r\n";
    for (named, client) in [
        ("127.0.0.0/8,64:ff9b::c000:201/128", "203.0.113.9"),
        ("127.0.0.0/8,64:ff9b::/96", "203.0.113.9"),
        ("127.0.0.0/8,192.0.2.0/24", "192.0.2.1"),
    ] {
        let process = Process::start(&tenant, &[("LOG_FORMAT", "json"), ("TRUSTED_PROXIES", named)]);
        assert_eq!(logged_client(&process, headers).await.as_deref(), Some(client), "{named}");
    }
}

/// Behind a hop that cannot be read everything is invented, so the hop that added it is counted.
// I-07
#[tokio::test]
async fn an_unreadable_hop_counts_as_the_nearest_readable_one() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("LOG_FORMAT", "json"), ("TRUSTED_PROXIES", PROXIES)]);
    let unreadable: [&[u8]; 14] = [
        b"unknown",
        b"",
        b"\t",
        b"' OR 1",
        b"_hidden",
        b"\xff\xfe",
        "２０３.0.113.9".as_bytes(),
        b"203.0.113",
        b"203.0.113.9/32",
        b"0xcb.0.113.9",
        b"203.0.113.9:x",
        b"[2001:db8::7",
        b"fe80::1%eth0",
        b"for=203.0.113.9",
    ];
    for hop in unreadable {
        let text = String::from_utf8_lossy(hop).into_owned();
        let line = |before: &str, after: &str| {
            [format!("x-forwarded-for: {before}").as_bytes(), hop, format!("{after}\r\n").as_bytes()].concat()
        };
        for (headers, client) in [
            (line("", ""), "127.0.0.1"),
            (line("6.6.6.6, ", ""), "127.0.0.1"),
            (line("6.6.6.6, ", ", 127.0.0.9"), "127.0.0.9"),
            (line("6.6.6.6, ", ",127.0.0.9, 127.0.0.2"), "127.0.0.9"),
            (line("6.6.6.6, ", "\r\nx-forwarded-for: 127.0.0.9"), "127.0.0.9"),
            (line("", ", 203.0.113.9"), "203.0.113.9"),
            (line("", ", 203.0.113.9, 127.0.0.2"), "203.0.113.9"),
        ] {
            let logged = logged_client(&process, &headers).await;
            assert_eq!(logged.as_deref(), Some(client), "{text:?}: {}", String::from_utf8_lossy(&headers));
        }
    }
}

/// Begins sign-ins on one connection, the n-th with the n-th headers; returns the last answer.
async fn begin_sign_ins(world: &World, times: usize, headers: impl Fn(usize) -> String) -> Answer {
    let mut raw = Raw::open(&world.portal).await;
    let mut last = raw.ask(request("/sign-in", &headers(0))).await.unwrap();
    for n in 1..times {
        last = raw.ask(request("/sign-in", &headers(n))).await.unwrap();
    }
    last
}

#[tokio::test]
async fn one_address_may_begin_two_thousand_sign_ins_in_ten_minutes() {
    let world = World::new().await;
    let spoofed = |n: usize| format!("x-forwarded-for: 203.0.113.{}\r\n", n % 250);
    assert_eq!(begin_sign_ins(&world, SIGN_IN_LIMIT, spoofed).await.status, 303);
    let refused = begin_sign_ins(&world, 1, spoofed).await;
    assert_eq!(refused.status, 429);
    assert!(refused.is_page() && refused.head.contains("\r\nretry-after: 600\r\n"), "{}", refused.head);
    assert!(refused.body.contains("Too many people are signing in from your network"), "{}", refused.body);
    let callback = "/callback?state=12345678&code=x";
    assert_eq!(Raw::open(&world.portal).await.ask(request(callback, "")).await.unwrap().status, 429);
    assert_eq!(world.calls("POST", "/oauth/token"), 0);
    world.pass(time::Duration::minutes(10));
    assert_eq!(begin_sign_ins(&world, 1, spoofed).await.status, 303);
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_network_has_its_own_limit() {
    let world = World::with(&[("trusted-proxies", PROXIES)]).await;
    let one_network = |n: usize| format!("x-forwarded-for: 2001:db8:1:{:x}::{n:x}\r\n", n % 0x100);
    assert_eq!(begin_sign_ins(&world, SIGN_IN_LIMIT, one_network).await.status, 303);
    assert_eq!(begin_sign_ins(&world, 1, one_network).await.status, 429);
    let next_network = |_| "x-forwarded-for: 2001:db8:1:103::1\r\n".to_owned();
    assert_eq!(begin_sign_ins(&world, 1, next_network).await.status, 303);
}

/// No forwarded address, or none that can be read, escapes the limit.
// I-07
#[tokio::test]
async fn behind_a_trusted_proxy_unreadable_addresses_share_a_limit() {
    let world = World::with(&[("trusted-proxies", PROXIES)]).await;
    let junk = ["", "x-forwarded-for: junk\r\n", "x-forwarded-for: 203.0.113.9, unknown\r\n"];
    let odd = |n: usize| junk[n % junk.len()].to_owned();
    assert_eq!(begin_sign_ins(&world, SIGN_IN_LIMIT, odd).await.status, 303);
    for headers in junk {
        let refused = begin_sign_ins(&world, 1, |_| headers.to_owned()).await;
        assert_eq!(refused.status, 429, "{headers}");
    }
    let named = |_| "x-forwarded-for: 203.0.113.9\r\n".to_owned();
    assert_eq!(begin_sign_ins(&world, 1, named).await.status, 303);
}

#[tokio::test]
async fn behind_an_untrusted_proxy_sign_ins_are_not_limited_by_address() {
    let world = World::with(&[("app-base-url", "https://mfa.example.com")]).await;
    assert_eq!(begin_sign_ins(&world, SIGN_IN_LIMIT + 1, |_| String::new()).await.status, 303);
}
