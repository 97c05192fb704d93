//! Property tests of the parsers of untrusted input: the tenant's lists and refusals, masks, `Accept-Language`.

use std::collections::HashSet;

use mfa_portal::internals::Factor;
use mfa_portal::internals::Words;
use mfa_portal::internals::preferences;
use mfa_portal::internals::{Authenticator, AuthenticatorId, Call, Reason};
use mfa_portal::internals::{Overview, mask_fits};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON up to a small depth.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(field_name(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

fn field_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "id",
        "active",
        "authenticator_type",
        "oob_channel",
        "oob_channels",
        "type",
        "name",
        "created_at",
    ])
    .prop_map(ToOwned::to_owned)
}

/// Authenticators as a tenant might list them, with few ids, so that they often collide.
fn entry() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "totp",
        "sms",
        "voice",
        "email",
        "push",
        "recovery-code",
        "duo",
        "webauthn-roaming",
    ]);
    (kind, 0..5_u8, any::<bool>(), prop::option::of("[X*+0-9a-z@.]{0,12}")).prop_map(|(kind, device, active, name)| {
        let channel = if kind == "push" { "auth0" } else { kind };
        json!({"id": format!("{kind}|dev_{device}"), "active": active, "oob_channel": channel, "name": name})
    })
}

fn listed() -> impl Strategy<Value = Vec<Authenticator>> {
    let entries = prop::collection::vec(entry(), 0..12);
    entries.prop_map(|all| all.into_iter().map(|one| serde_json::from_value(one).unwrap()).collect())
}

fn id(text: &str) -> AuthenticatorId {
    serde_json::from_value(json!(text)).unwrap()
}

fn negotiated(asked: &str) -> Words {
    Words::best(preferences(asked))
}

