//! An intruder who knows the password alone, in a session beside the owner's: nothing of the owner's is read, fixed,
//! used up or blocked from there.

mod elsewhere;
mod first_protection;
mod held;
mod protected;
mod pushes;
mod recovery_code;
mod turns;

mod in_the_way;

use emulated_tenant::{Factor, Fault, FaultKind, Gate};
use reqwest::header::HeaderValue;
use reqwest::{Method, StatusCode};
use time::Duration;
use tokio::task::JoinSet;

use crate::support::{self, Browser, Form, World};

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";
const PROVE_AGAIN: &str = "Please confirm that it is you";
const REMOVE_APP: &str = "/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001";

async fn world() -> World {
    World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await
}

/// A session whose tokens prove no factor, and then one of the owner's whose do.
async fn intruder_and_owner(world: &World, email: &str) -> (Browser, Browser) {
    world.tenant.configure(|settings| settings.amr = false);
    let intruder = world.signed_in(email).await;
    world.tenant.configure(|settings| settings.amr = true);
    world.pass(Duration::seconds(31));
    (intruder, world.signed_in(email).await)
}

/// Sets an app up in this browser, up to the page with the recovery code.
async fn set_up_app(world: &World, browser: &mut Browser, email: &str) {
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let code = world.devices(email).totp_code_of(&key(browser)).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.path(), "/recovery-code", "{}", browser.page.text());
}

/// Alex's new recovery code, not saved yet, and the two sessions after it.
async fn after_a_new_code(world: &World) -> (String, Browser, Browser) {
    let mut owner = world.signed_in(ALEX).await;
    owner.open("/recovery-code").await;
    owner.press("Get a new recovery code", &[]).await;
    let code = world.devices(ALEX).recovery_code().unwrap();
    world.pass(Duration::seconds(31));
    let (intruder, owner) = intruder_and_owner(world, ALEX).await;
    (code, intruder, owner)
}

fn key(browser: &Browser) -> String {
    browser.page.text_of(".key").replace(' ', "")
}

#[tokio::test]
async fn a_new_recovery_code_is_shown_to_its_own_session_or_after_a_factor() {
    let world = world().await;
    let (code, mut intruder, mut owner) = after_a_new_code(&world).await;
    for page in ["/recovery-code", "/recovery-code/download"] {
        intruder.open(page).await;
        assert_eq!(
            (intruder.page.status, intruder.page.heading().as_str()),
            (StatusCode::FORBIDDEN, PROVE_AGAIN),
            "{page}"
        );
        assert!(!intruder.page.html.contains(&code[..4]), "{page}");
    }
    assert_eq!(owner.open("/recovery-code").await.text_of(".recovery").replace(' ', ""), code);
    let mut saved = owner.page.form("Done");
    saved.set("saved", "yes");
    intruder.open("/sign-out").await;
    saved.set("csrf_token", &intruder.page.attr("[name=csrf_token]", "value").unwrap());
    intruder.send(&saved).await;
    assert_eq!(intruder.page.heading(), PROVE_AGAIN);
    assert_eq!(
        owner.open("/recovery-code").await.text_of(".recovery").replace(' ', ""),
        code,
        "it still waits"
    );
}

