//! Each event, as a person or a stranger causes it.

use std::fs;

use emulated_tenant::{Fault, FaultKind, Tamper};
use serde_json::Value;
use time::Duration;

use super::{Stream, end};
use crate::factors::{CODE, CONFIRM, NOTHING, SCAN, app_code};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

const ALEX: &str = "app.phone@example.com";
const NUMBER: &str = "+44 7700 900123";
const SAVED: &str = "I have saved it somewhere safe, and not only on my phone";

async fn add_app(world: &World, browser: &mut Browser) {
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let code = app_code(world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
}

async fn remove_app(browser: &mut Browser) {
    browser.open("/").await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
}

//
#[tokio::test]
async fn a_line_has_its_fields_in_a_fixed_order() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    remove_app(&mut browser).await;
    let line = stream.first("removal").await;
    let text = stream.text();
    let raw = text.lines().find(|line| line.contains("\"event\":\"removal\"")).unwrap();
    let fields = [
        "ts",
        "target",
        "event",
        "outcome",
        "operation",
        "request_id",
        "person",
        "key",
        "session",
        "client",
        "factor",
        "authenticator",
        "tenant_request_id",
        "tenant_status",
        "duration_ms",
        "version",
    ];
    let at: Vec<usize> = fields.iter().map(|field| raw.find(&format!("\"{field}\":")).unwrap()).collect();
    assert!(at.is_sorted(), "{raw}");
    assert_eq!(line.as_object().unwrap().len(), fields.len(), "{raw}");
    let ts = line["ts"].as_str().unwrap();
    assert!(ts.len() == 24 && ts.starts_with("2026-11-22T12:00:") && ts.ends_with('Z'), "{ts}");
    assert!(line["duration_ms"].is_u64() && line["tenant_status"] == 204, "{raw}");
    assert_eq!(
        (&line["target"], &line["client"], &line["factor"]),
        (&Value::from("audit"), &Value::from("127.0.0.1"), &Value::from("totp"))
    );
    assert_eq!(Some(line["request_id"].as_str().unwrap().len()), Some(22));
}

//
#[tokio::test]
async fn a_set_up_is_one_operation_from_its_start_to_its_end() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    browser.press(CONFIRM, &[(CODE, "000000")]).await;
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    let told = stream.wait(&["enrollment_confirmed"], 1).await;
    let all = stream.of(&["enrollment_started", "enrollment_failed", "enrollment_confirmed"]);
    let ends: Vec<_> = all.iter().map(|line| (line["event"].as_str().unwrap(), end(line))).collect();
    assert_eq!(
        ends,
        [
            ("enrollment_started", ("success", None)),
            ("enrollment_failed", ("failure", Some("wrong_code"))),
            ("enrollment_confirmed", ("success", None)),
        ]
    );
    assert!(all.iter().all(|line| line["operation"] == told[0]["operation"] && line["factor"] == "totp"));
    assert!(all.iter().all(|line| line["person"] == told[0]["person"] && line["session"].is_string()));
    assert!(told[0]["authenticator"].is_string());
}

//
#[tokio::test]
async fn a_code_that_arrives_several_times_at_once_confirms_once() {
    let stream = Stream::new();
    let world = stream.world(&[("limits", "off")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let mut confirm = browser.page.form(CONFIRM);
    confirm.set(&browser.page.field(CODE), &app_code(&world, &browser.page));
    // None of them has heard of another one's answer.
    let late = FaultKind::Delay(std::time::Duration::from_millis(400));
    world.tenant.faults().inject(Fault::new("POST", TOKEN, late));
    let all: Vec<_> = (0..8).map(|_| tokio::spawn(browser.request(&confirm).send())).collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    browser.open("/").await;
    stream.wait(&["list"], 1).await;
    assert_eq!(stream.of(&["enrollment_confirmed"]).len(), 1);
}

/// Each may have made a code, and each is told.
//
#[tokio::test]
async fn requests_for_a_recovery_code_are_operations_of_their_own() {
    let stream = Stream::new();
    let world = stream
        .world(&[
            ("auth0-management-client-id", "mfa-portal-management"),
            ("auth0-management-client-secret", "emulated-tenant-management-secret"),
        ])
        .await;
    let mut browser = world.signed_in(ALEX).await;
    browser.open("/recovery-code").await;
    let form = browser.page.form("Get a new recovery code");
    world.tenant.faults().inject(Fault::new("POST", "/api/v2/", FaultKind::DropAfter).times(1));
    browser.send(&form).await;
    world.pass(Duration::seconds(61));
    browser.send(&form).await;
    let told = stream.wait(&["recovery_code_made"], 2).await;
    assert_eq!((end(&told[0]), end(&told[1])), (("failure", Some("unreachable")), ("success", None)));
    assert_ne!(told[0]["operation"], told[1]["operation"]);
}

//
#[tokio::test]
async fn a_repeat_after_a_lost_answer_carries_the_same_operation() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    let form = browser.page.form(SCAN);
    world.tenant.faults().inject(Fault::new("POST", ASSOCIATE, FaultKind::DropAfter).times(1));
    browser.send(&form).await;
    let failed = stream.first("enrollment_failed").await;
    assert_eq!(end(&failed), ("failure", Some("unreachable")));
    browser.send(&form).await;
    let started = stream.first("enrollment_started").await;
    assert_eq!((end(&started), &started["operation"]), (("success", None), &failed["operation"]));
    assert_ne!(started["request_id"], failed["request_id"]);
}

//
#[tokio::test]
async fn messages_and_cancelled_set_ups_are_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    world.pass(Duration::seconds(31));
    browser.press("Send another code", &[]).await;
    browser.press("Cancel this set-up", &[]).await;
    let cancelled = stream.first("enrollment_cancelled").await;
    let all = stream.of(&["enrollment_started", "challenge_sent", "enrollment_cancelled"]);
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(all.iter().all(|line| line["operation"] == cancelled["operation"] && line["factor"] == "sms"));
    assert!(all.iter().all(|line| end(line) == ("success", None)), "{all:?}");
}

