//! A phone approves a push set-up without a session. So none of an intruder's is left when the owner's first protection may
//! become active, and at most one of a person waits for a phone.

use std::time::Duration as StdDuration;

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use time::Duration;
use tokio::task::JoinHandle;

use super::{ALEX, NORA, PROVE_AGAIN, begin_app, intruder_and_owner, key, set_up_app, world};
use crate::support::redis::Redis;
use crate::support::{self, ASSOCIATE, Browser, Form, TOKEN, World};

const SCAN: &str = "Show me the QR code";

async fn begin_push(browser: &mut Browser) {
    browser.open("/factors/push").await;
    browser.press(SCAN, &[]).await;
}

/// Two sessions that know the password alone; the first has begun a push set-up.
async fn intruder_with_push(world: &World) -> (Browser, Browser) {
    let (mut intruder, owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    begin_push(&mut intruder).await;
    assert_eq!(pushes(world, NORA), 1);
    (intruder, owner)
}

/// Those that a phone could approve.
fn pushes(world: &World, email: &str) -> usize {
    let all = world.tenant.authenticators(email);
    all.iter().filter(|it| !it.active && it.factor == Factor::Push).count()
}

fn protections(world: &World) -> Vec<Factor> {
    let all = world.tenant.authenticators(NORA).into_iter();
    all.filter(|it| it.active && it.factor != Factor::RecoveryCode).map(|it| it.factor).collect()
}

/// The form with the code of the app that this browser has begun.
fn app_code(world: &World, browser: &Browser) -> Form {
    let mut form = browser.page.form("Confirm");
    form.set("code", &world.devices(NORA).totp_code_of(&key(browser)).unwrap());
    form
}

/// The next request of this kind after so many is held.
fn held(world: &World, method: &str, path: &str, after: u32) -> Gate {
    let faults = world.tenant.faults();
    if after > 0 {
        faults.inject(Fault::new(method, path, FaultKind::Delay(StdDuration::ZERO)).times(after));
    }
    let gate = Gate::new();
    faults.inject(Fault::new(method, path, FaultKind::HoldRequest(gate.clone())).times(1));
    gate
}

fn sent(mut browser: Browser, form: Form) -> JoinHandle<Browser> {
    tokio::spawn(async move {
        browser.send(&form).await;
        browser
    })
}

/// So nothing that fails after the code was taken leaves something that a phone can approve.
// S-15
#[tokio::test]
async fn what_an_intruders_phone_could_approve_is_gone_before_the_owners_code_is_shown() {
    let world = world().await;
    let (_intruder, mut owner) = intruder_with_push(&world).await;
    begin_app(&mut owner).await;
    let code = held(&world, "POST", TOKEN, 0);
    let form = app_code(&world, &owner);
    let confirming = sent(owner, form);
    code.reached().await;
    assert_eq!(pushes(&world, NORA), 0, "the tenant knows nothing that it could approve");
    code.open();
    assert_eq!(confirming.await.unwrap().page.path(), "/recovery-code");
    assert_eq!(world.unfinished(NORA), 0);
}

// S-15
#[tokio::test]
async fn what_an_intruders_phone_could_approve_ends_although_it_was_given_up() {
    let world = world().await;
    let (mut intruder, mut owner) = intruder_with_push(&world).await;
    begin_app(&mut owner).await;
    world.upset_always("DELETE", support::LIST, FaultKind::json(429, "{}"));
    intruder.press("Cancel this set-up", &[]).await;
    world.tenant.faults().clear();
    assert_eq!(pushes(&world, NORA), 1, "the tenant has kept it");
    let form = app_code(&world, &owner);
    owner.send(&form).await;
    assert_eq!(owner.page.path(), "/recovery-code", "{}", owner.page.text());
    assert_eq!(world.unfinished(NORA), 0, "the tenant knows nothing that it could approve");
}

// S-15
#[tokio::test]
async fn the_owners_code_is_not_shown_while_the_tenant_keeps_what_a_phone_could_approve() {
    for refusal in [429, 403, 500, 503] {
        let world = world().await;
        let (_intruder, mut owner) = intruder_with_push(&world).await;
        begin_app(&mut owner).await;
        let app = owner.page.url.clone();
        world.upset_always("DELETE", support::LIST, FaultKind::json(refusal, "{}"));
        let (form, codes) = (app_code(&world, &owner), world.calls("POST", TOKEN));
        owner.send(&form).await;
        assert!(owner.page.status.as_u16() >= 400, "{refusal}: {}", owner.page.text());
        assert_eq!((world.calls("POST", TOKEN), protections(&world)), (codes, Vec::new()), "{refusal}");
        world.tenant.faults().clear();
        owner.go(app).await;
        owner.send(&form).await;
        assert_eq!(owner.page.path(), "/recovery-code", "{refusal}: {}", owner.page.text());
        assert_eq!((pushes(&world, NORA), protections(&world)), (0, vec![Factor::Totp]), "{refusal}");
    }
}

/// Then the intruder was first, and the owner hears of a factor that is not theirs.
// U-01
#[tokio::test]
async fn a_phone_that_approves_before_it_is_removed_makes_the_owners_code_need_a_proof() {
    let world = world().await;
    let (_intruder, mut owner) = intruder_with_push(&world).await;
    begin_app(&mut owner).await;
    let look = held(&world, "GET", support::LIST, 1);
    let form = app_code(&world, &owner);
    let codes = world.calls("POST", TOKEN);
    let confirming = sent(owner, form);
    look.reached().await;
    assert!(world.devices(NORA).approve_push());
    world.tenant.change_person(NORA, |nora| {
        nora.authenticators.iter_mut().filter(|it| it.factor == Factor::Push).for_each(|it| it.active = true);
    });
    look.open();
    let owner = confirming.await.unwrap();
    assert_eq!(owner.page.heading(), PROVE_AGAIN, "{}", owner.page.text());
    assert_eq!((world.calls("POST", TOKEN), protections(&world)), (codes, vec![Factor::Push]));
}

// S-15
#[tokio::test]
async fn a_push_begins_only_when_no_other_one_is_left() {
    for refusal in [429, 403, 500, 503] {
        let world = world().await;
        let (_intruder, mut owner) = intruder_with_push(&world).await;
        let intruders = world.tenant.authenticators(NORA);
        owner.open("/factors/push").await;
        world.upset_always("DELETE", support::LIST, FaultKind::json(refusal, "{}"));
        let started = world.calls("POST", ASSOCIATE);
        owner.press(SCAN, &[]).await;
        assert!(owner.page.status.as_u16() >= 400, "{refusal}: {}", owner.page.text());
        assert_eq!((world.calls("POST", ASSOCIATE), pushes(&world, NORA)), (started, 1), "{refusal}");
        world.tenant.faults().clear();
        begin_push(&mut owner).await;
        assert_eq!((owner.page.status.as_u16(), pushes(&world, NORA)), (200, 1), "{refusal}");
        let listed = world.tenant.authenticators(NORA);
        let is_intruders = |id: &str| intruders.iter().any(|old| old.id == id && old.factor == Factor::Push);
        assert!(listed.iter().all(|it| !is_intruders(&it.id)), "{refusal}");
    }
}

/// The start decides on the list that it reads last.
// U-01
#[tokio::test]
async fn a_phone_that_approves_while_another_push_begins_makes_it_need_a_proof() {
    let world = world().await;
    let (_intruder, mut owner) = intruder_with_push(&world).await;
    owner.open("/factors/push").await;
    let start = owner.page.form(SCAN);
    // The lists before its turn and of its proof.
    let look = held(&world, "GET", support::LIST, 2);
    let started = world.calls("POST", ASSOCIATE);
    let starting = sent(owner, start);
    look.reached().await;
    world.tenant.change_person(NORA, |nora| {
        nora.authenticators.iter_mut().filter(|it| it.factor == Factor::Push).for_each(|it| it.active = true);
    });
    look.open();
    let owner = starting.await.unwrap();
    assert_eq!(owner.page.heading(), PROVE_AGAIN, "{}", owner.page.text());
    assert_eq!(world.calls("POST", ASSOCIATE), started);
}

/// The tenant may take it unseen, and a phone could approve afterwards.
// S-15
#[tokio::test]
async fn no_push_begins_while_the_code_of_a_first_protection_is_at_the_tenant() {
    let world = world().await;
    let (mut intruder, mut owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    intruder.open("/factors/push").await;
    let start = intruder.page.form(SCAN);
    begin_app(&mut owner).await;
    let code = held(&world, "POST", TOKEN, 0);
    let form = app_code(&world, &owner);
    let confirming = sent(owner, form);
    code.reached().await;
    // The owner's process has slept for longer than its turn lasts.
    world.pass(Duration::seconds(6));
    let started = world.calls("POST", ASSOCIATE);
    intruder.send(&start).await;
    assert!(intruder.page.text().contains("still under way"), "{}", intruder.page.text());
    assert_eq!((world.calls("POST", ASSOCIATE), pushes(&world, NORA)), (started, 0));
    code.open();
    confirming.await.unwrap();
    assert_eq!(protections(&world), vec![Factor::Totp]);
}

/// The owner's app set-up that began while another app protected, which is gone by now, and the intruder's page for a push.
async fn after_the_protection_went(world: &World, by_support: bool) -> (Browser, Browser) {
    let mut owner = world.signed_in(NORA).await;
    set_up_app(world, &mut owner, NORA).await;
    world.pass(Duration::seconds(31));
    let mut owner = world.signed_in(NORA).await;
    let before = world.tenant.authenticators(NORA);
    begin_app(&mut owner).await;
    if by_support {
        world.tenant.change_person(NORA, |nora| nora.authenticators.retain(|it| !it.active));
    } else {
        let mut tab = owner.tab();
        let app = before.iter().find(|it| it.factor == Factor::Totp).unwrap();
        tab.open(&format!("/authenticators/remove?id={}", app.id.replace('|', "%7C"))).await;
        for _ in 0..2 {
            let remove = tab.page.buttons().into_iter().find(|it| it.starts_with("Remove"));
            if let Some(remove) = remove {
                tab.press(&remove, &[]).await;
            }
        }
    }
    assert_eq!(protections(world), Vec::new());
    world.pass(Duration::seconds(31));
    let mut intruder = world.signed_in(NORA).await;
    intruder.open("/factors/push").await;
    assert_eq!(intruder.page.path(), "/factors/push", "{by_support}: {}", intruder.page.text());
    (owner, intruder)
}

/// The list decides that a code would be the first protection, and not what was true at the start of its set-up.
// S-15
#[tokio::test]
async fn what_an_intruders_phone_could_approve_goes_before_a_code_whose_set_up_began_under_another_factor() {
    for by_support in [false, true] {
        let world = world().await;
        let (owner, mut intruder) = after_the_protection_went(&world, by_support).await;
        intruder.press(SCAN, &[]).await;
        assert_eq!(pushes(&world, NORA), 1, "{by_support}: {}", intruder.page.text());
        let code = held(&world, "POST", TOKEN, 0);
        let form = app_code(&world, &owner);
        let confirming = sent(owner, form);
        code.reached().await;
        assert_eq!(pushes(&world, NORA), 0, "{by_support}");
        // The owner's process has slept for longer than its turn lasts.
        world.pass(Duration::seconds(6));
        intruder.open("/factors/push").await;
        intruder.press(SCAN, &[]).await;
        assert_eq!(pushes(&world, NORA), 0, "{by_support}: {}", intruder.page.text());
        code.open();
        confirming.await.unwrap();
        assert_eq!((pushes(&world, NORA), protections(&world)), (0, vec![Factor::Totp]), "{by_support}");
    }
}

/// The owner's app set-up began while another app protected, and the owner goes on with it.
#[tokio::test]
async fn the_session_whose_set_up_began_under_another_factor_goes_on() {
    let world = world().await;
    let (mut owner, _intruder) = after_the_protection_went(&world, false).await;
    let form = app_code(&world, &owner);
    owner.send(&form).await;
    assert_eq!(owner.page.path(), "/recovery-code", "{}", owner.page.text());
    begin_app(&mut owner).await;
    assert_ne!(owner.page.heading(), PROVE_AGAIN);
}

/// PROOF=any takes the password for a proof, but it tells nothing of a factor.
// S-15
#[tokio::test]
async fn the_password_as_a_proof_spares_no_look_at_the_list_before_a_first_code() {
    let world = World::with(&[("proof", "any")]).await;
    let phone = Authenticator::new(Factor::Sms, "dev_PhoneThatIsGone01").with_contact("+447700900111");
    world.tenant.change_person(NORA, |nora| nora.authenticators.push(phone.active()));
    world.tenant.configure(|settings| settings.amr = false);
    let mut owner = world.signed_in(NORA).await;
    begin_app(&mut owner).await;
    let mut intruder = world.signed_in(NORA).await;
    begin_push(&mut intruder).await;
    world.tenant.change_person(NORA, |nora| nora.authenticators.retain(|it| !it.active));
    assert_eq!(pushes(&world, NORA), 1);
    let code = held(&world, "POST", TOKEN, 0);
    let form = app_code(&world, &owner);
    let confirming = sent(owner, form);
    code.reached().await;
    assert_eq!(pushes(&world, NORA), 0);
    code.open();
    confirming.await.unwrap();
}

/// Another session's start that is refused for it leaves the record by which its own page ends.
#[tokio::test]
async fn a_push_that_is_approved_while_another_one_begins_is_added() {
    let world = world().await;
    let (mut owner, mut intruder) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    begin_push(&mut owner).await;
    let waiting = owner.page.url.clone();
    intruder.open("/factors/push").await;
    let start = intruder.page.form(SCAN);
    let look = held(&world, "GET", support::LIST, 2);
    let starting = sent(intruder, start);
    look.reached().await;
    assert!(world.devices(NORA).approve_push());
    world.tenant.change_person(NORA, |nora| {
        nora.authenticators.iter_mut().filter(|it| it.factor == Factor::Push).for_each(|it| it.active = true);
    });
    look.open();
    assert_eq!(starting.await.unwrap().page.heading(), PROVE_AGAIN);
    world.pass(Duration::seconds(6));
    owner.go(waiting).await;
    assert_eq!(owner.page.path(), "/recovery-code", "{}", owner.page.text());
}

/// The store is away once the tenant has taken the code, so the end of the intruder's session is noted by nobody.
// S-15
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_after_the_owners_code_leaves_nothing_that_a_phone_could_approve() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let (_intruder, mut owner) = intruder_with_push(&world).await;
    begin_app(&mut owner).await;
    let gate = Gate::new();
    world.upset("POST", TOKEN, FaultKind::HoldResponse(gate.clone()));
    let form = app_code(&world, &owner);
    let confirming = sent(owner, form);
    gate.reached().await;
    redis.signal("STOP");
    gate.open();
    let owner = confirming.await.unwrap();
    redis.signal("CONT");
    assert!(owner.page.status.is_server_error(), "{}", owner.page.text());
    assert_eq!((pushes(&world, NORA), protections(&world)), (0, vec![Factor::Totp]));
}

/// A session that a change ends may have begun one too. The tenant is away for a moment, or the page has no time left.
#[tokio::test]
async fn what_an_ended_sessions_phone_could_approve_ends_later_if_not_with_it() {
    let world = world().await;
    let mut intruder = world.signed_in(ALEX).await;
    begin_push(&mut intruder).await;
    world.pass(Duration::seconds(31));
    let (_, mut owner) = intruder_and_owner(&world, ALEX).await;
    world.upset_always("DELETE", support::LIST, FaultKind::json(503, "{}"));
    owner.open("/recovery-code").await;
    owner.press("Get a new recovery code", &[]).await;
    intruder.open("/").await;
    assert!(intruder.journey.len() > 1, "its session has ended");
    assert_eq!(pushes(&world, ALEX), 1, "the tenant has kept it");
    world.tenant.faults().clear();
    let gone = tokio::time::timeout(StdDuration::from_secs(8), async {
        while pushes(&world, ALEX) > 0 {
            tokio::time::sleep(StdDuration::from_millis(50)).await;
        }
    });
    gone.await.expect("the tenant is asked again");
}
