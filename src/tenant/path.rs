//! Paths of the tenant's URLs. Ids become segments of their own, whatever characters a directory chose for them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::{Call, Error, Failure};

/// All but the unreserved characters of RFC 3986 §2.3. A blank is `%20`, because `+` stands for itself in a path.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URL of this path on one of the tenant's hosts.
pub(super) fn at(host: &Url, path: &'static str) -> Url {
    let mut url = host.clone();
    url.set_path(path);
    url
}

/// The URL of the thing with this id below `collection`, and of an `action` on it. Fails for an id without one.
pub(super) fn of_id(call: Call, collection: Url, id: &str, action: &'static str) -> Result<Url, Error> {
    below(collection, id, action).ok_or_else(|| {
        let kind = Failure::Misconfigured("an id that is empty or a dot segment".to_owned());
        Error { call, kind, request_id: None, is_logged: false }
    })
}

/// The same; `None` for an id that would change the path: dot segments cannot be encoded (RFC 3986 §5.2.4), and an
/// empty one names the collection.
#[must_use]
pub fn below(mut collection: Url, id: &str, action: &'static str) -> Option<Url> {
    if ["", ".", ".."].contains(&id) {
        return None;
    }
    let path = format!("{}/{}{action}", collection.path(), utf8_percent_encode(id, ENCODED));
    collection.set_path(&path);
    Some(collection)
}