//
#[tokio::test]
async fn a_new_set_up_tells_the_end_of_the_one_before() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(NOTHING).await;
    for number in [NUMBER, "+44 7700 900124"] {
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", number)]).await;
    }
    let cancelled = stream.first("enrollment_cancelled").await;
    let started = stream.wait(&["enrollment_started"], 2).await;
    assert_eq!(end(&cancelled), ("success", Some("superseded")));
    assert_eq!(cancelled["operation"], started[0]["operation"]);
    assert_ne!(started[0]["operation"], started[1]["operation"]);
}

//
#[tokio::test]
async fn a_trial_is_one_operation_from_its_message_to_its_end() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Test your phone ending 0167").await;
    browser.press("Send me a text message", &[]).await;
    browser.press("Check code", &[(CODE, "000000")]).await;
    let code = world.devices(ALEX).messages().pop().unwrap().code;
    browser.press("Check code", &[(CODE, &code)]).await;
    let told = stream.wait(&["challenge_sent", "trial"], 3).await;
    let ends: Vec<_> = told.iter().map(|line| (line["event"].as_str().unwrap(), end(line))).collect();
    assert_eq!(
        ends,
        [
            ("challenge_sent", ("success", None)),
            ("trial", ("failure", Some("wrong_code"))),
            ("trial", ("success", None)),
        ]
    );
    assert!(told.iter().all(|line| line["operation"] == told[0]["operation"]));
    assert!(told.iter().all(|line| line["authenticator"] == told[0]["authenticator"]));
}

/// A session without the time of its proof changes nothing.
//
#[tokio::test]
async fn a_form_that_is_refused_for_want_of_a_proof_is_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    world.tenant.tamper_id_token(Tamper::edit(|token| {
        token.claims.as_object_mut().unwrap().remove("auth_time");
    }));
    let mut browser = world.signed_in(ALEX).await;
    browser.open("/sign-out").await;
    let token = browser.page.attr("[name=csrf_token]", "value").unwrap();
    let origin = world.portal.origin().ascii_serialization();
    for path in ["/factors/totp", "/factors/push", "/authenticators/clear"] {
        let request = browser.client().post(browser.address(path)).header("origin", &origin);
        let answer = request.form(&[("csrf_token", &token)]).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
    }
    let told = stream.wait(&["step_up"], 3).await;
    assert!(told.iter().all(|line| end(line) == ("refused", Some("proof_needed"))), "{told:?}");
}

//
#[tokio::test]
async fn sign_in_list_step_up_and_sign_out_are_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/sign-in?fresh=1").await;
    browser.pass_sign_in(NOTHING).await;
    browser.open("/sign-out").await;
    browser.press("Sign out", &[]).await;
    stream.first("sign_out").await;
    let all = stream.of(&["sign_in", "list", "step_up", "sign_out"]);
    let names: Vec<_> = all.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["sign_in", "list", "step_up", "list", "sign_out"]);
    assert!(all.iter().all(|line| end(line) == ("success", None) && line["person"] == all[0]["person"]));
    assert_eq!(all[0]["session"], all[1]["session"]);
    assert_ne!(all[0]["session"], all[2]["session"], "a step-up begins a new session");
}

