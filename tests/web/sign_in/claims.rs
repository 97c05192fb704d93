//! Claims by their types: those that decide who signed in are strict, and one that only
//! describes the person counts as absent, so that it locks nobody out.

use emulated_tenant::{Authenticator, Factor, Person, Tamper};
use serde_json::{Value, json};

use super::{LIST, NORA, has_session};
use crate::support::{Browser, Log, World};

/// Claims without which no sign-in is safe.
const STRICT: [&str; 9] = ["iss", "aud", "azp", "sub", "exp", "iat", "nbf", "nonce", "auth_time"];
/// Claims that describe the person or the sign-in.
const LENIENT: [&str; 6] = ["sid", "amr", "name", "email", "email_verified", "locale"];
/// In every odd value, and never in the log.
const SECRET: &str = "a-value-of-the-person";

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(SECRET), |inner, _| json!([inner]))
}

/// A value of each type of JSON.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(7),
        json!(-1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(SECRET),
        json!([]),
        json!([SECRET, 7]),
        json!([[SECRET]]),
        json!([null]),
        json!({}),
        json!({ "value": SECRET }),
        json!({ "true": null }),
        nested(120),
        nested(500),
    ]
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn claim(name: &'static str, value: Value) -> Tamper {
    Tamper::edit(move |token| token.claims[name] = value.clone())
}

/// A sign-in whose ID token has this value in one claim, and the log of it.
async fn sign_in_with(world: &World, name: &'static str, value: &Value) -> (Browser, String) {
    let log = Log::begin();
    world.tenant.clear_tampering();
    world.tenant.tamper_id_token(claim(name, value.clone()));
    (world.signed_in(NORA).await, log.text())
}

#[tokio::test]
async fn a_describing_claim_of_another_type_counts_as_absent() {
    let world = World::new().await;
    for name in LENIENT {
        for value in values() {
            let (browser, log) = sign_in_with(&world, name, &value).await;
            assert_eq!(browser.page.heading(), LIST, "{name}: {value}");
            let fits = match name {
                "email_verified" => value.is_boolean(),
                "amr" => value == json!([]),
                _ => value.is_string(),
            };
            let noted = log.contains("counted as absent") && log.contains(&format!("{name:?}"));
            assert_eq!(noted, !fits, "{name}: {value}: {log}");
            assert!(!log.contains(SECRET), "{log}");
        }
    }
}

#[tokio::test]
async fn all_describing_claims_may_have_another_type_at_once() {
    let world = World::new().await;
    world.tenant.tamper_id_token(Tamper::edit(|token| {
        for name in LENIENT {
            token.claims[name] = json!([{ "value": SECRET }]);
        }
    }));
    let browser = world.signed_in(NORA).await;
    assert_eq!(browser.page.heading(), LIST);
    assert!(browser.page.html.contains("auth0|"), "the person is called by their user id");
}

#[tokio::test]
async fn an_empty_name_or_address_counts_as_absent() {
    let world = World::new().await;
    for empty in ["", " ", "\u{3000}", "\u{200b}", "\u{ad}\u{2060} \u{feff}", "\u{2068}\u{2069}"] {
        world.tenant.tamper_id_token(Tamper::edit(move |token| {
            token.claims["email"] = json!(empty);
            token.claims["name"] = json!(empty);
        }));
        assert!(world.signed_in(NORA).await.page.html.contains("auth0|"));
    }
}

// L-07, V-09
#[tokio::test]
async fn a_deciding_claim_of_another_type_is_refused() {
    let world = World::new().await;
    for name in STRICT {
        let is_time = ["exp", "iat", "nbf", "auth_time"].contains(&name);
        // Those of the right type are another test's.
        let fits = |value: &Value| (is_time && value.is_i64()) || (name == "sub" && value.is_string());
        for value in values().into_iter().filter(|value| !fits(value)) {
            let (browser, log) = sign_in_with(&world, name, &value).await;
            assert_eq!(browser.page.status.as_u16(), 502, "{name}: {value}");
            assert!(!has_session(&browser), "{name}: {value}");
            let names = log.contains(&format!("the ID token's {name} is wrong"))
                || (["aud", "azp"].contains(&name) && log.contains("the ID token's aud or azp is wrong"));
            // The library reads these before we do, and names none when one is a list or an object.
            let is_librarys = ["iss", "sub", "aud", "exp", "nbf"].contains(&name) && !is_scalar(&value);
            assert!(names || is_librarys, "{name}: {value}: {log}");
            assert!(!log.contains(SECRET), "{name}: {value}: {log}");
        }
    }
}

