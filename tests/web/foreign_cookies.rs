//! Cookies of other applications and of attackers on neighbouring hosts: nothing but a name of ours, byte for byte,
//! counts, and the rest neither helps nor harms.

mod any;
mod bytes;
mod duplicates;
mod floods;
mod names;
mod parts;
mod planted;

use reqwest::header::{COOKIE, HeaderValue, SET_COOKIE};
use reqwest::{Response, StatusCode};

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";

/// A portal under https, where browsers guard the names of our cookies.
async fn https() -> World {
    World::with(&[("app-base-url", "https://mfa.example.com")]).await
}

/// The response to these `Cookie` lines, and to no other cookies.
async fn get(world: &World, path: &str, lines: &[Vec<u8>]) -> Response {
    let url = world.portal.join(path.trim_start_matches('/')).unwrap();
    let client = world.browser().client().clone();
    let request = lines.iter().fold(client.get(url), |request, line| {
        request.header(COOKIE, HeaderValue::from_bytes(line).unwrap())
    });
    request.send().await.unwrap()
}

/// The response to one `Cookie` line.
async fn get_with(world: &World, path: &str, line: impl AsRef<[u8]>) -> Response {
    get(world, path, &[line.as_ref().to_vec()]).await
}

/// The cookies that the answer sets or deletes.
fn set_cookies(answer: &Response) -> Vec<String> {
    answer.headers().get_all(SET_COOKIE).iter().map(|it| it.to_str().unwrap().to_owned()).collect()
}

/// The browser's cookie whose name contains this word, as `(name, value)`.
fn cookie(browser: &Browser, word: &str) -> (String, String) {
    let cookies = browser.cookies();
    let found = cookies.split("; ").find(|it| it.contains(&format!("mfa-portal-{word}")));
    let (name, value) = found.unwrap_or_else(|| panic!("no {word} in {cookies}")).split_once('=').unwrap();
    (name.to_owned(), value.to_owned())
}

fn pair(name: impl AsRef<[u8]>, value: &str) -> Vec<u8> {
    [name.as_ref(), b"=", value.as_bytes()].concat()
}

fn joined(pairs: &[&[u8]]) -> Vec<u8> {
    pairs.join(&b"; "[..])
}

/// Names that a decoder or a trimmer takes for `name`, and that a browser lets any host of the domain set.
fn disguises(name: &str) -> Vec<Vec<u8>> {
    let escaped = |byte: u8, upper: bool| {
        if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }
    };
    let at = |chosen: &dyn Fn(usize) -> bool, upper| {
        let letter = |(at, byte): (usize, u8)| {
            if chosen(at) { escaped(byte, upper) } else { char::from(byte).to_string() }
        };
        name.bytes().enumerate().map(letter).collect::<String>()
    };
    let mut all: Vec<Vec<u8>> = [
        at(&|at| at < 2, true),
        at(&|at| at < 2, false),
        at(&|at| at == 0, true),
        at(&|at| at == 1, false),
        at(&|_| true, false),
        at(&|at| at + 1 == name.len(), true),
        at(&|at| at < 2, true).replace('%', "%25"),
        at(&|at| at < 2, true).replace("%5F", "%5f").replacen("%5f", "%5F", 1),
        format!("%20{name}"),
        format!("{name}%20"),
        format!("{name}%00"),
        format!("{name}%"),
        format!("\"{name}\""),
        format!("${name}"),
        format!("={name}"),
        format!("{name} x"),
        name.to_uppercase(),
        format!("{name}x"),
    ]
    .map(String::into_bytes)
    .to_vec();
    for blank in ['\u{2000}', '\u{a0}', '\u{3000}', '\u{85}', '\u{feff}', '\u{200b}', '\u{2028}'] {
        all.extend([format!("{blank}{name}").into_bytes(), format!("{name}{blank}").into_bytes()]);
    }
    for latin_1 in [b"\xa0", b"\x85"] {
        all.extend([[latin_1, name.as_bytes()].concat(), [name.as_bytes(), latin_1].concat()]);
    }
    all
}

/// Asserts that the answer is that to a stranger without cookies, and deletes nothing.
fn is_strangers(answer: &Response, what: &[u8]) {
    let what = String::from_utf8_lossy(what);
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{what}");
    assert!(answer.headers()["location"].to_str().unwrap().contains("/sign-in?next="), "{what}");
    assert!(set_cookies(answer).is_empty(), "{what}: {:?}", set_cookies(answer));
}