//
#[tokio::test]
async fn failed_sign_ins_are_told_with_their_reason() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.browser();
    browser.open("/callback?state=of-nobody&code=of-nobody").await;
    assert_eq!(end(&stream.first("sign_in").await), ("failure", Some("unknown_callback")));
    world.tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::Drop));
    browser.open("/").await;
    browser.pass_sign_in(NOTHING).await;
    let failed = stream.wait(&["sign_in"], 2).await.remove(1);
    assert_eq!(end(&failed), ("failure", Some("unreachable")), "{failed}");
    assert_eq!(end(&stream.first("tenant_failed").await), ("failure", Some("unreachable")));
}

//
#[tokio::test]
async fn removals_and_recovery_codes_are_told() {
    let stream = Stream::new();
    let world = stream.world(&[("proof", "any")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    browser.open("/recovery-code").await;
    let shown = stream.first("recovery_code_shown").await;
    assert_eq!(shown["factor"], "recovery-code");
    assert_eq!(end(&stream.first("recovery_code_made").await), ("success", None));
    browser.press("Done", &[(SAVED, "yes")]).await;
    assert_eq!(end(&stream.first("recovery_code_saved").await), ("success", None));
    remove_app(&mut browser).await;
    if let Some(sure) = browser.page.buttons().into_iter().find(|it| it.starts_with("Remove")) {
        browser.press(&sure, &[]).await;
    }
    let removal = stream.first("removal").await;
    let added = stream.first("enrollment_confirmed").await;
    assert_eq!((end(&removal), &removal["authenticator"]), (("success", None), &added["authenticator"]));
}

//
#[tokio::test]
async fn a_replacement_is_told_when_the_old_one_goes() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Replace authenticator app").await;
    browser.press("Set up the new one", &[]).await;
    browser.press(SCAN, &[]).await;
    world.pass(Duration::seconds(31));
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(ALEX).totp_code_of(&key).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    browser.press("Remove the old app", &[]).await;
    let replacement = stream.first("replacement").await;
    assert_eq!(end(&replacement), ("success", None));
    let added = stream.first("enrollment_confirmed").await;
    assert_ne!(replacement["authenticator"], added["authenticator"], "it is the old one's");
    assert!(stream.of(&["removal"]).is_empty());
}

//
#[tokio::test]
async fn a_replacement_that_is_given_up_is_told_once() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    for _ in 0..2 {
        browser.open("/authenticators/replace?id=totp%7Cdev_AppPhoneTotp0001").await;
        browser.press("Set up the new one", &[]).await;
        browser.press(SCAN, &[]).await;
        browser.press("Cancel this set-up", &[]).await;
    }
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    browser.press("Cancel this set-up", &[]).await;
    let ended = stream.wait(&["replacement_ended"], 2).await;
    assert_eq!((end(&ended[0]), &ended[0]["factor"]), (("success", None), &Value::from("totp")));
    world.flush_audit().await;
    assert_eq!(stream.of(&["replacement_ended"]).len(), 2, "a set-up alone ends none");
}

//
#[tokio::test]
async fn a_replacement_or_a_change_of_phones_in_the_place_of_another_is_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    for id in ["totp%7Cdev_AppPhoneTotp0001", "sms%7Cdev_AppPhonePhon0001"] {
        browser.open(&format!("/authenticators/replace?id={id}")).await;
        let begin = browser.page.buttons().into_iter().find(|it| it.starts_with("Set up the new")).unwrap();
        browser.press(&begin, &[]).await;
    }
    let ended = stream.first("replacement_ended").await;
    assert_eq!((end(&ended), &ended["factor"]), (("success", Some("superseded")), &Value::from("totp")));
    browser.open("/lost-phone").await;
    let mut form = browser.page.form("Continue");
    form.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
    for _ in 0..2 {
        browser.send(&form).await;
    }
    assert_eq!(end(&stream.first("phone_change_ended").await), ("success", Some("superseded")));
}

/// The sign-in waits at its callback while somebody ends the person's sessions.
//
#[tokio::test]
async fn a_sign_in_that_was_ended_meanwhile_is_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut left_open = world.browser();
    let callback = left_open.until_callback(ALEX).await;
    world.pass(Duration::seconds(31));
    let mut owner = world.signed_in(ALEX).await;
    remove_app(&mut owner).await;
    left_open.go(callback).await;
    let signed_in = stream.wait(&["sign_in"], 2).await;
    assert_eq!(end(&signed_in[1]), ("failure", Some("session_ended")));
    assert_eq!(signed_in[1]["person"], signed_in[0]["person"]);
}

