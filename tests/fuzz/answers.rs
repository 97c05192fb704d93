//! The tenant's answers: what is not as documented counts as absent or fails, one odd entry spoils no other, and no
//! text for the log repeats a body.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use mfa_portal::clock::Clock;
use mfa_portal::internals::{Answer, Associate, Call, Error, Failure, Overview, RawAnswer, Tenant};
use mfa_portal::random::Random;
use serde_json::Value;
use time::OffsetDateTime;

use super::config;

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const CALLS: [Call; 10] = [
    Call::Discovery,
    Call::Keys,
    Call::Exchange,
    Call::List,
    Call::Associate,
    Call::Challenge,
    Call::Confirm,
    Call::Remove,
    Call::ManagementToken,
    Call::Regenerate,
];
static TENANT: LazyLock<Tenant> =
    LazyLock::new(|| Tenant::new(config(&[]).tenant(), Clock::from_fn(|| NOW), Random::system()).unwrap());

/// The input is the name of a call, a status, headers, an empty line and the body.
pub(crate) fn check(bytes: &[u8]) {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap_or(bytes.len());
    let (head, body) = (&bytes[..end], bytes.get(end + 2..).unwrap_or_default());
    let mut head = head.split(|byte| *byte == b'\n');
    let Some((call, status)) = std::str::from_utf8(head.next().unwrap_or_default()).ok().and_then(first_line)
    else {
        return;
    };
    let headers: HeaderMap = head.filter_map(header).collect();
    let received = |body: &[u8]| RawAnswer { status, headers: headers.clone(), body: body.to_vec() };
    let judged = TENANT.judge(call, received(body));
    assert_eq!(judged.is_ok(), status.is_success());
    match judged {
        Ok(answer) => {
            check_list(&answer, body, |element| TENANT.judge(call, received(element)).ok().unwrap());
            check_association(&answer, body);
            check_discovery(&answer);
        }
        Err(error) => check_failure(call, status, &error),
    }
}

fn first_line(line: &str) -> Option<(Call, StatusCode)> {
    let (name, status) = line.split_once(' ')?;
    let call = CALLS.into_iter().find(|call| call.name() == name)?;
    Some((call, status.parse().ok()?))
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    Some((name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?))
}

fn check_list(answer: &Answer, body: &[u8], judge: impl Fn(&[u8]) -> Answer) {
    let sent: Option<Vec<Value>> = serde_json::from_slice(body).ok();
    let listed = answer.authenticators();
    assert_eq!(listed.is_ok(), sent.is_some(), "a list that is none, or none that is one");
    let Ok(listed) = listed.map_err(|error| check_cause(&error)) else { return };
    let alone = |element: &Value| {
        judge(Value::from(vec![element.clone()]).to_string().as_bytes()).authenticators().ok()
    };
    let alone: Vec<_> = sent.unwrap_or_default().iter().filter_map(alone).flatten().collect();
    assert_eq!(listed, alone, "an entry depends on its neighbours");
    let overview = Overview::of(listed.clone(), Some("somebody@example.com"));
    for entry in &overview.entries {
        assert!(
            entry.ids.iter().all(|id| listed.iter().any(|it| it.active && it.id == *id)),
            "{}",
            entry.id()
        );
        assert!(overview.find(entry.id()).is_some());
    }
}

fn check_association(answer: &Answer, body: &[u8]) {
    // serde_json skips what is not wanted unread, so bytes that are no text do no harm there.
    let sent: Value = serde_json::from_str(&String::from_utf8_lossy(body)).unwrap_or_default();
    let number = || "+493012345678".to_owned();
    for (what, needed) in
        [(Associate::Totp, "secret"), (Associate::Push, "oob_code"), (Associate::Sms(number()), "oob_code")]
    {
        match answer.association(&what) {
            Ok(association) => {
                let needed = sent[needed].as_str().unwrap_or_default();
                assert!(!needed.is_empty(), "nothing to confirm it with");
                let printed = format!("{association:?}");
                assert!(needed.len() < 12 || !printed.contains(needed), "a secret is printed");
            }
            Err(error) => check_cause(&error),
        }
    }
}

fn check_discovery(answer: &Answer) {
    match TENANT.discovered(answer) {
        Ok(document) => {
            let ours = config(&[]).tenant_url.origin();
            let endpoints = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
            for endpoint in endpoints.into_iter().chain(&document.end_session_endpoint) {
                assert_eq!(endpoint.origin(), ours, "{endpoint} is another host's");
            }
        }
        Err(Error { kind: Failure::Misconfigured(_), .. }) => {}
        Err(error) => check_cause(&error),
    }
}

/// A cause names places in a body and none of its text.
fn check_cause(error: &Error) {
    let Failure::Unintelligible { cause, .. } = &error.kind else { unreachable!("{error}") };
    let (kind, place) = cause.split_once(" error at line ").unwrap_or(("", cause));
    let is_place = place.split(" column ").all(|number| number.parse::<usize>().is_ok());
    assert!(
        ["Io", "Syntax", "Data", "Eof"].contains(&kind) && is_place
            || cause == "neither a key nor an oob_code",
        "{cause}"
    );
}

fn check_failure(call: Call, status: StatusCode, error: &Error) {
    assert!(error.request_id.as_ref().is_none_or(|id| id.chars().count() <= 64));
    assert!(error.retry_at().is_none_or(|at| at > NOW), "the time to try again has passed");
    assert!(!error.maybe_done() || call.has_side_effect(), "nothing can have been done");
    // The token endpoint refuses with this status too.
    let is_refusal = !status.is_server_error()
        || status == StatusCode::INTERNAL_SERVER_ERROR
            && matches!(call, Call::Exchange | Call::Confirm | Call::ManagementToken);
    match &error.kind {
        Failure::Refused(refusal) => {
            assert!(!status.is_redirection() && is_refusal, "{status}");
            assert!(refusal.text.chars().count() <= 500, "{}", refusal.text);
            assert!(!error.to_string().contains(char::is_control), "{error}");
            assert!(!(refusal.reason.is_misconfiguration() && refusal.reason.is_too_many()));
        }
        Failure::Unreachable { .. } => assert!(status.is_server_error(), "{status}"),
        Failure::Misconfigured(_) => assert!(is_refusal, "{status}"),
        Failure::Unintelligible { .. } => assert_eq!((call, status), (Call::Remove, StatusCode::NOT_FOUND)),
    }
}
