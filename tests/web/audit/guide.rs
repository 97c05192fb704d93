//! docs/audit.md: every name in it is one of the stream's, and its commands answer "was it me?".

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::Stream;
use crate::docs::{blocks, file};
use crate::support::process::binary;

const ALEX: &str = "app.phone@example.com";

/// The names of an enum's variants, as the stream writes them.
fn names(enumeration: &str) -> Vec<String> {
    let source = fs::read_to_string(file("src/audit/event.rs")).unwrap();
    let (_, body) = source.split_once(&format!("pub(crate) enum {enumeration} {{")).unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    let lines = body.lines().map(str::trim).filter(|line| line.starts_with(char::is_uppercase));
    lines.map(|line| snake_case(line.trim_end_matches(','))).collect()
}

fn snake_case(name: &str) -> String {
    let parts = name.chars().enumerate().map(|(at, c)| {
        let start = at > 0 && c.is_uppercase();
        format!("{}{}", if start { "_" } else { "" }, c.to_lowercase())
    });
    parts.collect()
}

#[test]
fn the_guide_explains_every_event_and_reason() {
    let guide = fs::read_to_string(file("docs/audit.md")).unwrap();
    for (enumeration, least) in [("Event", 23), ("Outcome", 3), ("Reason", 40)] {
        let names = names(enumeration);
        assert!(names.len() >= least, "{names:?}");
        for name in names {
            assert!(guide.contains(&format!("`{name}`")), "docs/audit.md does not explain {name}");
        }
    }
}

#[test]
fn the_guides_example_has_every_field_in_order() {
    let example = blocks("docs/audit.md", "json").remove(0);
    assert!(serde_json::from_str::<Value>(&example).unwrap()["duration_ms"].is_u64());
    let order = ["ts", "target", "event", "outcome", "operation", "request_id", "person", "key", "session"];
    let at: Vec<usize> = order.iter().map(|field| example.find(&format!("\"{field}\":")).unwrap()).collect();
    assert!(at.is_sorted(), "{example}");
}

#[tokio::test]
async fn the_guides_commands_find_what_a_person_did() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    world.signed_in("nothing@example.com").await;
    stream.wait(&["list"], 2).await;
    let commands = blocks("docs/audit.md", "sh").concat();
    let commands = commands.replace("auth0|5f7c8ec7c33c6c004bbafe82", "auth0|app.phone");
    let path = format!("{}:{}", binary().parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", &commands]).current_dir(stream.path().parent().unwrap());
    shell.env_clear().env("PATH", path).env("AUTH0_DOMAIN", "example.eu.auth0.com");
    shell.env("AUTH0_CLIENT_ID", "mfa-portal").env("AUTH0_CLIENT_SECRET", "a client secret");
    shell.env("AUTH0_SECRET", stage::SEALING_KEY).env("APP_BASE_URL", "https://mfa.example.com");
    let output = shell.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{commands}\n{said}");
    assert_eq!(said.matches("\"event\":\"removal\"").count(), 1, "{said}");
    let theirs = fs::read_to_string(stream.path().with_file_name("theirs")).unwrap();
    let own = stream.first("removal").await["person"].clone();
    let persons: Vec<Value> =
        theirs.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["person"].clone()).collect();
    assert!(persons.len() >= 3 && persons.iter().all(|person| *person == own), "{theirs}");
}
