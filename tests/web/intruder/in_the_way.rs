//! What the password alone could do beside a proved session of the owner's: end it, keep its turn, rename an app before
//! it is removed, hide what was done.

use emulated_tenant::{Fault, FaultKind, Gate};
use reqwest::StatusCode;
use reqwest::header::{COOKIE, HeaderValue};
use time::Duration;

use super::{ALEX, NORA, PROVE_AGAIN, after_a_new_code, intruder_and_owner, live, world};
use crate::support::redis::Redis;
use crate::support::{self, Browser, Form, World};

/// A session that proves a factor, or none.
async fn session(world: &World, proves: bool) -> Browser {
    world.tenant.configure(|settings| settings.amr = proves);
    world.pass(Duration::seconds(31));
    world.signed_in(ALEX).await
}

/// Each in its own browser, one after the other.
async fn sessions(world: &World, count: usize, proves: bool) -> Vec<Browser> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(session(world, proves).await);
    }
    all
}

// S-16
#[tokio::test]
async fn sign_ins_with_the_password_alone_end_no_proved_session() {
    let world = world().await;
    let owner = session(&world, true).await;
    let intruders = sessions(&world, 12, false).await;
    assert_eq!(live(&world, &[owner]).await, 1);
    assert_eq!(live(&world, &intruders).await, 10, "the oldest of their own make room");
}

// S-16
#[tokio::test]
async fn proved_sessions_take_the_oldest_proved_one_s_place() {
    let world = world().await;
    let intruder = session(&world, false).await;
    // The eleventh takes the first one's place, so the twelfth takes another.
    let owners = sessions(&world, 12, true).await;
    assert_eq!(live(&world, &owners[..2]).await, 0);
    assert_eq!(live(&world, &owners[2..]).await, 10);
    assert_eq!(live(&world, &[intruder]).await, 1);
}

// S-15
#[tokio::test]
async fn a_removal_ends_proved_and_unproved_sessions_of_others() {
    let world = world().await;
    let mut others = sessions(&world, 2, false).await;
    others.extend(sessions(&world, 2, true).await);
    let mut owner = session(&world, true).await;
    owner.open(super::REMOVE_APP).await;
    owner.press("Remove the authenticator app", &[]).await;
    assert_eq!((live(&world, &others).await, live(&world, &[owner]).await), (0, 1));
}

/// An act that takes a turn, from its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Start,
    Resend,
    Confirm,
    Cancel,
    TryOut,
    Regenerate,
    Save,
}

/// The owner's form for the act.
async fn form(act: Act, world: &World, owner: &mut Browser) -> Form {
    match act {
        Act::Start | Act::Resend | Act::Confirm | Act::Cancel => {
            owner.open("/factors/sms").await;
            let mut form = owner.page.form("Send the code");
            form.set("phone_number", "+44 7700 900123");
            if act == Act::Start {
                return form;
            }
            owner.send(&form).await;
            world.pass(Duration::seconds(31));
            let again = owner.page.url.clone();
            owner.go(again).await;
            let button = match act {
                Act::Confirm => "Confirm",
                Act::Cancel => "Cancel this set-up",
                _ => "Send another code",
            };
            let mut form = owner.page.form(button);
            if act == Act::Confirm {
                form.set("code", &world.devices(ALEX).messages().last().unwrap().code);
            }
            form
        }
        Act::TryOut => {
            owner.open("/authenticators/try?id=sms%7Cdev_AppPhonePhon0001").await;
            owner.page.form("Send me a text message")
        }
        Act::Regenerate => {
            owner.open("/recovery-code").await;
            owner.page.form("Get a new recovery code")
        }
        Act::Save => {
            owner.open("/recovery-code").await;
            let mut form = owner.page.form("Done");
            form.set("saved", "yes");
            form
        }
    }
}

