//! The reader's language: the one chosen on the switch, else the profile's, else the browser's.

use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderMap, Uri};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use time::Duration;
use url::form_urlencoded;

use super::cookies::{self, Role};
use crate::config::Config;
use crate::i18n::{Tongue, Words};
use crate::portal::Portal;

/// The parameter of the switch's links, on any page.
const PARAMETER: &str = "lang";
/// People come here about once a year.
const REMEMBERED_FOR: Duration = Duration::days(400);

/// The reader's words, for a request with this address, these headers and these cookies.
pub(crate) fn words(config: &Config, uri: &Uri, headers: &HeaderMap, jar: &CookieJar) -> Words {
    let kept = |role| jar.get(&cookies::name(config, role)).map(|cookie| cookie.value().to_owned());
    let lines = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let asked = lines.collect::<Vec<_>>().join(",");
    let own =
        [parameter(uri).map(|words| words.lang()), kept(Role::ChosenLanguage), kept(Role::ProfileLanguage)]
            .into_iter()
            .flatten();
    Words::best(own.collect::<Vec<_>>().iter().map(String::as_str).chain(preferences(&asked)))
        .replaced_by(&config.words)
}

/// The cookie that remembers the choice of the switch.
pub(crate) fn cookie_of_choice(config: &Config, chosen: &Words) -> Cookie<'static> {
    cookie(config, Role::ChosenLanguage, chosen, Some(REMEMBERED_FOR))
}

/// Keeps the profile's language for as long as the browser is open, so that pages without a session have it too.
pub(crate) fn keep_profile(portal: &Portal, jar: CookieJar, locale: Option<&str>) -> CookieJar {
    let before = cookies::name(&portal.config, Role::ProfileLanguage);
    match locale.and_then(Words::known) {
        Some(words) => jar.add(cookie(&portal.config, Role::ProfileLanguage, &words, None)),
        // The cookie is that of a person who signed in here before.
        None if jar.get(&before).is_some() => jar.add(cookies::deletion(&portal.config, before)),
        None => jar,
    }
}

fn cookie(config: &Config, role: Role, words: &Words, lasts: Option<Duration>) -> Cookie<'static> {
    let mut cookie = cookies::deletion(config, cookies::name(config, role));
    cookie.set_value(words.lang());
    cookie.set_max_age(lasts);
    cookie
}

/// The language that an address asks for.
pub(crate) fn parameter(uri: &Uri) -> Option<Words> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find(|(name, _)| name == PARAMETER).and_then(|(_, tag)| Words::known(&tag))
}

/// The most tags that are read: more than any reader has chosen, and few enough that a header of thousands costs nothing.
const MOST_TAGS: usize = 64;

/// The tags of an `Accept-Language` header (RFC 9110 §12.5.4), the most wanted first. A weight of zero or outside the
/// grammar drops the tag.
#[must_use]
pub fn preferences(header: &str) -> Vec<&str> {
    let mut weighted: Vec<(f32, &str)> = header.split(',').take(MOST_TAGS).filter_map(weighted).collect();
    weighted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    weighted.into_iter().map(|(_, tag)| tag).collect()
}

fn weighted(item: &str) -> Option<(f32, &str)> {
    let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
    let weight = weight.trim().to_ascii_lowercase();
    let weight = weight.strip_prefix("q=")?;
    let is_in_grammar = match weight.as_bytes() {
        [b'0' | b'1'] => true,
        [b'0' | b'1', b'.', decimals @ ..] => decimals.len() <= 3 && decimals.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let weight: f32 = weight.parse().ok().filter(|_| is_in_grammar)?;
    (weight > 0.0 && weight <= 1.0).then(|| (weight, tag.trim()))
}

/// One line of the language switch.
pub(crate) struct Choice {
    pub(crate) language: &'static Tongue,
    /// The same page in this language.
    pub(crate) href: String,
    /// Whether the page is in this language now.
    pub(crate) current: bool,
}

/// The language switch of a page. `here` is its address, without anything that a stranger may have put there.
pub(crate) fn choices(words: &Words, here: &str) -> Vec<Choice> {
    let (joint, now) = (if here.contains('?') { '&' } else { '?' }, words.lang());
    let choice = |language: &'static Tongue| Choice {
        href: format!("{here}{joint}{PARAMETER}={}", language.tag),
        current: language.tag == now,
        language,
    };
    Tongue::all().map(choice).collect()
}
