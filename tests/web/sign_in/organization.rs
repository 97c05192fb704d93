//! Organizations, connections and accounts that settings and links name for the sign-in.

use emulated_tenant::{Organization, OrganizationUsage, Tamper};
use serde_json::json;
use time::Duration;
use url::Url;

use super::{LIST, NORA, has_session, is_friendly, parameter, with};
use crate::support::{Browser, Log, World};

const PIA: &str = "push@example.com";
const UNLISTED: &str = "This link cannot be used";
const FLAGS: [(&str, &str); 3] = [
    ("organizations", "acme, org_globex0000000001"),
    ("connections", "acme-okta, Username-Password-Authentication"),
    ("return-origins", "https://portal.example.com"),
];

/// A tenant with two organizations: Nora and Pia are members of the first, Nora of the second.
async fn world(flags: &[(&str, &str)], usage: OrganizationUsage) -> World {
    let world = World::with(flags).await;
    world.tenant.configure(|settings| {
        let organization = |id: &str, name: &str, members: &[&str]| Organization {
            id: id.to_owned(),
            name: name.to_owned(),
            members: Some(members.iter().map(|&email| email.to_owned()).collect()),
        };
        settings.organizations = vec![
            organization("org_acme000000000001", "acme", &[NORA, PIA]),
            organization("org_globex0000000001", "globex", &[NORA]),
        ];
        settings.organization_usage = usage;
    });
    world
}

async fn linked() -> World {
    world(&FLAGS, OrganizationUsage::Require).await
}

/// The parameters of the last authorization request: organization, connection, login hint.
fn asked(browser: &Browser) -> [Option<String>; 3] {
    let url = browser.journey.iter().find(|url| url.path() == "/authorize").unwrap();
    ["organization", "connection", "login_hint"].map(|name| parameter(url, name))
}

fn organization_asked(browser: &Browser) -> Option<String> {
    asked(browser)[0].clone()
}

async fn opened(world: &World, link: &str) -> Browser {
    let mut browser = world.browser();
    browser.open(link).await;
    browser
}

#[tokio::test]
async fn the_settings_organization_is_that_of_every_sign_in() {
    for name in ["acme", "ACME", "org_acme000000000001"] {
        let world = world(&[("auth0-organization", name)], OrganizationUsage::Require).await;
        let mut browser = opened(&world, "/").await;
        let expected = if name.starts_with("org_") { name } else { "acme" };
        assert_eq!(organization_asked(&browser).as_deref(), Some(expected));
        assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST, "{name}");
        world.pass(Duration::minutes(11));
        browser.open("/factors/totp").await;
        assert_eq!(organization_asked(&browser).as_deref(), Some(expected), "a step-up repeats it");
    }
}

#[tokio::test]
async fn a_tenant_that_requires_an_organization_is_misconfiguration_without_one() {
    let log = Log::begin();
    for (flags, usage) in [
        (&[][..], OrganizationUsage::Require),
        (&[("auth0-organization", "initech")], OrganizationUsage::Allow),
        (&[("auth0-organization", "acme")], OrganizationUsage::Deny),
    ] {
        let browser = opened(&world(flags, usage).await, "/").await;
        assert_eq!(browser.page.heading(), "This page is not set up correctly", "{flags:?}");
    }
    assert_eq!(log.text().matches("set AUTH0_ORGANIZATION or let links name").count(), 3, "{}", log.text());
}

#[tokio::test]
async fn a_link_names_organization_connection_and_account_of_the_sign_in() {
    for organization in ["acme", "Acme", "org_globex0000000001"] {
        let world = linked().await;
        let link =
            format!("/?organization={organization}&connection=acme-okta&login_hint=nora%2Bme@example.com");
        let mut browser = opened(&world, &link).await;
        let named = if organization.starts_with("org_") { organization } else { "acme" };
        let expected = [named, "acme-okta", "nora+me@example.com"].map(|it| Some(it.to_owned()));
        assert_eq!(asked(&browser), expected);
        assert!(browser.page.text().contains(&format!("organization {named}")), "{}", browser.page.text());
        assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
        for own in browser.journey.iter().filter(|url| url.port() == world.portal.port()) {
            assert!(!own.as_str().contains("nora") && !own.as_str().contains(named), "{own}");
        }
    }
}

#[tokio::test]
async fn a_link_with_action_and_way_back_keeps_what_it_says_of_the_sign_in() {
    let world = linked().await;
    let link =
        "/?login_hint=n@example.com&return_to=https://portal.example.com/&organization=acme&action=add:totp";
    let mut browser = opened(&world, link).await;
    assert_eq!(asked(&browser), [Some("acme".to_owned()), None, Some("n@example.com".to_owned())]);
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), "/factors/totp");
    browser.page.link("Back to portal.example.com");
}