#[tokio::test]
async fn an_older_session_does_not_read_the_code_of_the_first_set_up() {
    let world = world().await;
    let (mut older, mut owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    set_up_app(&world, &mut owner, NORA).await;
    let code = owner.page.text_of(".recovery").replace(' ', "");
    older.open("/recovery-code").await;
    assert_eq!(older.page.heading(), "Code of an authenticator app", "its session has ended");
    assert!(!older.page.html.contains(&code[..4]));
}

/// Begins the set-up of a first app with the password alone, as far as the page with its key.
async fn begin_app(browser: &mut Browser) {
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
}

#[tokio::test]
async fn the_password_alone_reads_no_recovery_code_however_a_set_up_ends() {
    for ends in ["open", "cancelled", "lapsed", "protected elsewhere"] {
        let world = world().await;
        let mut intruder = world.signed_in(NORA).await;
        begin_app(&mut intruder).await;
        let code = world.devices(NORA).recovery_code().unwrap();
        match ends {
            "cancelled" => drop(intruder.press("Cancel this set-up", &[]).await),
            "lapsed" => {
                world.pass(Duration::hours(1));
                world.tenant.sign_out_everywhere();
                intruder = world.signed_in(NORA).await;
            }
            "protected elsewhere" => {
                let app = emulated_tenant::Authenticator::new(Factor::Totp, "dev_Elsewhere0000001").active();
                world.tenant.change_person(NORA, |nora| nora.authenticators.push(app));
            }
            _ => {}
        }
        for page in ["/", "/recovery-code", "/recovery-code/download"] {
            intruder.open(page).await;
            assert!(!intruder.page.html.contains(&code[..4]), "{ends}: {page}");
        }
        if ends == "protected elsewhere" {
            continue;
        }
        assert!(!intruder.open("/").await.text().contains("Save your recovery code"), "{ends}");
        // The owner gets it with the first confirmation.
        let mut owner = world.signed_in(NORA).await;
        set_up_app(&world, &mut owner, NORA).await;
        assert_eq!(owner.page.text_of(".recovery").replace(' ', ""), code, "{ends}");
        intruder.open("/recovery-code").await;
        assert!(!intruder.page.html.contains(&code[..4]), "{ends}");
    }
}

const NUMBER: &str = "+44 7700 900123";

async fn begin_phone(browser: &mut Browser) {
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
}

/// The owner's confirmation, of which the tenant has accepted the code and not yet answered.
async fn held_confirmation(
    world: &World,
    mut owner: Browser,
    email: &str,
) -> (Gate, tokio::task::JoinHandle<Browser>) {
    let gate = Gate::new();
    let held = Fault::new("POST", support::TOKEN, FaultKind::HoldResponse(gate.clone())).times(1);
    world.tenant.faults().inject(held);
    let mut form = owner.page.form("Confirm");
    form.set("code", &world.devices(email).last_code(Factor::Sms).unwrap());
    let confirming = tokio::spawn(async move {
        owner.send(&form).await;
        owner
    });
    gate.reached().await;
    (gate, confirming)
}

/// Sends the form in the background: it waits for its turn.
fn sent(mut browser: Browser, form: Form) -> tokio::task::JoinHandle<Browser> {
    tokio::spawn(async move {
        browser.send(&form).await;
        browser
    })
}

/// The form that begins the set-up of this number.
async fn phone_form(browser: &mut Browser, number: &str) -> Form {
    browser.open("/factors/sms").await;
    let mut form = browser.page.form("Send the code");
    form.set("phone_number", number);
    form
}

#[tokio::test]
async fn sharing_a_number_s_set_up_brings_nobody_else_the_recovery_code() {
    for step in ["start", "wrong code", "cancel"] {
        let world = world().await;
        let mut owner = world.signed_in(NORA).await;
        begin_phone(&mut owner).await;
        let mut intruder = world.signed_in(NORA).await;
        begin_phone(&mut intruder).await;
        assert_eq!(intruder.page.url, owner.page.url, "a number's set-up is shared");
        let code = world.devices(NORA).recovery_code().unwrap();
        let mut form = match step {
            "start" => phone_form(&mut intruder.tab(), NUMBER).await,
            "cancel" => intruder.page.form("Cancel this set-up"),
            _ => intruder.page.form("Confirm"),
        };
        if step == "wrong code" {
            form.set("code", "000000");
        }
        let (gate, confirming) = held_confirmation(&world, owner, NORA).await;
        let acting = sent(intruder.tab(), form);
        for page in ["/recovery-code", "/recovery-code/download"] {
            intruder.open(page).await;
            assert!(!intruder.page.html.contains(&code[..4]), "{step}: {page}");
        }
        gate.open();
        let mut owner = confirming.await.unwrap();
        assert!(!acting.await.unwrap().page.html.contains(&code[..4]), "{step}");
        owner.open("/recovery-code").await;
        let shown = owner.page.text_of(".recovery").replace(' ', "");
        assert!(shown == code || owner.page.heading() == PROVE_AGAIN, "{step}: {}", owner.page.text());
        intruder.open("/recovery-code").await;
        assert!(!intruder.page.html.contains(&code[..4]), "{step}");
    }
}

#[tokio::test]
async fn an_owner_s_renewed_code_stays_theirs_while_another_session_adds_a_number() {
    let world = world().await;
    let (code, mut intruder, mut owner) = after_a_new_code(&world).await;
    begin_phone(&mut owner).await;
    let form = phone_form(&mut intruder.tab(), NUMBER).await;
    let (gate, confirming) = held_confirmation(&world, owner, ALEX).await;
    let acting = sent(intruder.tab(), form);
    for page in ["/recovery-code", "/recovery-code/download"] {
        intruder.open(page).await;
        assert!(!intruder.page.html.contains(&code[..4]), "{page}");
    }
    gate.open();
    confirming.await.unwrap();
    assert!(!acting.await.unwrap().page.html.contains(&code[..4]));
}

#[tokio::test]
async fn the_first_protection_ends_sessions_with_the_password_alone() {
    let world = world().await;
    let (mut intruder, mut owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    set_up_app(&world, &mut owner, NORA).await;
    assert_eq!(live(&world, &[intruder.tab(), owner.tab()]).await, 1);
    intruder.open("/").await;
    assert_ne!(intruder.page.heading(), "Two-step verification");
}

#[tokio::test]
async fn two_set_ups_that_could_claim_one_authenticator_take_turns() {
    for (one, other) in [("totp", "push"), ("push", "totp"), ("sms", "voice")] {
        let world = world().await;
        let (mut owner, mut intruder) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
        let mut forms = Vec::new();
        for (browser, factor) in [(&mut owner, one), (&mut intruder, other)] {
            browser.open(&format!("/factors/{factor}")).await;
            let button = match factor {
                "sms" => "Send the code",
                "voice" => "Call me now",
                _ => "Show me the QR code",
            };
            let mut form = browser.page.form(button);
            if ["sms", "voice"].contains(&factor) {
                form.set("phone_number", if factor == "sms" { NUMBER } else { "+44 7700 900958" });
            }
            forms.push(form);
        }
        let gate = Gate::new();
        let held = Fault::new("POST", support::ASSOCIATE, FaultKind::HoldResponse(gate.clone())).times(1);
        world.tenant.faults().inject(held);
        let first = tokio::spawn(owner.request(&forms[0]).send());
        gate.reached().await;
        let second = tokio::spawn(intruder.request(&forms[1]).send());
        // No sign shows that it waits.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert_eq!(world.calls("POST", support::ASSOCIATE), 1, "{one}, {other}");
        gate.open();
        first.await.unwrap().unwrap();
        second.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn another_start_deletes_nothing_that_a_confirmation_calls_added() {
    let world = world().await;
    let (mut owner, mut intruder) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    begin_phone(&mut owner).await;
    let form = phone_form(&mut intruder, "+44 7700 900958").await;
    let (gate, confirming) = held_confirmation(&world, owner, NORA).await;
    let acting = sent(intruder, form);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    gate.open();
    let owner = confirming.await.unwrap();
    acting.await.unwrap();
    let active =
        world.tenant.authenticators(NORA).iter().filter(|it| it.factor == Factor::Sms && it.active).count();
    assert_eq!(active, 1, "what the tenant has accepted stays: {}", owner.page.text());
}

#[tokio::test]
async fn the_password_alone_uses_up_no_requests_of_a_proved_session() {
    let world = world().await;
    let (mut intruder, mut owner) = intruder_and_owner(&world, ALEX).await;
    while intruder.open("/").await.status == StatusCode::OK {}
    assert_eq!(intruder.page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(owner.open("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_password_alone_gets_no_new_recovery_code_and_erases_none() {
    let world = world().await;
    let mut intruder = world.signed_in(NORA).await;
    intruder.open("/recovery-code").await;
    assert!(
        intruder.page.buttons().iter().all(|it| !it.contains("recovery code")),
        "{}",
        intruder.page.text()
    );
    begin_app(&mut intruder).await;
    let code = world.devices(NORA).recovery_code().unwrap();
    let form = intruder.page.form("Cancel this set-up");
    for field in ["regenerate", "saved"] {
        let mut form = form.clone();
        form.action.set_path("/recovery-code");
        form.set(field, "yes");
        intruder.send(&form).await;
        assert_eq!(world.devices(NORA).recovery_code().unwrap(), code, "{field}");
    }
    let mut owner = world.signed_in(NORA).await;
    set_up_app(&world, &mut owner, NORA).await;
    assert_eq!(owner.page.text_of(".recovery").replace(' ', ""), code);
}

#[tokio::test]
async fn a_set_up_begun_by_another_session_is_not_gone_on_with() {
    for (factor, button) in [("totp", "Show me the QR code"), ("push", "Show me the QR code")] {
        let world = world().await;
        let (mut intruder, mut owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
        for browser in [&mut intruder, &mut owner] {
            browser.open(&format!("/factors/{factor}")).await;
            browser.press(button, &[]).await;
            assert_eq!(browser.page.status, StatusCode::OK);
        }
        assert_ne!(intruder.page.url, owner.page.url, "{factor}");
        if factor == "totp" {
            assert_ne!(key(&intruder), key(&owner), "the seed is the owner's alone");
        }
    }
}

#[tokio::test]
async fn refused_acts_use_up_no_limit_of_the_owners() {
    let world = world().await;
    let extra = emulated_tenant::Authenticator::new(Factor::Totp, "dev_Left000000000001");
    world.tenant.change_person(ALEX, |alex| alex.authenticators.push(extra));
    let (mut intruder, mut owner) = intruder_and_owner(&world, ALEX).await;
    intruder.open("/").await;
    let clear = intruder.page.buttons().into_iter().find(|it| it.starts_with("Clear")).unwrap();
    let clear = intruder.page.form(&clear);
    for _ in 0..25 {
        assert_eq!(intruder.send(&clear).await.heading(), PROVE_AGAIN);
    }
    owner.open(REMOVE_APP).await;
    owner.press("Remove the authenticator app", &[]).await;
    assert!(owner.page.notice().contains("removed"), "{}", owner.page.text());
}

#[tokio::test]
async fn a_trial_of_the_owners_is_not_joined_without_the_proof() {
    let world = world().await;
    let (mut intruder, mut owner) = intruder_and_owner(&world, ALEX).await;
    for browser in [&mut owner, &mut intruder] {
        browser.open("/authenticators/try?id=sms%7Cdev_AppPhonePhon0001").await;
        browser.press("Send me a text message", &[]).await;
    }
    assert_eq!(intruder.page.heading(), PROVE_AGAIN);
}

#[tokio::test]
async fn a_request_whose_session_was_ended_while_it_waited_does_nothing() {
    let world = world().await;
    let mut one = world.signed_in(ALEX).await;
    world.pass(Duration::seconds(31));
    let mut two = world.signed_in(ALEX).await;
    // Neither removal is that of the last protection, which is asked for twice.
    let more = emulated_tenant::Authenticator::new(Factor::Totp, "dev_More000000000001").active();
    world.tenant.change_person(ALEX, |alex| alex.authenticators.push(more));
    one.open(REMOVE_APP).await;
    two.open("/authenticators/remove?id=sms%7Cdev_AppPhonePhon0001").await;
    let [first, second] = [&one, &two].map(|browser| {
        let button = browser.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
        browser.page.form(&button)
    });
    // The first removal is held at the tenant, while the second waits for its turn.
    let gate = Gate::new();
    let held = Fault::new("DELETE", support::LIST, FaultKind::HoldRequest(gate.clone())).times(1);
    world.tenant.faults().inject(held);
    let first = tokio::spawn(one.request(&first).send());
    gate.reached().await;
    let second = tokio::spawn(two.request(&second).send());
    // No sign shows that it waits. Should it come later, its session is refused at once.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    gate.open();
    let [first, second] = [first.await, second.await].map(|answer| answer.unwrap().unwrap().status());
    assert_eq!((first, second), (StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED));
    assert!(world.tenant.authenticators(ALEX).iter().any(|it| it.factor == Factor::Sms && it.active));
}

#[tokio::test]
async fn simultaneous_sign_ins_leave_ten_sessions_and_a_removal_one() {
    let world = world().await;
    let mut all = Vec::new();
    for _ in 0..20 {
        let mut browser = world.browser();
        let callback = browser.until_callback(NORA).await;
        all.push((browser, callback));
    }
    let signed_in = all.into_iter().map(|(browser, callback)| async move {
        // Without following the redirect, so that nobody whose session has ended signs in again.
        browser.client().request(Method::GET, callback).send().await.unwrap();
        browser
    });
    let mut browsers = signed_in.collect::<JoinSet<_>>().join_all().await;
    assert_eq!(live(&world, &browsers).await, 10);
    let mut owner = browsers.pop().unwrap();
    owner.open("/").await;
    assert_eq!(owner.page.heading(), LIST);
    set_up_app(&world, &mut owner, NORA).await;
}

/// How many of these browsers have a live session.
pub(crate) async fn live(world: &World, browsers: &[Browser]) -> usize {
    let mut live = 0;
    for browser in browsers {
        let list = world.browser().client().get(world.portal.clone());
        let list = list.header("cookie", HeaderValue::from_str(&browser.cookies()).unwrap());
        live += usize::from(list.send().await.unwrap().status() == StatusCode::OK);
    }
    live
}

#[tokio::test]
async fn requests_that_are_no_navigation_count_against_no_network() {
    let world = world().await;
    for mode in ["no-cors", "cors", "same-origin", "websocket"] {
        for page in ["sign-in", "callback?state=x&code=y"] {
            let request = world.browser().client().get(world.portal.join(page).unwrap());
            let answer = request.header("sec-fetch-mode", mode).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{mode} {page}");
        }
    }
    let request = world.browser().client().get(world.portal.join("sign-in").unwrap());
    assert_eq!(
        request.header("sec-fetch-mode", "navigate").send().await.unwrap().status(),
        StatusCode::SEE_OTHER
    );
}
