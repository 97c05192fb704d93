//! The events for the page around a frame: every end has one, wherever it happens, and it tells nothing personal.

use std::collections::BTreeSet;

use mfa_portal::internals::Factor;
use reqwest::StatusCode;

use super::{ALEX, NORA, attribute, challenge, embeddable, embeddable_with, open_frame, redeem, ticket};
use crate::docs;
use crate::support::{Browser, World};

const ADD_APP: &str = "Add an authenticator app Codes from an app on your phone; works without a signal";

/// The event of the frame's page, and the factor that it tells of.
fn told(browser: &Browser) -> (Option<String>, Option<String>) {
    (browser.page.attr("[data-event]", "data-event"), browser.page.attr("[data-event]", "data-factor"))
}

fn event(name: &str, factor: Option<&str>) -> (Option<String>, Option<String>) {
    (Some(name.to_owned()), factor.map(ToOwned::to_owned))
}

/// A frame that shares the person's session, on the list.
async fn framed(world: &World, email: &str) -> Browser {
    let mut framed = world.signed_in(email).await.tab().framed();
    framed.open("/").await;
    framed
}

/// A frame on another site that takes the window's session over, with what the window's list tells.
async fn after_window(world: &World, window: &Browser) -> Browser {
    let mut framed = open_frame(world).await;
    let ticket = ticket(window, world, &challenge(&framed)).await;
    assert_eq!(redeem(&framed, world, &ticket).await.status(), 204);
    framed.open("/").await;
    framed
}

#[tokio::test]
async fn going_back_from_a_set_up_tells_cancelled_and_shows_nothing() {
    let world = embeddable().await;
    let mut framed = framed(&world, NORA).await;
    framed.follow(ADD_APP).await;
    framed.follow("Go back").await;
    assert_eq!((framed.page.heading().as_str(), framed.page.path()), ("Two-step verification", "/"));
    assert_eq!(told(&framed), event("cancelled", None));
    assert_eq!(framed.page.count("[role=status]"), 0);
    framed.open("/").await;
    assert_eq!(told(&framed), (None, None), "once is enough");
}

#[tokio::test]
async fn a_cancelled_set_up_tells_cancelled() {
    let world = embeddable().await;
    let mut framed = framed(&world, NORA).await;
    framed.follow(ADD_APP).await;
    framed.press("Show me the QR code", &[]).await;
    framed.press("Cancel this set-up", &[]).await;
    assert_eq!(told(&framed), event("cancelled", None));
    assert_eq!(framed.page.notice(), "The set-up was cancelled. Nothing was added.");
}

#[tokio::test]
async fn what_is_kept_in_the_window_tells_cancelled_in_the_frame() {
    let world = embeddable().await;
    let mut window = world.signed_in(ALEX).await;
    window.follow("Remove authenticator app").await;
    window.follow("Keep it").await;
    assert_eq!(window.page.notice(), "");
    assert_eq!(window.page.count("[data-event]"), 0, "a window has no page around it");
    let framed = after_window(&world, &window).await;
    assert_eq!(told(&framed), event("cancelled", None));
}

#[tokio::test]
async fn a_page_that_is_never_framed_is_given_up_in_the_frame_too() {
    let world = embeddable().await;
    let mut framed = framed(&world, ALEX).await;
    framed.open("/authenticators/remove/totp").await;
    framed.follow("Go back").await;
    assert_eq!(told(&framed), event("cancelled", None));
}

#[tokio::test]
async fn a_first_set_up_tells_added_and_then_the_recovery_code() {
    let world = embeddable().await;
    let mut framed = framed(&world, NORA).await;
    framed.follow(ADD_APP).await;
    framed.press("Show me the QR code", &[]).await;
    let code = world.devices(NORA).totp_code(0).unwrap();
    framed.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(told(&framed), event("added", Some("totp")));
    let mut window = framed.tab();
    window.go(framed.page.link("Open the window")).await;
    let mut form = window.page.form("Done");
    form.set("saved", "1");
    window.send(&form).await;
    let framed = after_window(&world, &window).await;
    assert_eq!(told(&framed), event("recovery-code", None));
}

#[tokio::test]
async fn a_replacement_tells_added_and_then_replaced() {
    let world = embeddable_with(&[("proof", "any")]).await;
    let mut framed = framed(&world, ALEX).await;
    framed.follow("Replace authenticator app").await;
    framed.press("Set up the new one", &[]).await;
    framed.press("Show me the QR code", &[]).await;
    world.pass(time::Duration::seconds(31));
    let key = framed.page.text_of(".key").replace(' ', "");
    let code = world.devices(ALEX).totp_code_of(&key).unwrap();
    framed.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(told(&framed), event("added", Some("totp")));
    assert_eq!(framed.page.link("Go back").path(), "/", "nothing was given up");
    let mut window = framed.tab();
    window.go(framed.page.link("Open the window")).await;
    window.press("Remove the old app", &[]).await;
    let framed = after_window(&world, &window).await;
    assert_eq!(told(&framed), event("replaced", Some("totp")));
}

