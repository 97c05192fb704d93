//! Images, hidden frames and other parts of another host's pages come without our cookies.

use reqwest::StatusCode;
use reqwest::header::COOKIE;

use super::{NORA, cookie, https, pair};
use crate::support::{LIST, World};

const SITE: &str = "sec-fetch-site";
const MODE: &str = "sec-fetch-mode";
const DEST: &str = "sec-fetch-dest";

/// A browser's headers for a part of a page: where it stands, how it is loaded, and as what.
const PARTS: [(&str, &str, &str); 7] = [
    ("same-site", "no-cors", "image"),
    ("same-site", "cors", "empty"),
    ("cross-site", "no-cors", "script"),
    ("cross-site", "cors", "empty"),
    ("same-site", "navigate", "iframe"),
    ("same-site", "navigate", "object"),
    ("cross-site", "navigate", "embed"),
];

/// The same for a visit, or for a part of a page of ours.
const OWN: [(&str, &str, &str); 5] = [
    ("none", "navigate", "document"),
    ("same-site", "navigate", "document"),
    ("cross-site", "navigate", "document"),
    ("same-origin", "cors", "empty"),
    ("same-origin", "navigate", "document"),
];

/// The status of this path for a session.
async fn status(world: &World, session: &[u8], path: &str, of: (&str, &str, &str)) -> StatusCode {
    let (site, mode, dest) = of;
    let request = world.browser().client().get(world.portal.join(path).unwrap()).header(COOKIE, session);
    request.header(SITE, site).header(MODE, mode).header(DEST, dest).send().await.unwrap().status()
}

/// How often the tenant was asked for the list.
fn lists(world: &World) -> usize {
    world.tenant.journal().requests().iter().filter(|it| it.path == LIST).count()
}

// S-17, R-01
#[tokio::test]
async fn parts_of_other_hosts_pages_use_up_nothing_of_their_reader() {
    let world = https().await;
    let (name, id) = cookie(&world.signed_in(NORA).await, "session");
    let session = pair(&name, &id);
    let before = lists(&world);
    for part in PARTS {
        for path in ["", "factors", "recovery-code", "sign-in"] {
            // More than a minute's requests of one session.
            for _ in 0..20 {
                let status = status(&world, &session, path, part).await;
                assert!(status.is_redirection() || status.is_client_error(), "{part:?} {path} {status}");
            }
        }
    }
    let prefetch = world.browser().client().get(world.portal.clone()).header(COOKIE, &*session);
    let prefetch = prefetch.header(SITE, "same-site").header(MODE, "navigate").header(DEST, "document");
    let prefetched = prefetch.header("sec-purpose", "prefetch").send().await.unwrap();
    assert!(!prefetched.status().is_success());
    assert_eq!(lists(&world), before);
    for own in OWN {
        assert_eq!(status(&world, &session, "", own).await, StatusCode::OK, "{own:?}");
    }
}

// L-22
#[tokio::test]
async fn a_hidden_frame_begins_no_sign_in_where_pages_are_not_framed() {
    let world = World::new().await;
    for destination in ["iframe", "frame", "object", "embed"] {
        for site in ["same-site", "cross-site", "same-origin"] {
            let request = world.browser().client().get(world.portal.join("sign-in").unwrap());
            let request = request.header(SITE, site).header(MODE, "navigate").header(DEST, destination);
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_client_error(), "{destination} {site} {}", answer.status());
            assert_eq!(answer.headers().get_all("set-cookie").iter().count(), 0);
        }
    }
}

#[tokio::test]
async fn a_frame_that_may_frame_has_its_session() {
    let origins = [("embed-origins", "https://portal.example.com")];
    let world = World::with(&[&[("app-base-url", "https://mfa.example.com")][..], &origins].concat()).await;
    let (name, id) = cookie(&world.signed_in(NORA).await, "embed-session");
    let session = pair(&name, &id);
    let frame = ("cross-site", "navigate", "iframe");
    assert_eq!(status(&world, &session, "factors", frame).await, StatusCode::OK);
    let image = ("cross-site", "no-cors", "image");
    assert_ne!(status(&world, &session, "factors", image).await, StatusCode::OK);
}

/// A page that is being read can navigate again and again, and each navigation ends the one before.
#[tokio::test]
async fn navigations_without_a_click_use_up_no_limit_of_their_reader() {
    let world = World::new().await;
    let browser = world.signed_in(NORA).await;
    let visit = |site: &'static str| {
        let request = browser.client().get(browser.address("/factors")).header(SITE, site);
        request.header(MODE, "navigate").header(DEST, "document")
    };
    let mut refused = 0;
    for _ in 0..300 {
        let status = visit("cross-site").send().await.unwrap().status();
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((1..=80).contains(&refused), "{refused}");
    for site in ["none", "same-origin"] {
        assert_eq!(visit(site).send().await.unwrap().status(), StatusCode::OK);
    }
    let clicked = visit("cross-site").header("sec-fetch-user", "?1").send().await.unwrap();
    assert_eq!(clicked.status(), StatusCode::OK);
}
