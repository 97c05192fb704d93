//! A protection that another request is about to give up counts as none: removing the other one is removing the last.

use emulated_tenant::{Factor, Fault, FaultKind, Gate};
use tokio::task::JoinHandle;

use super::APP;
use crate::factors::{APP_PHONE, CANCEL, CODE, CONFIRM, NUMBER, SCAN};
use crate::support::{Browser, LIST, TOKEN, World};

const PHONE: &str = "sms|dev_AppPhonePhon0001";
const REMOVE_APP: (&str, &str) = (APP, "Remove the authenticator app");
const REMOVE_PHONE: (&str, &str) = (PHONE, "Remove the number");

/// How a set-up is given up while its right code is on its way.
#[derive(Clone, Copy, Debug)]
enum GivenUp {
    Cancelled,
    ByWrongCodes,
}

/// The next request with this method and path is held.
fn held(world: &World, method: &str, path: &str) -> Gate {
    let gate = Gate::new();
    world.tenant.faults().inject(Fault::new(method, path, FaultKind::HoldRequest(gate.clone())).times(1));
    gate
}

/// Alex, whom only the one with this id protects.
async fn protected_by(world: &World, id: &str) -> Browser {
    let factors = if id == APP { &[Factor::Totp][..] } else { &[Factor::Sms, Factor::Voice] };
    world
        .tenant
        .change_person(APP_PHONE, |alex| alex.authenticators.retain(|it| factors.contains(&it.factor)));
    world.signed_in(APP_PHONE).await
}

/// Begins a set-up of this factor; returns its right code.
async fn begin(world: &World, browser: &mut Browser, factor: Factor) -> String {
    if factor == Factor::Totp {
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        return world
            .devices(APP_PHONE)
            .totp_code_of(&browser.page.text_of(".key").replace(' ', ""))
            .unwrap();
    }
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    world.devices(APP_PHONE).last_code(Factor::Sms).unwrap()
}

/// Sends the form of a page in the background.
fn sent(mut browser: Browser, button: &str, code: Option<&str>) -> JoinHandle<Browser> {
    let mut form = browser.page.form(button);
    if let Some(code) = code {
        form.set("code", code);
    }
    tokio::spawn(async move {
        browser.send(&form).await;
        browser
    })
}

/// Gives the set-up up in another tab, until its deletion is on its way.
async fn give_up(world: &World, at: &Browser, way: GivenUp) -> (Gate, JoinHandle<Browser>) {
    let mut tab = at.tab();
    tab.go(at.page.url.clone()).await;
    let deletion = held(world, "DELETE", LIST);
    let giving_up = match way {
        GivenUp::Cancelled => sent(tab, CANCEL, None),
        GivenUp::ByWrongCodes => {
            for _ in 0..4 {
                tab.press(CONFIRM, &[(CODE, "000000")]).await;
            }
            sent(tab, CONFIRM, Some("000000"))
        }
    };
    deletion.reached().await;
    (deletion, giving_up)
}

/// A set-up, the only other protection, and the way in which the set-up is given up.
type Case = (Factor, (&'static str, &'static str), GivenUp);
const CASES: [Case; 4] = [
    (Factor::Sms, REMOVE_APP, GivenUp::Cancelled),
    (Factor::Sms, REMOVE_APP, GivenUp::ByWrongCodes),
    (Factor::Totp, REMOVE_PHONE, GivenUp::Cancelled),
    (Factor::Totp, REMOVE_PHONE, GivenUp::ByWrongCodes),
];

/// Two protections on the list, of which the newer one is about to be deleted.
async fn about_to_be_given_up(
    world: &World,
    (factor, (other, _), way): Case,
) -> (Browser, Gate, JoinHandle<Browser>) {
    let browser = protected_by(world, other).await;
    let (mut tab, mut beside) = (browser.tab(), browser.tab());
    let code = begin(world, &mut tab, factor).await;
    beside.go(tab.page.url.clone()).await;
    let proof = held(world, "POST", TOKEN);
    let confirming = sent(tab, CONFIRM, Some(&code));
    proof.reached().await;
    let (deletion, giving_up) = give_up(world, &beside, way).await;
    proof.open();
    let is_accepted =
        || world.tenant.authenticators(APP_PHONE).iter().any(|it| it.factor == factor && it.active);
    while !is_accepted() {
        assert!(!confirming.is_finished(), "{factor:?} {way:?}: the tenant accepts the code");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    (browser, deletion, giving_up)
}

/// Lets the deletion go on: the other one is the only protection then.
async fn assert_other_is_left(
    world: &World,
    (factor, (other, _), way): Case,
    deletion: Gate,
    giving_up: JoinHandle<Browser>,
) {
    deletion.open();
    giving_up.await.unwrap();
    let left: Vec<_> = world.tenant.authenticators(APP_PHONE).into_iter().filter(|it| it.active).collect();
    assert!(left.iter().any(|it| it.id == other), "{factor:?} {way:?}: {left:?}");
    assert!(left.iter().all(|it| it.factor != factor), "{factor:?} {way:?}: {left:?}");
}

// U-05
#[tokio::test]
async fn a_protection_about_to_be_given_up_does_not_count_as_the_other() {
    for case in CASES {
        let world = World::new().await;
        let (mut browser, deletion, giving_up) = about_to_be_given_up(&world, case).await;
        let (id, button) = case.1;
        browser.open(&format!("/authenticators/remove?id={}", id.replace('|', "%7C"))).await;
        assert!(browser.page.text().contains("This is your last way"), "{case:?}");
        browser.press(button, &[]).await;
        assert_eq!(browser.page.heading(), "Are you sure?", "{case:?}");
        assert_other_is_left(&world, case, deletion, giving_up).await;
    }
}

// U-05
#[tokio::test]
async fn a_lost_phone_s_last_protection_stays_while_the_other_is_given_up() {
    for case in CASES {
        let world = World::new().await;
        let (mut browser, deletion, giving_up) = about_to_be_given_up(&world, case).await;
        browser.open("/lost-phone").await;
        let mut form = browser.page.form("Continue");
        form.set(&format!("on-phone:{}", case.1.0), "yes");
        browser.send(&form).await;
        assert_eq!(browser.page.heading(), "Your lost phone", "{case:?}: {}", browser.page.text());
        browser.press("Remove them now", &[]).await;
        assert_other_is_left(&world, case, deletion, giving_up).await;
    }
}

#[tokio::test]
async fn a_set_up_given_up_makes_no_other_protection_the_last() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    begin(&world, &mut browser, Factor::Sms).await;
    browser.press(CANCEL, &[]).await;
    browser.open(&format!("/authenticators/remove?id={}", APP.replace('|', "%7C"))).await;
    assert!(!browser.page.text().contains("This is your last way"));
    browser.press(REMOVE_APP.1, &[]).await;
    assert!(browser.page.notice().contains("removed"), "{}", browser.page.text());
}
