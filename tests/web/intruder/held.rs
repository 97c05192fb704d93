//! A sign-in that waits at its callback while the person's sessions are ended: it is over as well, and so is a proof that
//! the tenant remembers from before.

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate, Person, Tamper};
use reqwest::StatusCode;
use serde_json::json;
use time::Duration;

use super::protected::VERA;
use super::{ALEX, LIST, NORA, PROVE_AGAIN, REMOVE_APP, set_up_app, world};
use crate::support::{self, Browser, World};

/// A thief's browser at the callback, and a few seconds later the owner's at the list.
async fn held_and_owner(world: &World, email: &str) -> (Browser, url::Url, Browser) {
    world.pass(Duration::seconds(31));
    let mut thief = world.browser();
    let callback = thief.until_callback(email).await;
    world.pass(Duration::seconds(31));
    (thief, callback, world.signed_in(email).await)
}

async fn remove_app(owner: &mut Browser) {
    owner.open(REMOVE_APP).await;
    owner.press("Remove the authenticator app", &[]).await;
    assert!(owner.page.notice().contains("removed"), "{}", owner.page.text());
}

#[tokio::test]
async fn a_sign_in_from_before_the_end_begins_no_session() {
    for act in ["removal", "recovery code"] {
        let world = world().await;
        let (mut thief, callback, mut owner) = held_and_owner(&world, ALEX).await;
        if act == "removal" {
            remove_app(&mut owner).await;
        } else {
            owner.open("/recovery-code").await;
            owner.press("Get a new recovery code", &[]).await;
        }
        thief.go(callback).await;
        assert_eq!(thief.page.heading(), "Your visit has ended", "{act}");
        assert_eq!(owner.open("/").await.status, StatusCode::OK, "{act}: its own goes on");
    }
}

#[tokio::test]
async fn a_sign_in_with_the_password_alone_does_not_outlive_the_first_protection() {
    let world = world().await;
    let (mut thief, callback, mut owner) = held_and_owner(&world, NORA).await;
    set_up_app(&world, &mut owner, NORA).await;
    thief.go(callback).await;
    assert_ne!(thief.page.heading(), LIST);
}

#[tokio::test]
async fn a_sign_in_of_the_same_second_does_not_outlive_the_end() {
    let world = world().await;
    let mut owner = world.signed_in(ALEX).await;
    world.pass(Duration::seconds(31));
    let mut thief = world.browser();
    let callback = thief.until_callback(ALEX).await;
    world.pass(Duration::milliseconds(300));
    remove_app(&mut owner).await;
    world.pass(Duration::seconds(3));
    thief.go(callback).await;
    assert_eq!(thief.page.heading(), "Your visit has ended", "{}", thief.page.text());
}

/// The time of a proof in the thief's token.
#[derive(Clone, Copy, Debug)]
enum AuthTime {
    True,
    /// The tenant's clock is ahead by so many seconds.
    Ahead(i64),
    Missing,
}

/// A thief proves a factor and signs in again after the owner has removed it. The tenant lets the thief's browser in
/// without asking again, and its token says that a factor was proved.
async fn thief_after(before: Duration, after: Duration, auth_time: AuthTime) -> (World, Browser) {
    let world = world().await;
    world.tenant.configure(|settings| settings.session_skips_challenge = true);
    world.pass(Duration::seconds(31));
    let mut owner = world.signed_in(ALEX).await;
    world.pass(Duration::seconds(31));
    let mut thief = world.signed_in(ALEX).await;
    world.pass(before);
    remove_app(&mut owner).await;
    world.pass(after);
    world.tenant.tamper_id_token(Tamper::edit(move |token| {
        token.claims["amr"] = json!(["mfa"]);
        match auth_time {
            AuthTime::True => {}
            AuthTime::Ahead(by) => {
                for claim in ["auth_time", "iat", "exp"] {
                    token.claims[claim] = json!(token.claims[claim].as_i64().unwrap() + by);
                }
            }
            AuthTime::Missing => drop(token.claims.as_object_mut().unwrap().remove("auth_time")),
        }
    }));
    thief.open("/").await;
    assert_eq!(thief.page.heading(), LIST, "{}", thief.page.text());
    (world, thief)
}

#[tokio::test]
async fn a_proof_from_before_the_end_changes_nothing() {
    for (before, after, auth_time) in [
        (Duration::seconds(31), Duration::seconds(2), AuthTime::True),
        (Duration::milliseconds(300), Duration::seconds(2), AuthTime::True),
        (Duration::seconds(2), Duration::seconds(30), AuthTime::Ahead(5)),
        (Duration::seconds(2), Duration::seconds(3), AuthTime::Ahead(55)),
        (Duration::seconds(31), Duration::minutes(31), AuthTime::True),
        (Duration::seconds(31), Duration::hours(60), AuthTime::True),
        (Duration::seconds(31), Duration::seconds(2), AuthTime::Missing),
        (Duration::seconds(31), Duration::hours(60), AuthTime::Missing),
    ] {
        let case = format!("{before} before, {after} after, {auth_time:?}");
        let (world, mut thief) = thief_after(before, after, auth_time).await;
        let sms = world.tenant.authenticators(ALEX).into_iter().find(|it| it.factor == Factor::Sms).unwrap();
        thief.open(&format!("/authenticators/remove?id={}", sms.id.replace('|', "%7C"))).await;
        if let Some(button) = thief.page.buttons().into_iter().find(|it| it.starts_with("Remove")) {
            thief.press(&button, &[]).await;
        }
        // Without a recent `auth_time` not even the password is proved, so the page itself leads to the sign-in.
        assert!([PROVE_AGAIN, "Sign in"].contains(&&*thief.page.heading()), "{case}: {}", thief.page.text());
        assert!(world.tenant.authenticators(ALEX).iter().any(|it| it.id == sms.id), "{case}");
    }
}