#[tokio::test]
async fn an_unlisted_organization_is_refused_in_words() {
    let log = Log::begin();
    for link in [
        "/?organization=initech",
        "/?organization=org_acme000000000001",
        "/factors/totp?organization=globex",
        "/?organization=acme&organization=acme",
        "/?organization=acme&organization=initech",
        "/?organization=%3Cscript%3E",
        "/?organization=acme%00",
        "/sign-in?next=/&organization=initech",
        "/?return_to=https://portal.example.com/&action=list&organization=initech",
    ] {
        let world = linked().await;
        let browser = opened(&world, link).await;
        assert_eq!(browser.page.heading(), UNLISTED, "{link}");
        assert_eq!(browser.page.status.as_u16(), 403);
        assert_eq!(world.calls("GET", "/authorize"), 0, "{link}");
    }
    assert!(log.text().contains("link's organization initech is not in ORGANIZATIONS"), "{}", log.text());
    assert!(!log.text().contains("script"), "{}", log.text());
}

#[tokio::test]
async fn links_name_no_other_organization_than_the_settings_unless_it_is_listed() {
    let flags = [("auth0-organization", "acme")];
    let only = world(&flags, OrganizationUsage::Require).await;
    assert_eq!(opened(&only, "/?organization=org_globex0000000001").await.page.heading(), UNLISTED);
    assert_eq!(organization_asked(&opened(&only, "/?organization=acme").await).as_deref(), Some("acme"));
    let both =
        world(&[&flags[..], &[("organizations", "globex")]].concat(), OrganizationUsage::Require).await;
    assert_eq!(organization_asked(&opened(&both, "/?organization=globex").await).as_deref(), Some("globex"));
    assert_eq!(organization_asked(&opened(&both, "/").await).as_deref(), Some("acme"));
}

#[tokio::test]
async fn an_unusable_connection_or_account_is_dropped_and_the_sign_in_goes_on() {
    let long = format!("/?organization=acme&login_hint={}@example.com", "a".repeat(250));
    for link in [
        "/?organization=acme&connection=globex-okta",
        "/?organization=acme&connection=ACME-OKTA",
        "/?organization=acme&connection=acme-okta&connection=acme-okta",
        "/?organization=acme&connection=&login_hint=",
        "/?organization=acme&login_hint=a@example.com&login_hint=b@example.com",
        "/?organization=acme&login_hint=a%0d%0ab@example.com",
        "/?organization=acme&login_hint=a+b@example.com",
        "/?organization=acme&login_hint=%E2%80%8B",
        &long,
    ] {
        let world = linked().await;
        assert_eq!(asked(&opened(&world, link).await), [Some("acme".to_owned()), None, None], "{link}");
    }
}

#[tokio::test]
async fn the_account_of_a_link_is_never_logged_and_asked_with_once() {
    let log = Log::begin();
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme&login_hint=hinted@example.com").await;
    assert_eq!(asked(&browser)[2].as_deref(), Some("hinted@example.com"));
    browser.press("Cancel", &[]).await;
    browser.follow("Sign in again").await;
    assert_eq!(asked(&browser), [Some("acme".to_owned()), None, None]);
    browser.pass_sign_in(NORA).await;
    assert!(!browser.page.html.contains("hinted"), "{}", browser.page.html);
    assert!(!browser.set_cookies.iter().any(|cookie| cookie.contains("hinted")));
    assert!(!log.text().contains("hinted"), "{}", log.text());
    let mut late = opened(&world, "/?organization=acme&login_hint=hinted@example.com").await;
    late.pass_sign_in(NORA).await;
    late.open("/?login_hint=hinted@example.com").await;
    world.pass(Duration::minutes(11));
    late.open("/").await;
    assert_eq!(asked(&late)[2], None, "a link followed long ago names nobody");
}

#[tokio::test]
async fn a_link_for_another_organization_signs_in_anew() {
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme").await;
    browser.pass_sign_in(NORA).await;
    for same in ["/?organization=acme", "/factors?organization=Acme", "/?connection=acme-okta"] {
        browser.open(same).await;
        assert_eq!(browser.page.status.as_u16(), 200);
        assert!(browser.journey.iter().all(|url| url.path() != "/authorize"), "{same}");
    }
    browser.open("/factors?organization=org_globex0000000001").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("org_globex0000000001"));
    assert_eq!(browser.pass_sign_in(NORA).await.path(), "/factors");
    world.pass(Duration::minutes(11));
    browser.open("/").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("org_globex0000000001"));
}

