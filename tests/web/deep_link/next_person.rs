//! The next person at the same browser gets nothing of the one before but the way back to the site.

use emulated_tenant::Factor;
use time::Duration;

use super::{ACCOUNT, ALEX, NORA, PORTAL, assert_back_with, back_link, link, sign_in_with_action, world};
use crate::support::{Browser, World};

const ACTIONS: [Option<&str>; 4] = [None, Some("list"), Some("add:totp"), Some("remove:sms")];

/// The session ends, at the tenant too, and this person signs in.
async fn is_followed_by(world: &World, browser: &mut Browser, email: &str) {
    world.pass(Duration::minutes(11));
    world.tenant.sign_out_everywhere();
    browser.open("/").await;
    assert_eq!(browser.page.heading(), "Sign in");
    browser.pass_sign_in(email).await;
}

/// Nothing is left of the link but the site that it came from.
async fn assert_only_the_site_is_left(browser: &mut Browser, what: &str) {
    assert_eq!(back_link(browser).unwrap().as_str(), format!("{PORTAL}/"), "{what}");
    browser.open("/leave").await;
    assert_eq!(browser.page.url, browser.address("/"), "{what}: no action is left either");
}

#[tokio::test]
async fn a_visit_that_lapsed_leaves_the_next_person_the_site_alone() {
    for action in ACTIONS {
        let world = world().await;
        let mut browser = world.browser();
        browser.open(&link("/", ACCOUNT, action)).await;
        browser.pass_sign_in(ALEX).await;
        is_followed_by(&world, &mut browser, NORA).await;
        assert_only_the_site_is_left(&mut browser, &format!("{action:?}")).await;
    }
}

#[tokio::test]
async fn an_outcome_on_its_way_is_told_of_nobody_else() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "replace:totp").await;
    browser.press("Set up the new one", &[]).await;
    world.pass(Duration::seconds(31));
    super::scan_and_confirm(&world, &mut browser, ALEX).await;
    assert_eq!(browser.page.path(), "/authenticators/remove", "one step is left");
    is_followed_by(&world, &mut browser, NORA).await;
    assert_only_the_site_is_left(&mut browser, "an outcome").await;
}

#[tokio::test]
async fn the_same_person_s_next_sign_in_keeps_the_way_back_and_the_action() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "add:sms").await;
    is_followed_by(&world, &mut browser, ALEX).await;
    assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT);
    browser.open("/leave").await;
    assert_back_with(&browser, "cancelled", "sms");
}

#[tokio::test]
async fn another_account_chosen_during_the_visit_leaves_the_site_alone() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "add:sms").await;
    world.tenant.sign_out_everywhere();
    browser.open("/sign-in?another=yes").await;
    browser.pass_sign_in(NORA).await;
    assert_only_the_site_is_left(&mut browser, "another account").await;
}

#[tokio::test]
async fn a_third_person_gets_no_more_than_the_second() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "add:sms").await;
    is_followed_by(&world, &mut browser, NORA).await;
    assert_eq!(back_link(&browser).unwrap().as_str(), format!("{PORTAL}/"));
    world.pass(Duration::minutes(1));
    is_followed_by(&world, &mut browser, "eight@example.com").await;
    assert_only_the_site_is_left(&mut browser, "a third person").await;
}

#[tokio::test]
async fn a_link_opened_while_signed_in_is_its_person_s_too() {
    for action in ACTIONS {
        for page in ["/", "/factors", "/help"] {
            let world = world().await;
            let mut browser = world.signed_in(ALEX).await;
            browser.open(&link(page, ACCOUNT, action)).await;
            assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT, "{page} {action:?}");
            is_followed_by(&world, &mut browser, NORA).await;
            assert_only_the_site_is_left(&mut browser, &format!("{page} {action:?}")).await;
        }
    }
}

/// The page that the link leads to was never asked for.
#[tokio::test]
async fn a_link_whose_page_was_not_reached_is_its_person_s_too() {
    for action in ACTIONS {
        let world = world().await;
        let mut browser = world.signed_in(ALEX).await;
        let to_the_page = browser.client().get(browser.address(&link("/", ACCOUNT, action))).send().await;
        assert!(to_the_page.unwrap().status().is_redirection());
        is_followed_by(&world, &mut browser, NORA).await;
        assert_only_the_site_is_left(&mut browser, &format!("{action:?}")).await;
    }
}

#[tokio::test]
async fn a_link_opened_while_signed_in_outlives_its_person_s_next_sign_in() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    browser.open(&link("/", ACCOUNT, Some("add:email"))).await;
    is_followed_by(&world, &mut browser, ALEX).await;
    browser.open("/leave").await;
    assert_back_with(&browser, "cancelled", "email");
    assert!(world.tenant.authenticators(ALEX).iter().filter(|it| it.factor == Factor::Email).count() == 1);
}

