//! The gallery of components: served only by a program that adds its router, such as the demo.

use mfa_portal::clock::Clock;
use mfa_portal::random::Random;
use mfa_portal::{Portal, gallery, server};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::support::{Browser, World};

// D-04
#[tokio::test]
async fn the_gallery_is_not_served_by_default() {
    let world = World::new().await;
    let mut browser = world.signed_in("nothing@example.com").await;
    browser.open("/gallery").await;
    assert_eq!(browser.page.status, 404);
}

#[tokio::test]
async fn the_gallery_shows_every_component() {
    let world = World::new().await;
    let listener = stage::listener().unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let config = stage::config(&world.tenant, &url, &[]).unwrap();
    let portal = Portal::new(config, Clock::system(), Random::system()).unwrap();
    let pages = mfa_portal::pages_with(&portal, gallery::router()).unwrap();
    let stop = CancellationToken::new();
    let _end = stop.clone().drop_guard();
    tokio::spawn(server::listen(listener, pages, 16, Clock::system(), stop));
    let mut browser = Browser::at(&url, &world.tenant);
    browser.open("/gallery").await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    assert_eq!(browser.page.count("h1"), 1);
    for part in [
        ".part",
        ".opening",
        ".lead",
        ".badge",
        ".note.good[role=status]",
        ".note.bad > [role=alert]",
        ".note.warn",
        ".note.quiet",
        ".entry .actions",
        ".empty",
        ".choice",
        ".field.wrong",
        "input.code",
        "select",
        "input[type=checkbox]",
        ".row .button.quiet",
        ".button.danger",
        ".steps > li > h2",
        "svg.qr",
        ".key",
        ".recovery",
        "[data-waiting]",
        ".link",
    ] {
        assert!(browser.page.count(part) > 0, "no {part}");
    }
    // The gallery shows every symbol of the sprite and no other.
    let shown = browser.page.attrs("svg > use", "href");
    let sprite = shown[0].split('#').next().unwrap().to_owned();
    browser.open(&sprite).await;
    let symbols = browser.page.attrs("symbol", "id");
    let ids: Vec<&str> = shown.iter().map(|href| href.split_once('#').unwrap().1).collect();
    assert!(symbols.len() > 10 && symbols.iter().all(|it| ids.contains(&it.as_str())), "{symbols:?} {ids:?}");
    assert!(ids.iter().all(|it| symbols.iter().any(|symbol| symbol == it)), "{symbols:?} {ids:?}");
}
