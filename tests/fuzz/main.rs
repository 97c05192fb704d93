//! Properties of everything that reads untrusted input, one target a file. libFuzzer invents the inputs, led by the
//! branches that they reach; `run` beside this file starts it with the target's name in FUZZ_TARGET.
#![no_main]
#![expect(clippy::unwrap_used, reason = "a target whose own set-up fails has found something")]

mod answers;
mod cookies;
mod forms;
mod id_tokens;
mod ids;
mod languages;
mod otpauth;
mod phones;

use std::sync::LazyLock;

use mfa_portal::{Config, Settings};
use tokio::runtime::{Builder, Runtime};

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| match std::env::var("FUZZ_TARGET").unwrap().as_str() {
    "answers" => answers::check,
    "cookies" => cookies::check,
    "forms" => forms::check,
    "id_tokens" => id_tokens::check,
    "ids" => ids::check,
    "languages" => languages::check,
    "otpauth" => otpauth::check,
    "phones" => phones::check,
    other => unimplemented!("a target called {other}"),
});

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));

/// A portal's settings: these, and what every portal needs.
fn config(flags: &[(&str, &str)]) -> Config {
    let needed = [
        ("auth0-domain", "tenant.example.com"),
        ("auth0-client-id", "portal"),
        ("auth0-client-secret", "secret"),
        ("auth0-secret", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
        ("app-base-url", "https://mfa.example.com"),
    ];
    let given = |name: &str| flags.iter().any(|(flag, _)| *flag == name);
    let needed = needed.into_iter().filter(|(name, _)| !given(name));
    Settings::from_flags(needed.chain(flags.iter().copied())).unwrap().try_into().unwrap()
}