#[tokio::test]
async fn a_cancelled_sign_in_for_another_organization_leaves_the_session() {
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme").await;
    browser.pass_sign_in(NORA).await;
    world.tenant.sign_out_everywhere();
    browser.open("/?organization=org_globex0000000001").await;
    browser.press("Cancel", &[]).await;
    assert_eq!(browser.open("/").await.heading(), LIST);
}

#[tokio::test]
async fn a_step_up_and_every_later_sign_in_repeat_the_session_s_way_in() {
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme&connection=acme-okta").await;
    browser.pass_sign_in(NORA).await;
    let way_in = [Some("acme".to_owned()), Some("acme-okta".to_owned()), None];
    world.pass(Duration::minutes(11));
    browser.open("/factors/totp").await;
    assert_eq!(asked(&browser), way_in, "the visit has ended");
    browser.pass_sign_in(NORA).await;
    browser.open("/sign-in?next=/&fresh=1").await;
    assert_eq!(asked(&browser), way_in, "step-up");
    browser.pass_sign_in(NORA).await;
    browser.open("/sign-in?another=1").await;
    assert_eq!(asked(&browser), way_in, "another account");
    browser.pass_sign_in(NORA).await;
    browser.follow("Sign out").await;
    browser.press("Sign out", &[]).await;
    browser.open("/sign-in").await;
    assert_eq!(asked(&browser), way_in, "after a sign-out");
}

#[tokio::test]
async fn an_organization_chosen_on_the_tenants_page_is_that_of_a_step_up() {
    let world = world(&[], OrganizationUsage::Allow).await;
    let claims = Tamper::edit(|token| token.claims["org_id"] = json!("org_globex0000000001"));
    world.tenant.tamper_id_token(claims);
    let mut browser = world.signed_in(NORA).await;
    browser.open("/sign-in?next=/&fresh=1").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("org_globex0000000001"));
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
}

#[tokio::test]
async fn an_id_token_of_another_organization_signs_nobody_in() {
    for (asked, org_id, org_name) in [
        ("acme", json!("org_acme000000000001"), json!("globex")),
        ("acme", json!("acme"), json!(null)),
        ("acme", json!("org_acme000000000001"), json!(["acme"])),
        ("acme", json!("org_acme000000000001"), json!(" acme")),
        ("org_globex0000000001", json!("org_acme000000000001"), json!("org_globex0000000001")),
        ("org_globex0000000001", json!("ORG_GLOBEX0000000001"), json!("globex")),
        ("org_globex0000000001", json!(null), json!("globex")),
    ] {
        let world = linked().await;
        let shown = format!("{asked} {org_id} {org_name}");
        world.tenant.tamper_id_token(Tamper::edit(move |token| {
            token.claims["org_id"] = org_id.clone();
            token.claims["org_name"] = org_name.clone();
        }));
        let mut browser = opened(&world, &format!("/?organization={asked}")).await;
        browser.pass_sign_in(NORA).await;
        assert_eq!(browser.page.heading(), "You signed in for another organization", "{shown}");
        is_friendly(&browser.page);
        assert!(!has_session(&browser), "{shown}");
    }
}

#[tokio::test]
async fn an_organization_name_in_another_case_is_the_same() {
    let world = linked().await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["org_name"] = json!("ACME")));
    let mut browser = opened(&world, "/?organization=acme").await;
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
}

#[tokio::test]
async fn somebody_who_is_no_member_may_choose_another_account() {
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=org_globex0000000001").await;
    browser.pass_sign_in(PIA).await;
    assert_eq!(browser.page.heading(), "Your account is not part of this organization");
    assert!(!browser.page.html.contains("auth0|push"), "{}", browser.page.html);
    browser.follow("Sign in with another account").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("org_globex0000000001"));
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
}

#[tokio::test]
async fn a_changed_link_cookie_counts_as_absent() {
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme").await;
    browser.plant("mfa-portal-linked-sign-in=acme; Path=/");
    browser.open("/sign-in").await;
    assert_eq!(asked(&browser), [None, None, None]);
}

#[tokio::test]
async fn a_callback_with_parameters_of_a_link_is_no_link() {
    let world = linked().await;
    let mut browser = world.browser();
    let callback: Url = browser.until_callback_from("/?organization=acme", NORA).await;
    browser.go(with(&callback, "organization", Some("initech"))).await;
    assert_eq!(browser.page.heading(), LIST);
}

