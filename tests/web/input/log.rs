//! Log injection: control characters in the input never end a log line, move the cursor or split a header.

use reqwest::Url;

use crate::support::process::{Process, tenant};

/// Line ends of every kind, a cursor movement, and a forged log line.
const NASTY: &str = "x\r\nINJECTED\n\u{85}\u{2028}\u{1b}[2J\u{1b}[1;31mred\0\u{7f}\u{9b}31m\u{202e}";

// L-11, I-08, V-47
#[tokio::test]
async fn no_input_can_forge_a_log_line() {
    for format in ["text", "json"] {
        let tenant = tenant().await;
        let process = Process::start(&tenant, &[("RUST_LOG", "trace"), ("LOG_FORMAT", format)]);
        let mut browser = process.browser(&tenant);
        let mut callback = browser.until_callback("nothing@example.com").await;
        let state = callback.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        callback.query_pairs_mut().clear().append_pair("state", &state);
        callback.query_pairs_mut().append_pair("error", NASTY).append_pair("error_description", NASTY);
        browser.go(callback).await;
        process.says("sign-in failed");
        for path in ["sign-in", "no-such-page", "factors/totp", "authenticators/remove"] {
            let mut url: Url = process.portal.join(path).unwrap();
            url.query_pairs_mut().append_pair("next", NASTY).append_pair(NASTY, NASTY);
            url.path_segments_mut().unwrap().push(NASTY);
            browser.client().get(url.clone()).header("user-agent", "\u{85}\u{9b}31m").send().await.unwrap();
            browser.client().post(url.clone()).form(&[(NASTY, NASTY)]).send().await.unwrap();
            url.query_pairs_mut().append_pair("return_to", NASTY).append_pair("action", NASTY);
            browser.client().get(url).send().await.unwrap();
        }
        let output = process.output();
        let strange = |c: char| c.is_control() && c != '\n' || "\u{2028}\u{202e}".contains(c);
        assert!(!output.contains(strange), "{output:?}");
        assert!(output.contains("INJECTED"), "what was sent is in the log, or this test sends it in vain");
        assert!(!output.lines().any(|line| line.trim_start().starts_with("INJECTED")), "{output}");
        if format == "json" {
            output.lines().for_each(|line| drop(serde_json::from_str::<serde_json::Value>(line).unwrap()));
        }
    }
}
