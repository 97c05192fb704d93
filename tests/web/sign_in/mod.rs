//! Sign-in, sign-out, and the session between them.

mod begin;
mod callback;
mod claims;
mod cookies;
mod guarded;
mod id_token;
mod keys;
mod next;
mod organization;
mod proof;
mod proof_in_act;
mod refusal_log;
mod refusals;
mod rotation;
mod session;
mod sign_out;
mod step_up;

use url::Url;

use crate::support::{Browser, Page, World};

/// A person without a second factor, whom the tenant never challenges.
const NORA: &str = "nothing@example.com";
/// A person with factors, whom the tenant challenges.
const ALEX: &str = "app.phone@example.com";
const LIST: &str = "Two-step verification";

/// The number of token requests by the portal.
fn exchanges(world: &World) -> usize {
    world.tenant.journal().count("POST", "/oauth/token")
}

/// The URL with this parameter set to a value, or removed.
fn with(url: &Url, name: &str, value: Option<&str>) -> Url {
    let rest: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(other, _)| other != name).collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(rest).extend_pairs(value.map(|value| (name, value)));
    changed
}

/// A parameter of the URL.
fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}

/// Whether the browser has a session cookie.
fn has_session(browser: &Browser) -> bool {
    browser.cookies().split("; ").any(|cookie| cookie.starts_with("mfa-portal-session="))
}

/// Asserts that the page reports an error and offers to sign in again.
fn is_friendly(page: &Page) {
    let is_own_choice = page.heading() == "Sign-in cancelled";
    assert!(page.title().starts_with("Error:") || is_own_choice, "{}", page.html);
    let ways = ["Sign in again", "Sign in with another account"];
    assert!(page.controls().iter().any(|name| ways.contains(&name.as_str())), "{:?}", page.controls());
    assert_eq!(page.header("location"), "");
}

/// The value of the session cookie.
fn session_id(browser: &Browser) -> String {
    let cookies = browser.cookies();
    cookies.split("; ").find_map(|it| it.strip_prefix("mfa-portal-session=")).unwrap().to_owned()
}

/// A browser at another portal that has the cookies of this one.
fn moved(browser: &Browser, to: &World) -> Browser {
    let other = to.browser();
    browser.cookies().split("; ").for_each(|cookie| other.plant(&format!("{cookie}; Path=/")));
    other
}
