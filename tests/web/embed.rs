//! Embedding the portal in other sites' pages (EMBED_ORIGINS). Browsers partition the cookies of a cross-site frame, so
//! frame and window are two browsers here.

mod cookies;
mod events;
mod frame;
mod hand_over;
mod headers;
mod package;
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

/// A portal that two origins may embed, with these settings changed.
async fn embeddable_with(changed: &[(&str, &str)]) -> World {
    let origins = format!("{SAME_SITE}, {OTHER_SITE}");
    let mut flags = vec![("app-base-url", "https://mfa.example.com"), ("embed-origins", &origins)];
    flags.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    flags.extend(changed);
    World::with(&flags).await
}

async fn embeddable() -> World {
    embeddable_with(&[]).await
}

/// A cross-site frame that shows its first page.
async fn open_frame(world: &World) -> Browser {
    let mut frame = world.browser().framed();
    frame.open("/").await;
    frame
}

/// The URL of the frame's link that opens a window.
fn sign_in_window(frame: &Browser) -> Url {
    let href = frame.page.attr("a[data-in-window][target=_blank][rel=opener]", "href");
    frame.page.url.join(&href.unwrap()).unwrap()
}

fn attribute(browser: &Browser, name: &str) -> String {
    browser
        .page
        .attr(&format!("script[{name}]"), name)
        .unwrap_or_else(|| panic!("no {name} on {}", browser.page.url))
}

/// The challenge that the frame's script sends to a window.
fn challenge(frame: &Browser) -> String {
    attribute(frame, "data-challenge")
}

/// The window's request for a ticket.
async fn request_ticket(window: &Browser, world: &World, fields: &[(&str, &str)]) -> Response {
    let to = world.portal.join("hand-over").unwrap();
    window.client().post(to).header("sec-fetch-site", "same-origin").form(fields).send().await.unwrap()
}

/// A ticket for the frame with this challenge.
async fn ticket(window: &Browser, world: &World, challenge: &str) -> String {
    let token = attribute(window, "data-csrf-token");
    let notice = attribute(window, "data-notice");
    let fields = [("challenge", challenge), ("csrf_token", &token), ("notice", &notice)];
    let answer = request_ticket(window, world, &fields).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

/// The frame's request that redeems a ticket.
async fn redeem(frame: &Browser, world: &World, ticket: &str) -> Response {
    let to = world.portal.join("hand-over/redeem").unwrap();
    let request = frame.client().post(to).header("sec-fetch-site", "same-origin");
    request.form(&[("ticket", ticket)]).send().await.unwrap()
}