//
#[tokio::test]
async fn steps_names_and_forgetting_are_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Replace authenticator app").await;
    browser.press("Set up the new one", &[]).await;
    let begun = stream.first("replacement_begun").await;
    assert_eq!((end(&begun), &begun["factor"]), (("success", None), &Value::from("totp")));
    browser.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
    browser.press("Save the name", &[("Name", "Old phone")]).await;
    let named = stream.first("named").await;
    assert_eq!((end(&named), &named["authenticator"]), (("success", None), &begun["authenticator"]));
    browser.open("/forget").await;
    let forget = browser.page.buttons().into_iter().find(|it| it.starts_with("Forget")).unwrap();
    browser.press(&forget, &[]).await;
    assert_eq!(end(&stream.first("forgotten").await), ("success", None));
    browser.open("/lost-phone").await;
    let mut form = browser.page.form("Continue");
    form.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
    browser.send(&form).await;
    assert_eq!(end(&stream.first("phone_change_begun").await), ("success", None));
    let stop =
        browser.page.buttons().into_iter().find(|it| it.contains("Stop") || it.contains("Back to my list"));
    browser.press(&stop.unwrap(), &[]).await;
    assert_eq!(end(&stream.first("phone_change_ended").await), ("success", None));
    let all = stream.of(&["named", "forgotten", "phone_change_begun", "replacement_begun"]);
    assert!(all.iter().all(|line| line["person"].is_string()), "{all:?}");
}

//
#[tokio::test]
async fn limits_forms_and_ids_that_are_refused_are_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.open("/authenticators/try?id=sms%7Cdev_ofSomebodyElse").await;
    let id = stream.first("refused_id").await;
    assert_eq!(end(&id), ("refused", Some("not_found")));
    let url = browser.address("/factors/totp");
    let form = browser.client().post(url.clone()).header("origin", "https://evil.example");
    form.form(&[("csrf_token", "x")]).send().await.unwrap();
    assert_eq!(end(&stream.first("refused_form").await), ("refused", Some("foreign_origin")));
    let origin = url.origin().ascii_serialization();
    let form = browser.client().post(url).header("origin", origin).form(&[("csrf_token", "x")]);
    form.send().await.unwrap();
    let refused = stream.wait(&["refused_form"], 2).await.remove(1);
    assert_eq!(end(&refused), ("refused", Some("foreign_form")));
    assert_eq!(refused["person"], id["person"]);
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    browser.press("Cancel this set-up", &[]).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    assert_eq!(end(&stream.first("limit").await), ("refused", Some("pause")));
}

//
#[tokio::test]
async fn failures_of_the_tenant_are_told() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(NOTHING).await;
    world.tenant.faults().inject(Fault::new("GET", LIST, FaultKind::json(429, "{}")).times(1));
    browser.open("/").await;
    let failed = stream.first("tenant_failed").await;
    assert_eq!(
        (end(&failed), &failed["tenant_status"]),
        (("failure", Some("too_many_requests")), &Value::from(429))
    );
    world.tenant.faults().inject(Fault::new("POST", ASSOCIATE, FaultKind::json(403, "{}")).times(1));
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let started = stream.first("enrollment_failed").await;
    assert_eq!(end(&started), ("failure", Some("refused")), "{started}");
}

//
#[tokio::test]
async fn a_failure_of_discovery_is_told_with_the_tenant_s_status() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let discovery = "/.well-known/openid-configuration";
    world.tenant.faults().inject(Fault::new("GET", discovery, FaultKind::json(503, "{}")));
    world.browser().open("/sign-in").await;
    let failed = stream.first("tenant_failed").await;
    assert_eq!(failed["tenant_status"], 503, "{failed}");
}

//
#[tokio::test]
async fn failures_of_the_store_are_told() {
    let (stream, directory) = (Stream::new(), tempfile::tempdir().unwrap());
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let world = stream.world(&[("session-store", &store)]).await;
    let mut browser = world.signed_in(NOTHING).await;
    for entry in fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        let length = fs::metadata(&path).unwrap().len();
        fs::write(&path, vec![b'x'; usize::try_from(length).unwrap()]).unwrap();
    }
    browser.open("/").await;
    assert_eq!(end(&stream.first("store_failed").await), ("failure", Some("store_away")));
}

#[tokio::test]
async fn the_sub_stands_in_the_stream_only_where_the_operator_wants_it() {
    for (policy, named) in [("hmac", false), ("sub", true)] {
        let stream = Stream::new();
        let world = stream.world(&[("audit-person", policy)]).await;
        world.signed_in(NOTHING).await;
        stream.first("list").await;
        assert_eq!(stream.text().contains("auth0|nothing"), named, "{policy}");
    }
}