#[test]
fn a_header_of_thousands_of_languages_is_read_in_part() {
    let many = "x-a;q=0.1,".repeat(5_000);
    assert_eq!(preferences(&format!("de,{many}")).len(), 64);
    assert_eq!(negotiated(&format!("de,{many}")).lang(), "de");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    // D-05
    #[test]
    fn any_json_parses_to_an_authenticator_or_an_error_without_panic(json in any_json()) {
        let (has_id, is_list) = (json.get("id").is_some_and(Value::is_string), json.is_array());
        let read: Result<Authenticator, _> = serde_json::from_value(json);
        prop_assert!(has_id || is_list || read.is_err());
    }

    #[test]
    fn id_and_active_suffice_whatever_the_other_fields_hold(other in any_json(), active in any::<bool>()) {
        let entry = json!({"id": "totp|dev_a", "active": active, "name": other.clone(), "type": other.clone(),
            "oob_channel": other.clone(), "oob_channels": other.clone(), "authenticator_type": other});
        let read: Authenticator = serde_json::from_value(entry).unwrap();
        prop_assert_eq!(read.active, active);
    }

    // D-05
    #[test]
    fn a_well_formed_id_holds_no_character_special_in_urls(text in ".*") {
        if id(&text).is_well_formed() {
            prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "|_-".contains(c)), "{}", text);
            prop_assert!(text.len() <= 100 && text.matches('|').count() == 1, "{}", text);
        }
    }

    #[test]
    fn every_id_of_the_documented_shape_is_well_formed(
        name in "(totp|sms|voice|push|email|recovery-code)",
        device in "[A-Za-z0-9]{1,64}",
    ) {
        let good = format!("{name}|dev_{device}");
        prop_assert!(id(&good).is_well_formed());
        for sign in ["/", "?", "#", "%", "\r\n", "\0", " ", "..", "|", "é"] {
            let (after, before) = (format!("{good}{sign}"), format!("{sign}{good}"));
            prop_assert!(!id(&after).is_well_formed() && !id(&before).is_well_formed(), "{}", sign);
        }
    }

    #[test]
    fn each_active_id_is_in_exactly_one_entry_and_no_inactive_one_is_shown(listed in listed()) {
        let active: HashSet<String> = listed.iter().filter(|it| it.active).map(|it| it.id.as_str().to_owned()).collect();
        let overview = Overview::of(listed, Some("x@example.com"));
        let shown: Vec<String> = overview.entries.iter().flat_map(|it| &it.ids).map(|it| it.as_str().to_owned()).collect();
        prop_assert_eq!(shown.len(), active.len());
        prop_assert_eq!(shown.into_iter().collect::<HashSet<_>>(), active);
    }

    #[test]
    fn an_entry_is_one_authenticator_or_a_valid_pair(listed in listed()) {
        for entry in Overview::of(listed, None).entries {
            prop_assert_eq!(entry.ids.len(), entry.factors.len());
            match entry.factors[..] {
                [Factor::Sms, Factor::Voice] => prop_assert_eq!(entry.ids[0].suffix(), entry.ids[1].suffix()),
                [_] | [Factor::Push, Factor::Totp] => {}
                ref other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn the_tenants_order_affects_only_the_order_of_entries(listed in listed(), seed in any::<u64>()) {
        // Duplicate ids are removed first, because the tenant's order decides which of them counts.
        let mut seen = HashSet::new();
        let listed: Vec<_> = listed.into_iter().filter(|it| seen.insert(it.id.clone())).collect();
        let mut other = listed.clone();
        other.sort_by_key(|it| it.id.as_str().bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())));
        let sorted = |listed| {
            let overview = Overview::of(listed, None);
            let mut ids: Vec<_> = overview.entries.into_iter().map(|it| (it.ids, it.factors)).collect();
            ids.sort_by(|a, b| a.0[0].as_str().cmp(b.0[0].as_str()));
            (ids, overview.unfinished)
        };
        prop_assert_eq!(sorted(listed), sorted(other));
    }

    #[test]
    fn only_an_email_entry_can_be_the_profile_address(listed in listed(), email in "[a-z]{1,8}@[a-z]{1,8}\\.com") {
        for entry in Overview::of(listed, Some(&email)).entries {
            prop_assert!(!entry.is_profile || entry.factor() == Factor::Email);
            prop_assert!(!(entry.is_profile && entry.is_removable()));
        }
    }

    // D-05
    #[test]
    fn no_mask_panics(mask in ".*", address in ".*") {
        let _ = mask_fits(&mask, &address);
    }

    #[test]
    fn a_mask_fits_the_address_it_was_made_from(
        user in "[a-z0-9.+-]{1,20}",
        host in "[a-z0-9]{4,12}\\.[a-z]{2,6}",
        shown in 0..5_usize,
    ) {
        let address = format!("{user}@{host}");
        let (hidden, seen, rest) = ("*".repeat(user.len()), &host[..shown], "*".repeat(host.len() - shown));
        let mask = format!("{hidden}@{seen}{rest}");
        prop_assert!(mask_fits(&mask, &address), "{} {}", mask, address);
        prop_assert!(mask_fits(&address, &address) && mask_fits(&address.to_uppercase(), &address));
        let other = format!("{hidden}@zzzz*");
        prop_assert_eq!(mask_fits(&other, &address), host.starts_with("zzzz"));
    }

    #[test]
    fn a_refusal_is_never_both_misconfiguration_and_too_many(status in 100..600_u16, error in ".*", description in ".*") {
        let reason = Reason::of(Call::Confirm, status, &error, &description);
        prop_assert!(!(reason.is_misconfiguration() && reason.is_too_many()));
    }

    #[test]
    fn refusal_descriptions_are_matched_case_insensitively(error in "[a-z_]{0,12}", before in "[ -~]{0,8}") {
        for words in ["invalid otp_code", "mfa_token is expired", "user is already enrolled", "too many failed codes"] {
            let description = format!("{before}{words}.");
            prop_assert_eq!(Reason::of(Call::Confirm, 400, &error, &description), Reason::of(Call::Confirm, 400, &error, &description.to_uppercase()));
        }
    }

    // D-05
    #[test]
    fn any_accept_language_yields_an_available_language(asked in ".{0,80}") {
        let words = negotiated(&asked);
        prop_assert!(Words::known(&words.lang()).is_some());
        prop_assert!(!words.t("sign-out").starts_with("Unknown"));
    }

    #[test]
    fn english_is_the_answer_to_english_or_unavailable_languages(weight in "q=(0|1|0\\.[0-9]{1,3}|[a-z]{0,3})", tag in "[a-zA-Z]{0,4}(-[A-Za-z0-9]{1,4})?") {
        prop_assume!(Words::known(&tag).is_none_or(|words| words.lang() == "en"));
        for asked in [format!("{tag};{weight}"), format!("en;{weight}, {tag}"), format!("*, {tag};{weight}")] {
            prop_assert_eq!(negotiated(&asked).lang(), "en");
        }
    }
}

#[test]
fn what_contradicts_itself_counts_as_protecting() {
    let read = |value: Value| serde_json::from_value::<Authenticator>(value).unwrap();
    for active in [json!(true), json!("true"), json!(1), json!("yes"), json!([])] {
        assert!(read(json!({"id": "totp|dev_a", "active": active})).active, "{active}");
    }
    for active in [json!(false), json!(null)] {
        assert!(!read(json!({"id": "totp|dev_a", "active": active})).active, "{active}");
    }
    for (id, channel) in [("sms|dev_a", "email"), ("email|dev_a", "sms"), ("totp|dev_a", "recovery-code")] {
        let listed = read(json!({"id": id, "active": true, "oob_channel": channel}));
        assert!(listed.factor.protects(), "{id} by {channel} is {:?}", listed.factor);
    }
}