#[tokio::test]
async fn a_removal_of_nothing_tells_unchanged() {
    let world = embeddable().await;
    let mut window = world.signed_in(NORA).await;
    window.open("/authenticators/remove/totp").await;
    let framed = after_window(&world, &window).await;
    assert_eq!(told(&framed), event("unchanged", None));
}

#[tokio::test]
async fn without_embedding_going_back_leaves_no_trace() {
    let world = World::new().await;
    let mut nora = world.signed_in(NORA).await;
    nora.follow(ADD_APP).await;
    assert_eq!(nora.page.link("Go back").path(), "/");
    nora.open("/leave").await;
    assert_eq!((nora.page.path(), nora.page.count("[data-event]")), ("/", 0));
}

/// Whoever may frame the pages may know that something was done, and of what kind.
// O-10
#[tokio::test]
async fn an_event_holds_the_end_and_the_kind_of_factor_alone() {
    let world = embeddable().await;
    let mut window = world.signed_in(ALEX).await;
    window.follow("Remove authenticator app").await;
    window.press("Remove the authenticator app", &[]).await;
    let framed = after_window(&world, &window).await;
    let line = framed.page.html.lines().find(|line| line.contains("data-event")).unwrap().to_owned();
    let names = line.split(" data-").skip(1).map(|it| it.split(['=', ' ']).next().unwrap());
    let names: BTreeSet<_> = names.collect();
    assert_eq!(names, BTreeSet::from(["event", "factor", "focus"]), "{line}");
    let script = std::fs::read_to_string(docs::file("static/frame.js")).unwrap();
    let told: Vec<_> = script.matches("tell({").collect();
    assert_eq!(told.len(), 4, "a greeting, a height, an event and a sign-out");
    assert!(script.contains("{ type: dataset.event, factor: dataset.factor }"), "{script}");
    assert_eq!(attribute(&window, "data-hand-over"), "/hand-over");
}

/// The first column of a table of `docs/embed.md`, from this header on.
fn documented(header: &str) -> BTreeSet<String> {
    let guide = std::fs::read_to_string(docs::file("docs/embed.md")).unwrap();
    let rows = guide.lines().skip_while(|line| !line.starts_with(header)).skip(2);
    let firsts = rows.take_while(|line| line.starts_with('|')).map(|line| line.split('|').nth(1).unwrap());
    firsts.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(ToOwned::to_owned).collect()
}

/// The quoted names between two marks of a file.
fn quoted(file: &str, from: &str, to: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(docs::file(file)).unwrap();
    let part = text.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned();
    part.split('"').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

#[test]
fn script_types_and_documentation_name_the_same_events_and_attributes() {
    let types = std::fs::read_to_string(docs::file("deploy/npm/embed.d.ts")).unwrap();
    let fields = |interface: &str| -> BTreeSet<String> {
        let body = types.split_once(interface).unwrap().1.split_once("\n}").unwrap().0;
        let lines = body.lines().filter(|line| !line.trim_start().starts_with("/**") && line.contains(':'));
        let name = |line: &str| line.trim().split(':').next().unwrap().trim_matches(['"', '?']).to_owned();
        lines.map(name).collect()
    };
    let events = quoted("deploy/npm/element.js", "const EVENTS = [", "]");
    assert_eq!(events, documented("| event |"));
    assert_eq!(events, fields("interface MfaPortalDetails {"));
    let mut attributes = quoted("deploy/npm/element.js", "const PARAMETERS = [", "]");
    attributes.insert("portal".to_owned());
    let mut documented = documented("| attribute |");
    assert!(documented.remove("title"));
    assert_eq!(attributes, documented);
    attributes.remove("lang");
    assert_eq!(attributes, fields("interface MfaPortalAttributes {"), "`lang` is every element's");
}

#[test]
fn the_types_name_every_factor() {
    let types = quoted("deploy/npm/embed.d.ts", "export type Factor = ", ";");
    let mut factors: BTreeSet<String> = Factor::addable().map(|it| it.slug().to_owned()).collect();
    factors.insert("phone".to_owned());
    assert_eq!(types, factors);
}

#[tokio::test]
async fn giving_up_counts_among_the_person_s_requests() {
    let world = embeddable().await;
    let window = world.signed_in(NORA).await;
    let mut statuses = Vec::new();
    for _ in 0..300 {
        let left = window.client().get(window.address("/leave")).send().await.unwrap();
        statuses.push(left.status());
    }
    assert_eq!((statuses[0], statuses[299]), (StatusCode::SEE_OTHER, StatusCode::TOO_MANY_REQUESTS));
}
