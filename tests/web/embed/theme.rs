//! `?theme=` and `?background=`: light or dark, with or without a ground, to match the embedding page.

use super::{NORA, embeddable};
use crate::support::World;

fn theme(page: &crate::support::Page) -> (Option<String>, Option<String>) {
    (page.attr("html", "data-theme"), page.attr("meta[name=color-scheme]", "content"))
}

#[tokio::test]
async fn the_requested_theme_stays_on_the_pages_that_follow() {
    let world = embeddable().await;
    let mut nora = world.signed_in(NORA).await;
    assert_eq!(theme(&nora.page), (None, Some("light dark".to_owned())));
    for name in ["dark", "light"] {
        nora.open(&format!("/?theme={name}")).await;
        assert_eq!(theme(&nora.page), (Some(name.to_owned()), Some(name.to_owned())));
        for path in ["/factors/totp", "/no-such-page", "/signed-out"] {
            nora.open(path).await;
            assert_eq!(theme(&nora.page), (Some(name.to_owned()), Some(name.to_owned())), "{path}");
        }
    }
}

#[tokio::test]
async fn the_requested_theme_survives_sign_in() {
    let world = World::new().await;
    let mut nora = world.browser();
    nora.open("/?theme=dark").await;
    nora.pass_sign_in(NORA).await;
    assert_eq!(theme(&nora.page).0.as_deref(), Some("dark"));
}

#[tokio::test]
async fn an_unknown_theme_is_ignored_and_not_echoed() {
    let world = World::new().await;
    let mut nora = world.signed_in(NORA).await;
    for asked in ["?theme=pink", "?theme=", "?theme=%22%3E%3Cscript%3E", "?theme=DARK", "?other=dark"] {
        nora.open(&format!("/{asked}")).await;
        assert_eq!(theme(&nora.page).0, None, "{asked}");
        assert!(!nora.page.html.contains("pink") && !nora.page.html.contains("<script>"));
    }
    nora.plant("mfa-portal-theme=pink; Path=/");
    nora.open("/").await;
    assert_eq!(theme(&nora.page).0, None);
}

#[tokio::test]
async fn a_frame_stays_without_a_ground_until_it_is_asked_for_one() {
    let world = embeddable().await;
    let nora = world.signed_in(NORA).await;
    let mut framed = nora.tab().framed();
    let is_transparent =
        |browser: &crate::support::Browser| browser.page.count("html[data-transparent]") == 1;
    framed.open("/?background=transparent").await;
    assert!(is_transparent(&framed));
    for asked in ["/factors/totp", "/no-such-page", "/authenticators/remove?id=x", "/?background=pink"] {
        framed.open(asked).await;
        assert!(is_transparent(&framed), "{asked}");
    }
    let mut top = nora.tab();
    top.open("/?background=transparent").await;
    assert!(!is_transparent(&top), "a page of its own has its ground");
    framed.open("/?background=opaque").await;
    assert!(!is_transparent(&framed));
    framed.open("/").await;
    assert!(!is_transparent(&framed));
}