// L-07
#[tokio::test]
async fn times_at_the_ends_of_their_range_are_refused_or_read() {
    let world = World::new().await;
    for (name, value, accepted) in [
        ("exp", i64::MAX, true),
        ("exp", i64::MIN, false),
        ("iat", i64::MAX, false),
        ("iat", i64::MIN, false),
        ("nbf", i64::MAX, false),
        ("nbf", i64::MIN, true),
        ("auth_time", i64::MAX, false),
        ("auth_time", i64::MIN, true),
    ] {
        let (browser, log) = sign_in_with(&world, name, &json!(value)).await;
        assert_eq!(browser.page.heading() == LIST, accepted, "{name}: {value}: {log}");
    }
}

/// It is moved to our clock, by as much as the tenant's is ahead.
// L-07
#[tokio::test]
async fn an_auth_time_near_the_first_date_counts_as_old() {
    let first = time::PrimitiveDateTime::MIN.assume_utc().unix_timestamp();
    let world = World::new().await;
    for skew in [-10, 10] {
        for beyond in -30..=30 {
            world.tenant.tamper_id_token(Tamper::edit(move |token| {
                token.claims["auth_time"] = json!(first + beyond);
                token.claims["iat"] = json!(token.claims["iat"].as_i64().unwrap() + skew);
            }));
            let mut browser = world.browser();
            browser.open("/sign-in").await;
            browser.pass_sign_in(NORA).await;
            assert_eq!(browser.page.heading(), LIST, "{beyond}, {skew}");
        }
    }
}

// V-03
#[tokio::test]
async fn only_true_and_its_spelling_as_text_verify_an_address() {
    let world = World::new().await;
    let address = Authenticator::new(Factor::Email, "dev_Kims000000000001").active();
    // Unverified at the tenant, which would otherwise list the profile's address as well.
    let kim = Person { email_verified: false, ..Person::new("Kim", "kim@example.com") };
    world.tenant.add_person(kim.with([address.with_contact("kim@example.com")]));
    let others = ["True", "TRUE", "1", "yes", "false", " true", "true\0"].map(|text| json!(text));
    let others = values().into_iter().filter(|value| *value != json!(true)).chain(others);
    for (value, verified) in
        [json!(true), json!("true")].into_iter().map(|it| (it, true)).chain(others.map(|it| (it, false)))
    {
        world.tenant.tamper_id_token(claim("email_verified", value.clone()));
        let browser = world.signed_in("kim@example.com").await;
        // A verified address comes with the account, so it cannot be removed.
        let removable = browser.page.controls().iter().any(|name| name.starts_with("Remove e-mail address"));
        assert_eq!(removable, !verified, "{value}: {:?}", browser.page.controls());
    }
}

#[tokio::test]
async fn a_profile_of_unusual_types_signs_in_like_any_other() {
    let world = World::new().await;
    let browser = world.signed_in("odd@example.com").await;
    assert_eq!(browser.page.heading(), LIST);
    assert!(browser.page.entries().iter().any(|it| it.starts_with("Authenticator app")));
}

// V-30
#[tokio::test]
async fn only_a_list_of_texts_with_mfa_proves_a_second_factor() {
    let world = World::new().await;
    for (amr, proved) in [
        (json!(["mfa"]), true),
        (json!(["pwd", "mfa"]), true),
        (json!("mfa"), false),
        (json!({ "mfa": true }), false),
        (json!({ "0": "mfa" }), false),
        (json!([["mfa"]]), false),
        (json!(["mfa", 7]), false),
        (json!(["mfa", null]), false),
        (json!(["MFA"]), false),
        (json!([" mfa"]), false),
        (json!(["pwd"]), false),
        (json!(null), false),
        (json!(true), false),
    ] {
        let value = amr.clone();
        world.tenant.tamper_id_token(Tamper::edit(move |token| {
            token.claims["amr"] = value.clone();
            // So that not even the password is proved.
            token.claims["auth_time"] = json!(token.claims["auth_time"].as_i64().unwrap() - 20 * 60);
        }));
        let mut browser = world.signed_in(NORA).await;
        browser.open("/factors/totp").await;
        assert_eq!(browser.page.path() == "/factors/totp", proved, "{amr}");
    }
}
