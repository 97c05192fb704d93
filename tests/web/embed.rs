//! Pages of ours in other sites' pages (EMBED_ORIGINS). Browsers keep the cookies of a frame on another site apart, so that
//! frame and window are two browsers here.

mod cookies;
mod frame;
mod hand_over;
mod headers;
mod script;
mod theft;
mod theme;

use reqwest::{Response, StatusCode};
use url::Url;

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";
const SAME_SITE: &str = "https://account.example.com";
const OTHER_SITE: &str = "https://account.example.org";

/// A portal that two origins may frame, changed by these settings.
async fn embedded_with(changed: &[(&str, &str)]) -> World {
    let origins = format!("{SAME_SITE}, {OTHER_SITE}");
    let mut flags = vec![("app-base-url", "https://mfa.example.com"), ("embed-origins", &origins)];
    flags.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    flags.extend(changed);
    World::with(&flags).await
}

async fn embedded() -> World {
    embedded_with(&[]).await
}

/// A frame on another site's page that has shown its first page.
async fn frame(world: &World) -> Browser {
    let mut frame = world.browser().framed();
    frame.open("/").await;
    frame
}

/// Where the link that the frame's script shows leads: into a window.
fn window_of(frame: &Browser) -> Url {
    let href = frame.page.attr("a[data-in-window][target=_blank][rel=opener]", "href");
    frame.page.url.join(&href.unwrap()).unwrap()
}

fn attribute(browser: &Browser, name: &str) -> String {
    browser
        .page
        .attr(&format!("script[{name}]"), name)
        .unwrap_or_else(|| panic!("no {name} on {}", browser.page.url))
}

/// What the frame's script tells a window.
fn challenge(frame: &Browser) -> String {
    attribute(frame, "data-challenge")
}

/// What the window's script asks for on the list.
async fn asked(window: &Browser, world: &World, fields: &[(&str, &str)]) -> Response {
    let to = world.portal.join("hand-over").unwrap();
    window.client().post(to).header("sec-fetch-site", "same-origin").form(fields).send().await.unwrap()
}

/// The ticket that the window's script gets for a frame.
async fn ticket(window: &Browser, world: &World, challenge: &str) -> String {
    let token = attribute(window, "data-csrf-token");
    let notice = attribute(window, "data-notice");
    let fields = [("challenge", challenge), ("csrf_token", &token), ("notice", &notice)];
    let answer = asked(window, world, &fields).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

/// What the frame's script does with a ticket.
async fn redeemed(frame: &Browser, world: &World, ticket: &str) -> Response {
    let to = world.portal.join("hand-over/redeem").unwrap();
    let request = frame.client().post(to).header("sec-fetch-site", "same-origin");
    request.form(&[("ticket", ticket)]).send().await.unwrap()
}
