//! `/embed.js` and `/embed.mjs`, and the scripts that frames and windows load.

use std::process::Command;

use aws_lc_rs::digest::{SHA384, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;

use super::{NORA, embeddable};
use crate::support::World;
use crate::support::process::binary;

#[tokio::test]
async fn embed_js_is_small_and_loads_on_other_sites() {
    let world = embeddable().await;
    let browser = world.browser();
    for name in ["embed.js", "embed.mjs"] {
        let request = browser.client().get(world.portal.join(name).unwrap());
        let answer = request.header("origin", "https://anywhere.example").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "max-age=3600");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert!(answer.headers().get("access-control-allow-credentials").is_none());
        let script = answer.text().await.unwrap();
        assert!(script.len() < 6 * 1024, "{} bytes", script.len());
        for word in ["import ", "eval(", "innerHTML", "document.write", "\"*\"", "setAttribute(\"style\""] {
            assert!(!script.contains(word), "{word}");
        }
        assert_eq!(script.contains("\nexport "), name == "embed.mjs", "{script}");
    }
}

/// The pages themselves stay closed to other sites' scripts.
// O-05
#[tokio::test]
async fn nothing_but_the_element_is_readable_for_other_sites() {
    let world = embeddable().await;
    let nora = world.signed_in(NORA).await;
    for path in ["", "factors", "sign-in", "signed-out", "hand-over", "no-such-page", "static/frame.js"] {
        let request = nora.client().get(world.portal.join(path).unwrap());
        let answer = request.header("origin", super::OTHER_SITE).send().await.unwrap();
        let read = answer.headers().keys().find(|name| name.as_str().starts_with("access-control"));
        assert_eq!(read, None, "/{path}");
        assert_eq!(answer.headers()["cross-origin-resource-policy"], "same-origin", "/{path}");
    }
}

#[tokio::test]
async fn embed_hash_prints_the_hashes_of_what_is_served() {
    let world = embeddable().await;
    let said = Command::new(binary()).arg("embed-hash").env_clear().output().unwrap();
    assert!(said.status.success(), "{said:?}");
    let said = String::from_utf8(said.stdout).unwrap();
    let mut lines = said.lines();
    for name in ["embed.js", "embed.mjs"] {
        let answer = world.browser().client().get(world.portal.join(name).unwrap()).send().await.unwrap();
        let hash = STANDARD.encode(digest(&SHA384, answer.text().await.unwrap().as_bytes()));
        assert_eq!(lines.next(), Some(format!("{name} sha384-{hash}").as_str()));
    }
    assert_eq!(lines.next(), None);
}

#[tokio::test]
async fn without_embedding_no_embedding_script_is_served() {
    let world = World::new().await;
    let mut nora = world.signed_in(NORA).await;
    assert_eq!(nora.page.count("script[src*=window], script[src*=frame]"), 0);
    for name in ["/embed.js", "/embed.mjs"] {
        nora.open(name).await;
        assert_eq!(nora.page.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn frames_and_windows_each_load_their_own_script() {
    let world = embeddable().await;
    let nora = world.signed_in(NORA).await;
    assert_eq!(nora.page.count("script[src*=window]"), 1);
    assert_eq!(nora.page.count("script[src*=frame]"), 0);
    let mut framed = nora.tab().framed();
    framed.open("/").await;
    assert_eq!(framed.page.count("script[src*=window]"), 0);
    assert_eq!(framed.page.count("script[src*=frame]"), 1);
    let origins = framed.page.attr("script[data-embed-origins]", "data-embed-origins").unwrap();
    assert_eq!(origins, format!("{} {}", super::SAME_SITE, super::OTHER_SITE));
}

/// A shared cache would hand the cookies on.
// S-18, V-13
#[tokio::test]
async fn cacheable_answers_set_no_cookie() {
    let world = embeddable().await;
    let browser = world.signed_in(NORA).await;
    let files = ["script[src]", "link[rel=stylesheet]"].map(|selector| {
        let name = if selector.starts_with("script") { "src" } else { "href" };
        browser.page.attr(selector, name).unwrap()
    });
    let client = world.browser();
    for path in files.iter().map(String::as_str).chain(["/embed.js", "/embed.mjs", "/signed-out"]) {
        for query in ["lang=de", "theme=dark", "lang=fr&theme=light", "background=transparent"] {
            let address = world.portal.join(&format!("{}?{query}", path.trim_start_matches('/'))).unwrap();
            let request = client.client().get(address).header("sec-fetch-dest", "iframe");
            let answer = request.send().await.unwrap();
            let caching = answer.headers()["cache-control"].to_str().unwrap();
            let sets = answer.headers().contains_key("set-cookie");
            assert_eq!(sets, caching == "no-store, no-transform", "{path}?{query}: {caching}");
        }
    }
}