#[tokio::test]
async fn the_password_alone_keeps_no_turn_of_a_proved_session() {
    for act in [Act::Start, Act::Resend, Act::Confirm, Act::Cancel, Act::TryOut, Act::Regenerate, Act::Save] {
        let world = world().await;
        let (mut intruder, mut owner) = match act {
            Act::Save => {
                let (_, intruder, owner) = after_a_new_code(&world).await;
                (intruder, owner)
            }
            _ => intruder_and_owner(&world, ALEX).await,
        };
        let own = form(act, &world, &mut owner).await;
        let mut foreign = own.clone();
        intruder.open("/sign-out").await;
        foreign.set("csrf_token", &intruder.page.attr("[name=csrf_token]", "value").unwrap());
        world.tenant.journal().clear();
        assert_eq!(intruder.send(&foreign).await.heading(), PROVE_AGAIN, "{act:?}");
        let lists = world.calls("GET", support::LIST);
        // The last list decides on the proof. It is held, and the owner's own act goes on.
        let gate = Gate::new();
        for _ in 1..lists {
            world.upset("GET", support::LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
        }
        let held = Fault::new("GET", support::LIST, FaultKind::HoldRequest(gate.clone())).times(1);
        world.tenant.faults().inject(held);
        let refused = tokio::spawn(intruder.request(&foreign).send());
        gate.reached().await;
        owner.send(&own).await;
        assert_eq!(owner.page.status, StatusCode::OK, "{act:?}: {}", owner.page.text());
        gate.open();
        // A new recovery code has ended the intruder's session meanwhile, and so has an addition.
        let ends_sessions = matches!(act, Act::Regenerate | Act::Confirm);
        let refusal = if ends_sessions { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        assert_eq!(refused.await.unwrap().unwrap().status(), refusal, "{act:?}");
    }
}

#[tokio::test]
async fn the_password_alone_neither_names_nor_forgets_anything() {
    let world = world().await;
    let (_, mut intruder, mut owner) = after_a_new_code(&world).await;
    owner.open("/").await;
    let history = owner.page.texts(".history li");
    assert!(history.len() == 1 && history[0].contains("renewed"), "{history:?}");
    intruder.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
    intruder.press("Save the name", &[("Name", "Old phone, remove me")]).await;
    assert_eq!(intruder.page.heading(), PROVE_AGAIN);
    intruder.open("/").await;
    intruder.press("Forget names, dates and changes", &[]).await;
    assert_eq!(intruder.page.heading(), PROVE_AGAIN);
    owner.open("/").await;
    assert_eq!(owner.page.texts(".history li"), history);
    assert!(!owner.page.text().contains("Old phone"), "{}", owner.page.text());
    owner.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
    owner.press("Save the name", &[("Name", "My phone")]).await;
    assert!(owner.page.text().contains("My phone"), "{}", owner.page.text());
}

/// The status of a page that says nothing itself.
async fn status(browser: &Browser, world: &World) -> StatusCode {
    let page = world.browser().client().get(world.portal.join("forget").unwrap());
    page.header(COOKIE, HeaderValue::from_str(&browser.cookies()).unwrap()).send().await.unwrap().status()
}

#[tokio::test]
async fn all_sessions_of_a_person_together_have_a_ceiling_of_requests() {
    let world = world().await;
    let owners = sessions(&world, 4, true).await;
    let stranger = world.signed_in(NORA).await;
    let mut taken = 0;
    for owner in &owners {
        while taken < 700 && status(owner, &world).await == StatusCode::SEE_OTHER {
            taken += 1;
        }
    }
    assert!((580..=640).contains(&taken), "{taken}");
    assert_eq!(status(&stranger, &world).await, StatusCode::SEE_OTHER);
    world.pass(Duration::minutes(1));
    assert_eq!(status(&owners[3], &world).await, StatusCode::SEE_OTHER);
}

/// Requests that come at once, while no replica has heard of the others' counts yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_the_password_alone_is_held_to_its_limit_and_uses_up_nothing_of_the_owner_s() {
    let Some(redis) = Redis::start() else { return };
    let settings = [("session-store", redis.url())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let world = World::with(&settings).await;
    let replicas = [world.beside(&settings), world.beside(&settings), world.beside(&settings)];
    let intruder = session(&world, false).await;
    let owner = session(&world, true).await;
    let cookies = HeaderValue::from_str(&intruder.cookies()).unwrap();
    redis.ask::<()>("CLIENT PAUSE 250 WRITE");
    let mut bursts = Vec::new();
    for replica in &replicas {
        let browser = replica.browser();
        let requests = (0..300).map(|_| {
            let request = browser.client().get(replica.portal.join("forget").unwrap());
            tokio::spawn(request.header(COOKIE, cookies.clone()).send())
        });
        bursts.push(requests.collect::<Vec<_>>());
    }
    for burst in bursts {
        let mut answered = 0;
        for one in burst {
            answered += usize::from(one.await.unwrap().unwrap().status() == StatusCode::SEE_OTHER);
        }
        assert!((1..=240).contains(&answered), "{answered}");
    }
    assert_eq!(status(&owner, &world).await, StatusCode::SEE_OTHER);
    assert_eq!(status(&owner, &replicas[0]).await, StatusCode::SEE_OTHER);
}

// A plan that is ended leaves a stolen phone among the factors.
#[tokio::test]
async fn the_password_alone_ends_no_change_of_phones() {
    let world = world().await;
    let mut owner = session(&world, true).await;
    owner.open("/lost-phone").await;
    let mut form = owner.page.form("Continue");
    form.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
    owner.send(&form).await;
    assert_eq!(owner.page.heading(), "Your lost phone");
    let mut end = owner.page.form("Stop these steps");
    let mut intruder = session(&world, false).await;
    intruder.open("/sign-out").await;
    end.set("csrf_token", &intruder.page.attr("[name=csrf_token]", "value").unwrap());
    intruder.send(&end).await;
    assert_eq!(intruder.page.heading(), PROVE_AGAIN);
    owner.open("/lost-phone").await;
    assert_eq!(owner.page.heading(), "Your lost phone", "the steps are still there");
}

/// Any program can claim that another site's page led it here without a click.
#[tokio::test]
async fn visits_without_a_click_count_among_all_of_the_person_s() {
    let world = world().await;
    let owners = sessions(&world, 4, true).await;
    let mut answered = 0;
    for _ in 0..220 {
        for owner in &owners {
            let request =
                owner.client().get(owner.address("/factors")).header("sec-fetch-site", "cross-site");
            answered += usize::from(request.send().await.unwrap().status() == StatusCode::OK);
        }
    }
    assert!((580..=680).contains(&answered), "{answered} of 880");
}

#[tokio::test]
async fn the_password_alone_uses_up_no_unasked_visits_of_a_proved_session() {
    let world = world().await;
    let (intruder, owner) = intruder_and_owner(&world, ALEX).await;
    let visit = |browser: &Browser| {
        let request = browser.client().get(browser.address("/factors"));
        request.header("sec-fetch-site", "cross-site").send()
    };
    let mut last = StatusCode::OK;
    for _ in 0..300 {
        last = visit(&intruder).await.unwrap().status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(visit(&owner).await.unwrap().status(), StatusCode::OK);
}
