//! Which language a reader gets: what they chose on the switch, else their profile's, else their browser's.

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, HeaderValue, SET_COOKIE};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use time::Duration;
use url::form_urlencoded;

use crate::app::App;
use crate::config::Config;
use crate::cookies;
use crate::i18n::Words;

/// The parameter of the switch's links, on any page.
const PARAMETER: &str = "lang";
/// The cookies with what was chosen, and with what the profile says.
const CHOSEN: &str = "language";
const PROFILE: &str = "locale";
/// People come here about once a year.
const REMEMBERED: Duration = Duration::days(400);

/// The reader's words, for a request with this address and these headers.
#[must_use]
pub fn words(config: &Config, uri: &Uri, headers: &HeaderMap) -> Words {
    let jar = CookieJar::from_headers(headers);
    let kept = |role| jar.get(&cookies::name(config, role)).map(|cookie| cookie.value().to_owned());
    let lines = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let asked = lines.collect::<Vec<_>>().join(",");
    let own = [parameter(uri).map(|words| words.lang()), kept(CHOSEN), kept(PROFILE)].into_iter().flatten();
    Words::best(own.collect::<Vec<_>>().iter().map(String::as_str).chain(preferences(&asked)))
}

/// Remembers what the switch chose.
pub async fn remember(State(app): State<App>, request: Request, next: Next) -> Response {
    let chosen = parameter(request.uri());
    let mut response = next.run(request).await;
    if let Some(chosen) = chosen {
        let cookie = cookie(&app.config, CHOSEN, &chosen, Some(REMEMBERED));
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

/// Keeps the profile's language for as long as the browser is open, so that pages without a session have it too.
pub fn keep_profile(app: &App, jar: CookieJar, locale: Option<&str>) -> CookieJar {
    let before = cookies::name(&app.config, PROFILE);
    match locale.and_then(Words::known) {
        Some(words) => jar.add(cookie(&app.config, PROFILE, &words, None)),
        // Somebody else's, who signed in here before.
        None if jar.get(&before).is_some() => jar.add(cookies::deletion(&app.config, before)),
        None => jar,
    }
}

fn cookie(config: &Config, role: &str, words: &Words, lives: Option<Duration>) -> Cookie<'static> {
    let mut cookie = cookies::deletion(config, cookies::name(config, role));
    cookie.set_value(words.lang());
    cookie.set_max_age(lives);
    cookie
}

/// The language that an address asks for.
fn parameter(uri: &Uri) -> Option<Words> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find(|(name, _)| name == PARAMETER).and_then(|(_, tag)| Words::known(&tag))
}

/// The tags of an `Accept-Language` (RFC 9110 §12.5.4), the most wanted first; `q=0` means not at all,
/// and what has a weight that there is not is left out.
#[must_use]
pub fn preferences(header: &str) -> Vec<&str> {
    let mut weighted: Vec<(f32, &str)> = header.split(',').filter_map(weighted).collect();
    weighted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    weighted.into_iter().map(|(_, tag)| tag).collect()
}

fn weighted(item: &str) -> Option<(f32, &str)> {
    let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
    let weight = weight.trim().to_ascii_lowercase();
    let weight: f32 = weight.strip_prefix("q=")?.trim().parse().ok()?;
    (weight > 0.0 && weight <= 1.0).then(|| (weight, tag.trim()))
}

/// One line of the switch.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The language's tag.
    pub tag: String,
    /// Its direction of writing.
    pub dir: &'static str,
    /// Its name in itself.
    pub name: String,
    /// This page in it.
    pub href: String,
    /// Whether the page is in it now.
    pub current: bool,
}

/// The switch of a page: `here` is its address, without anything a stranger may have put there.
#[must_use]
pub fn choices(words: &Words, here: &str) -> Vec<Choice> {
    let joint = if here.contains('?') { '&' } else { '?' };
    let choice = |other: Words| Choice {
        href: format!("{here}{joint}{PARAMETER}={}", other.lang()),
        name: other.t("language-name"),
        dir: other.dir(),
        current: other.lang() == words.lang(),
        tag: other.lang(),
    };
    Words::all().map(choice).collect()
}
