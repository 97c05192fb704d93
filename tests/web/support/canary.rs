//! Canaries: each secret that passes between portal and tenant, searched for in all that any test sees: every page,
//! every process's output and files, every audit stream and every mail.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;

use emulated_tenant::{Exchange, Tenant};
use memchr::memmem;
use serde_json::Value;
use url::form_urlencoded;

use super::Page;
use super::process::SEALING_KEY;

/// Bytes from which an answer is a fault of the tenant's and holds no secret.
const LARGE: usize = 100_000;

/// A secret and its name.
type Named = (String, String);

/// Fields of the wire that hold one.
const SECRET: [&str; 13] = [
    "access_token",
    "id_token",
    "mfa_token",
    "oob_code",
    "secret",
    "barcode_uri",
    "recovery_codes",
    "otp",
    "binding_code",
    "code",
    "code_verifier",
    "phone_number",
    "email",
];

/// Every secret that has passed between portal and tenant, with its name.
pub(crate) fn of(tenant: &Tenant) -> BTreeMap<String, String> {
    let exchanges = tenant.journal().requests();
    let sane = exchanges.iter().filter(|exchange| exchange.response.len() < LARGE);
    let mut found: BTreeMap<String, String> =
        sane.flat_map(|exchange| remembered(exchange).to_vec()).collect();
    found.insert(tenant.settings().client_secret, "client secret".to_owned());
    found.insert(SEALING_KEY.to_owned(), "sealing key".to_owned());
    found
}

/// The finds of [`of_exchange`]. They are asked for with every page, so each is found once.
fn remembered(exchange: &Exchange) -> Arc<[Named]> {
    static FOUND: LazyLock<Mutex<HashMap<u64, Arc<[Named]>>>> = LazyLock::new(Mutex::default);
    let mut hasher = DefaultHasher::new();
    (&exchange.body, &exchange.response).hash(&mut hasher);
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    found.entry(hasher.finish()).or_insert_with(|| of_exchange(exchange).into()).clone()
}

/// The secrets in a request to the tenant and in its answer, each with its name.
fn of_exchange(exchange: &Exchange) -> Vec<Named> {
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let mut pairs: Vec<(String, String)> =
        form_urlencoded::parse(exchange.body.as_bytes()).into_owned().collect();
    for object in [json(&exchange.body), json(&exchange.response)] {
        for (name, value) in object.as_object().into_iter().flatten() {
            let texts = value.as_array().map_or_else(|| vec![value.clone()], Clone::clone);
            pairs.extend(texts.iter().filter_map(|it| Some((name.clone(), it.as_str()?.to_owned()))));
        }
    }
    let secret = |(name, value): &(String, String)| SECRET.contains(&name.as_str()) && value.len() >= 6;
    pairs.into_iter().filter(secret).map(|(name, value)| (value, name)).collect()
}

/// A text in which secrets are looked for.
pub(crate) struct Searched<'a> {
    plain: &'a [u8],
    /// Without blanks, because a secret may be shown in groups.
    together: Vec<u8>,
    /// Numbers must match as a whole.
    numbers: HashSet<&'a [u8]>,
}

impl<'a> Searched<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        let together: String = String::from_utf8_lossy(text).split(char::is_whitespace).collect();
        Self { together: together.into_bytes(), ..Self::as_written(text) }
    }

    /// The same for what nobody groups.
    fn as_written(text: &'a [u8]) -> Self {
        let numbers = text.split(|byte| !byte.is_ascii_digit()).collect();
        Self { plain: text, together: Vec::new(), numbers }
    }

    /// Whether it holds the secret, also in groups or URL-encoded.
    pub(crate) fn holds(&self, secret: &str) -> bool {
        if secret.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.numbers.contains(secret.as_bytes());
        }
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let has = |text: &[u8], wanted: &str| memmem::find(text, wanted.as_bytes()).is_some();
        has(self.plain, secret)
            || has(&self.together, secret)
            || (encoded != secret && has(self.plain, &encoded))
    }
}

/// Whether a page at this path is made to show what has this name.
pub(crate) fn is_shown_at(path: &str, name: &str) -> bool {
    let is_at = |places: &[&str]| places.iter().any(|place| path.contains(place));
    match name {
        "secret" | "barcode_uri" => is_at(&["/factors/totp/", "/factors/push/"]),
        "recovery_codes" => is_at(&["/recovery-code"]),
        "phone_number" => is_at(&["/factors/sms", "/factors/voice"]),
        // An address is listed in full for the person who typed it.
        "email" => path == "/" || is_at(&["/factors/email", "/authenticators/", "/lost-phone"]),
        _ => false,
    }
}

/// Holds a page of the portal to the secrets of this tenant.
pub(crate) fn check_page(tenant: &Tenant, page: &Page) {
    let (html, headers) = (Searched::new(page.html.as_bytes()), format!("{:?}", page.headers));
    for (secret, name) in of(tenant) {
        let is_hidden = !is_shown_at(page.path(), &name);
        assert!(!is_hidden || !html.holds(&secret), "{} shows the {name} {secret}", page.url);
        assert!(!headers.contains(&secret), "a header of {} holds the {name} {secret}", page.url);
    }
}

/// Holds what was written somewhere else than to a page to the same; does nothing once the test has failed.
pub(crate) fn check_written(tenant: &Tenant, place: &str, written: &[u8]) {
    if thread::panicking() || written.is_empty() {
        return;
    }
    let written = without_fractions(written);
    let searched = Searched::as_written(&written);
    for (secret, name) in of(tenant) {
        assert!(!searched.holds(&secret), "{place} holds the {name} {secret}");
    }
}

/// The log without fractions of seconds, of which one in a million reads like a code of six digits.
fn without_fractions(written: &[u8]) -> Vec<u8> {
    let mut written = written.to_vec();
    for at in 0..written.len().saturating_sub(7) {
        let is_fraction = matches!(written[at..at + 8], [b'.', .., b'Z']);
        if is_fraction && written[at + 1..at + 7].iter().all(u8::is_ascii_digit) {
            written[at + 1..at + 7].fill(b'_');
        }
    }
    written
}