#[tokio::test]
async fn a_link_opened_after_a_session_lapsed_is_the_next_person_s() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    world.pass(Duration::minutes(11));
    world.tenant.sign_out_everywhere();
    browser.open(&link("/", ACCOUNT, Some("add:totp"))).await;
    browser.pass_sign_in(NORA).await;
    assert_eq!((browser.page.path(), back_link(&browser).unwrap().as_str()), ("/factors/totp", ACCOUNT));
}

/// Pages that need no session.
const PAGES_WITHOUT_SESSION: [&str; 4] = ["/help", "/help/lost-phone", "/signed-out", "/no-such-page"];

#[tokio::test]
async fn a_visit_that_lapsed_shows_others_at_the_browser_no_more_than_the_site() {
    for action in ACTIONS {
        let world = world().await;
        let mut browser = world.signed_in(ALEX).await;
        browser.open(&link("/", ACCOUNT, action)).await;
        world.pass(Duration::minutes(11));
        world.tenant.sign_out_everywhere();
        for page in PAGES_WITHOUT_SESSION {
            browser.open(page).await;
            let path = url::Url::parse(ACCOUNT).unwrap().path().to_owned();
            assert!(!browser.page.html.contains(&path), "{page} {action:?}");
            assert_eq!(back_link(&browser).unwrap().as_str(), format!("{PORTAL}/"), "{page} {action:?}");
        }
        browser.open("/leave").await;
        assert_eq!(browser.page.heading(), "Sign in", "{action:?}: at the tenant, and not at the page");
        browser.pass_sign_in(ALEX).await;
        assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT, "its person sees it again");
    }
}

/// Parameters of a link that leads to nobody else's sign-in: empty as a template leaves them, or refused.
#[tokio::test]
async fn a_link_whose_organization_is_none_is_its_person_s_too() {
    for organization in ["", "acme", "org_none"] {
        for action in ACTIONS {
            let world = world().await;
            let mut browser = world.signed_in(ALEX).await;
            browser.open(&format!("{}&organization={organization}", link("/", ACCOUNT, action))).await;
            world.pass(Duration::minutes(11));
            world.tenant.sign_out_everywhere();
            for page in PAGES_WITHOUT_SESSION {
                browser.open(page).await;
                let back = back_link(&browser).unwrap();
                assert_eq!(back.as_str(), format!("{PORTAL}/"), "{organization:?} {action:?} {page}");
            }
            is_followed_by(&world, &mut browser, NORA).await;
            assert_only_the_site_is_left(&mut browser, organization).await;
        }
    }
}

/// As if the session had come to the browser without a callback of its own.
fn plant_deep_link(browser: &Browser, cookies: &str) {
    for cookie in cookies.split("; ").filter(|it| it.contains("deep-link")) {
        browser.plant(&format!("{cookie}; Path=/"));
    }
}

/// A page that fails, or needs no session, shows the address to the person whose session it is in. So it is theirs.
#[tokio::test]
async fn a_link_of_nobody_s_is_claimed_by_any_page_of_a_session() {
    for page in PAGES_WITHOUT_SESSION {
        let world = world().await;
        let mut browser = world.browser();
        browser.open(&link("/help", ACCOUNT, None)).await;
        let nobodys = browser.cookies();
        browser.open("/").await;
        browser.pass_sign_in(ALEX).await;
        plant_deep_link(&browser, &nobodys);
        browser.open(page).await;
        let whose = if page == "/signed-out" { "any" } else { ACCOUNT };
        assert!(whose == "any" || back_link(&browser).unwrap().as_str() == whose, "{page}");
        world.pass(Duration::minutes(11));
        world.tenant.sign_out_everywhere();
        browser.open("/help").await;
        assert_eq!(back_link(&browser).unwrap().as_str(), format!("{PORTAL}/"), "{page}");
    }
}

#[tokio::test]
async fn a_link_of_nobody_s_by_which_a_person_leaves_is_theirs() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open(&link("/help", ACCOUNT, Some("add:totp"))).await;
    let nobodys = browser.cookies();
    browser.open("/").await;
    browser.pass_sign_in(ALEX).await;
    plant_deep_link(&browser, &nobodys);
    browser.open("/leave").await;
    assert_back_with(&browser, "cancelled", "totp");
    world.pass(Duration::minutes(11));
    world.tenant.sign_out_everywhere();
    browser.open("/help").await;
    assert_eq!(back_link(&browser).unwrap().as_str(), format!("{PORTAL}/"));
}
