//! Ids and paths: an id is one segment of the tenant's paths whatever it holds, and `next` leads nowhere but below our
//! own path.

use std::sync::LazyLock;

use mfa_portal::internals::{AuthenticatorId, below, is_own_path, with_id_alone};
use percent_encoding::percent_decode_str;
use serde_json::json;
use url::Url;
use url::form_urlencoded::parse;

static USERS: LazyLock<Url> = LazyLock::new(|| "https://tenant.example.com/api/v2/users".parse().unwrap());

/// The input is the id, and the page.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for (action, after) in [("", &[][..]), ("/recovery-code-regeneration", &["recovery-code-regeneration"])] {
        check_segment(text, action, after);
    }
    check_authenticator(text);
    check_next(text);
    check_page(text);
}

fn check_segment(id: &str, action: &'static str, after: &[&str]) {
    let Some(url) = below(USERS.clone(), id, action) else {
        return assert!(["", ".", ".."].contains(&id), "{id:?} is an id");
    };
    let segments: Vec<&str> = url.path_segments().unwrap().collect();
    let [before @ .., segment] = &segments[..segments.len() - after.len()] else { unreachable!() };
    assert_eq!((before, &segments[segments.len() - after.len()..]), (&["api", "v2", "users"][..], after));
    assert_eq!(percent_decode_str(segment).decode_utf8().unwrap(), id, "the id comes out as another one");
    assert_eq!((url.query(), url.fragment(), url.origin()), (None, None, USERS.origin()));
    assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(&url), "another parser reads it otherwise");
}

fn check_authenticator(text: &str) {
    let id: AuthenticatorId = serde_json::from_value(json!(text)).unwrap();
    assert_eq!(id.as_str(), text);
    if id.is_well_formed() {
        let (name, device) = text.split_once("|dev_").unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{text}");
        assert!(
            (1..=64).contains(&device.len()) && device.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{text}"
        );
        assert_eq!(id.suffix(), text.split('|').nth(1));
    }
}

/// Wherever the portal is mounted, a browser stays below its path.
fn check_next(next: &str) {
    if !is_own_path(next) {
        return;
    }
    for base in ["https://mfa.example.com", "https://www.example.com/account/mfa"] {
        let base = Url::parse(base).unwrap();
        let prefix = base.path().trim_end_matches('/');
        let url = base.join(&format!("{prefix}{next}")).unwrap();
        assert_eq!(url.origin(), base.origin(), "{next} leads to another site");
        assert!(url.path().starts_with(&format!("{prefix}/")), "{next} leads to another application");
    }
}

/// Nothing but the id is left of a query, and nothing is lost of the id.
fn check_page(page: &str) {
    let alone = with_id_alone(page);
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let id = parse(query.as_bytes()).find(|(name, _)| name == "id").map(|(_, id)| id.into_owned());
    let (path_alone, query_alone) = alone.split_once('?').unwrap_or((&alone, ""));
    assert_eq!(path_alone, path);
    let left: Vec<_> = parse(query_alone.as_bytes()).collect();
    assert!(left.iter().all(|(name, _)| name == "id") && left.len() == usize::from(id.is_some()));
    assert_eq!(left.first().map(|(_, value)| value.as_ref()), id.as_deref());
    assert_eq!(with_id_alone(&alone), alone);
}
