//! The calls to the tenant that each act costs: `docs/sizing.md` has this table, and it is measured here.

use std::fs;

use emulated_tenant::Factor;
use time::Duration;

use crate::docs::file;
use crate::factors::{CODE, CONFIRM, NOTHING, SCAN, app_code};
use crate::support::{Browser, World};

const ALEX: &str = "app.phone@example.com";

async fn world() -> World {
    World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await
}

/// The calls since the journal was cleared that the tenant's rate limits count: those of the portal, not of browsers.
fn calls(world: &World) -> usize {
    let mine = ["/oauth/token", "/mfa/associate", "/mfa/challenge", "/mfa/authenticators", "/api/v2/"];
    let all = world.tenant.journal().requests();
    let calls = all.iter().filter(|it| mine.iter().any(|path| it.path.starts_with(path))).count();
    world.tenant.journal().clear();
    calls
}

async fn press_the_one_that_begins(browser: &mut Browser, beginning: &str) {
    let button = browser.page.buttons().into_iter().find(|it| it.starts_with(beginning)).unwrap();
    browser.press(&button, &[]).await;
}

/// Each act with its calls, in the document's order.
async fn measured() -> Vec<(&'static str, usize)> {
    let mut acts = Vec::new();
    let world = world().await;
    let mut browser = world.signed_in(NOTHING).await;
    acts.push(("sign in and see the list", calls(&world)));
    browser.open("/").await;
    acts.push(("see the list again", calls(&world)));
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    acts.push(("begin to set up an app", calls(&world)));
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    acts.push(("confirm the first app", calls(&world)));
    let world = self::world().await;
    let mut browser = world.signed_in(ALEX).await;
    calls(&world);
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    acts.push(("have a code texted to a new number", calls(&world)));
    let code = world.devices(ALEX).last_code(Factor::Sms).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    acts.push(("confirm the number and see the list", calls(&world)));
    browser.follow("Test authenticator app").await;
    press_the_one_that_begins(&mut browser, "").await;
    acts.push(("begin to test an app", calls(&world)));
    browser.open("/").await;
    calls(&world);
    browser.follow("Remove phone ending 0123").await;
    press_the_one_that_begins(&mut browser, "Remove").await;
    acts.push(("remove a number and see the list", calls(&world)));
    browser.open("/recovery-code").await;
    world.pass(Duration::seconds(1));
    calls(&world);
    browser.press("Get a new recovery code", &[]).await;
    acts.push(("get a new recovery code", calls(&world)));
    acts
}

#[tokio::test]
async fn the_table_of_calls_is_what_the_acts_cost() {
    let document = fs::read_to_string(file("docs/sizing.md")).unwrap();
    for (act, calls) in measured().await {
        let row = format!("| {act} | {calls} |");
        assert!(document.contains(&row), "docs/sizing.md lacks {row}");
    }
}