#[tokio::test]
async fn a_proof_that_is_older_than_asked_for_or_without_a_time_proves_no_factor() {
    for age in [Some(Duration::days(31)), None] {
        let world = world().await;
        world.tenant.tamper_id_token(Tamper::edit(move |token| match age {
            Some(age) => {
                let then = token.claims["auth_time"].as_i64().unwrap() - age.whole_seconds();
                token.claims["auth_time"] = json!(then);
            }
            None => drop(token.claims.as_object_mut().unwrap().remove("auth_time")),
        }));
        let mut thief = world.signed_in(ALEX).await;
        thief.open(REMOVE_APP).await;
        if let Some(button) = thief.page.buttons().into_iter().find(|it| it.starts_with("Remove")) {
            thief.press(&button, &[]).await;
        }
        assert!([PROVE_AGAIN, "Sign in"].contains(&&*thief.page.heading()), "{}", thief.page.text());
        assert!(world.tenant.authenticators(ALEX).iter().any(|it| it.factor == Factor::Totp));
    }
}

/// The browser in which the tenant knows somebody already signs in to the portal again.
pub(super) async fn signed_in_again(browser: &Browser) -> Browser {
    let mut again = browser.tab();
    again.plant("mfa-portal-session=; Path=/; Max-Age=0");
    again.open("/").await;
    assert_eq!(again.page.heading(), LIST, "the tenant lets it in: {}", again.page.text());
    again
}

/// Whether the page for an app lets this session begin.
async fn may_add(browser: &mut Browser) -> bool {
    browser.open("/factors/totp").await;
    browser.page.buttons().iter().any(|it| it.contains("QR code"))
}

#[tokio::test]
async fn a_password_from_before_the_end_counts_in_the_browser_alone_that_ended_the_others() {
    let world = super::world().await;
    world.tenant.add_person(Person::new("Vera Verified", VERA));
    let email =
        Authenticator::new(Factor::Email, "dev_MailboxOfVera00001").with_contact("v@example.com").active();
    world.tenant.change_person(VERA, |person| person.authenticators.push(email));
    let left_open = world.signed_in(VERA).await;
    world.pass(Duration::seconds(31));
    // A token of the owner's that says that a factor was proved.
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let mut owner = world.signed_in(VERA).await;
    owner.open("/authenticators/remove?id=email%7Cdev_MailboxOfVera00001").await;
    let button = owner.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    owner.press(&button, &[]).await;
    world.pass(Duration::seconds(5));
    assert!(!may_add(&mut signed_in_again(&left_open).await).await);
    assert!(may_add(&mut signed_in_again(&owner).await).await, "nobody types it again after each change");
}

/// The act was at the tenant when the owner ended the session that asked for it.
#[tokio::test]
async fn an_act_that_ends_late_takes_no_later_end_back() {
    let world = super::world().await;
    let mut thief = world.signed_in(ALEX).await;
    let left_open = thief.tab();
    thief.open(REMOVE_APP).await;
    let gate = Gate::new();
    let held = Fault::new("DELETE", support::LIST, FaultKind::HoldResponse(gate.clone())).times(1);
    world.tenant.faults().inject(held);
    let form = thief.page.form("Remove the authenticator app");
    let removing = tokio::spawn(async move { thief.send(&form).await.heading() });
    gate.reached().await;
    world.pass(Duration::seconds(31));
    let mut owner = world.signed_in(ALEX).await;
    owner.open("/recovery-code").await;
    owner.press("Get a new recovery code", &[]).await;
    gate.open();
    removing.await.unwrap();
    assert_eq!(super::live(&world, &[owner]).await, 1, "a session that was ended ends none");
    world.tenant.change_person(ALEX, |person| person.authenticators.clear());
    assert!(!may_add(&mut signed_in_again(&left_open).await).await);
}

/// A confirmation does what it does to other sessions once.
#[tokio::test]
async fn a_repeated_confirmation_ends_no_later_session() {
    for (factor, at_once) in [("totp", false), ("sms", false), ("sms", true)] {
        let world = super::world().await;
        let mut first = world.signed_in(NORA).await;
        let confirm = if factor == "totp" {
            first.open("/factors/totp").await;
            first.press("Show me the QR code", &[]).await;
            let code = world.devices(NORA).totp_code_of(&super::key(&first)).unwrap();
            let mut form = first.page.form("Confirm");
            form.set("code", &code);
            form
        } else {
            super::begin_phone(&mut first).await;
            let mut form = first.page.form("Confirm");
            form.set("code", &world.devices(NORA).last_code(Factor::Sms).unwrap());
            form
        };
        if at_once {
            let gate = Gate::new();
            let held = Fault::new("POST", support::TOKEN, FaultKind::HoldResponse(gate.clone())).times(1);
            world.tenant.faults().inject(held);
            let held = tokio::spawn(first.request(&confirm).send());
            gate.reached().await;
            first.send(&confirm).await;
            gate.open();
            held.await.unwrap().unwrap();
        } else {
            first.send(&confirm).await;
        }
        world.pass(Duration::seconds(31));
        let owner = world.signed_in(NORA).await;
        first.send(&confirm).await;
        assert_eq!(super::live(&world, &[owner]).await, 1, "{factor}, {at_once}");
    }
}