#[tokio::test]
async fn a_frame_passes_organization_and_connection_on_and_keeps_the_account_to_itself() {
    let flags =
        [("app-base-url", "https://mfa.example.com"), ("embed-origins", "https://account.example.org")];
    let world = world(&[&FLAGS[..], &flags].concat(), OrganizationUsage::Require).await;
    let mut frame = world.browser().framed();
    frame.open("/?organization=acme&connection=acme-okta&login_hint=hinted@example.com").await;
    assert!(!frame.page.html.contains("hinted"), "{}", frame.page.html);
    let href = frame.page.attr("a[data-in-window]", "href").unwrap();
    let mut window = opened(&world, &href).await;
    assert_eq!(asked(&window), [Some("acme".to_owned()), Some("acme-okta".to_owned()), None]);
    assert_eq!(window.pass_sign_in(NORA).await.heading(), LIST);
}

/// What an image, a prefetch or a hidden frame of any site says with its request.
const NO_NAVIGATIONS: [(&str, &str); 5] = [
    ("sec-fetch-mode", "no-cors"),
    ("sec-fetch-mode", "cors"),
    ("sec-purpose", "prefetch"),
    ("sec-purpose", "prefetch;prerender"),
    ("sec-fetch-dest", "iframe"),
];

#[tokio::test]
async fn what_no_reader_has_navigated_to_is_not_remembered() {
    for (header, value) in NO_NAVIGATIONS {
        let world = linked().await;
        let url = "/?organization=acme&connection=acme-okta&lang=de&theme=dark&action=add:totp\
                   &return_to=https://portal.example.com/";
        let planted = Browser::telling(&world, header.parse().unwrap(), value);
        let answer = planted.client().get(planted.address(url)).send().await.unwrap();
        let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
        let kinds = ["linked-sign-in", "language", "theme", "deep-link"];
        let left = cookies.iter().filter(|it| kinds.iter().any(|kind| it.to_str().unwrap().contains(kind)));
        assert_eq!(left.count(), 0, "{header}: {value}: {cookies:?}");
    }
}

#[tokio::test]
async fn a_way_that_nobody_has_signed_in_by_is_given_up_for_the_one_before() {
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme").await;
    assert_eq!(browser.pass_sign_in(PIA).await.heading(), LIST);
    world.pass(Duration::minutes(11));
    browser.open("/?organization=org_globex0000000001").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("org_globex0000000001"));
    browser.open("/").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("org_globex0000000001"), "she may try again");
    world.pass(Duration::minutes(11));
    browser.open("/").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("acme"));
}

#[tokio::test]
async fn a_second_account_that_an_organization_refuses_leads_out_of_it() {
    let world = world(&FLAGS, OrganizationUsage::Allow).await;
    let mut browser = opened(&world, "/?organization=org_globex0000000001").await;
    browser.pass_sign_in(PIA).await;
    browser.follow("Sign in with another account").await;
    assert_eq!(organization_asked(&browser).as_deref(), Some("org_globex0000000001"));
    browser.pass_sign_in(PIA).await;
    browser.follow("Sign in with another account").await;
    assert_eq!(organization_asked(&browser), None);
    assert_eq!(browser.pass_sign_in(PIA).await.heading(), LIST);
}

#[tokio::test]
async fn an_account_named_in_a_session_is_not_suggested_to_the_next_person() {
    const OF_A_SESSION: &str = "login_hint=nora@private.example";
    for query in ["", "&organization=acme", "&organization=org_globex0000000001"] {
        let world = linked().await;
        let mut browser = opened(&world, "/?organization=acme").await;
        browser.pass_sign_in(NORA).await;
        world.pass(Duration::minutes(5));
        browser.open(&format!("/help?{OF_A_SESSION}{query}")).await;
        world.pass(Duration::minutes(6));
        world.tenant.sign_out_everywhere();
        browser.open("/").await;
        assert_eq!(asked(&browser)[2], None, "{query}");
    }
}

/// Any site can lead its readers here with a hint of its own.
#[tokio::test]
async fn a_step_up_suggests_no_account() {
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme").await;
    browser.pass_sign_in(NORA).await;
    browser.open("/help?login_hint=mallory@evil.example").await;
    browser.open("/sign-in?fresh=yes&next=/factors/totp").await;
    assert_eq!(asked(&browser)[2], None);
}

#[tokio::test]
async fn a_link_to_another_organization_is_its_opener_s() {
    const SECRET: &str = "https://portal.example.com/people/zebrafinch";
    let world = linked().await;
    let mut browser = opened(&world, "/?organization=acme").await;
    browser.pass_sign_in(NORA).await;
    world.tenant.sign_out_everywhere();
    browser.open(&format!("/?organization=org_globex0000000001&return_to={SECRET}")).await;
    assert_eq!(browser.page.heading(), "Sign in", "to the other one");
    world.pass(Duration::minutes(11));
    for page in ["/help", "/no-such-page"] {
        browser.open(page).await;
        assert!(!browser.page.html.contains("zebrafinch"), "{page}");
    }
}
