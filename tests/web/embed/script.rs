//! `/embed.js`, and the scripts that frames and windows load.

use reqwest::StatusCode;

use super::{NORA, embeddable};
use crate::support::World;

#[tokio::test]
async fn embed_js_is_small_and_loads_on_other_sites() {
    let world = embeddable().await;
    let browser = world.browser();
    let answer = browser.client().get(world.portal.join("embed.js").unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "max-age=3600");
    assert!(answer.headers().get("access-control-allow-origin").is_none());
    let script = answer.text().await.unwrap();
    assert!(script.len() < 4096, "{} bytes", script.len());
    for word in ["import ", "eval(", "innerHTML", "document.write", "\"*\"", "setAttribute(\"style\""] {
        assert!(!script.contains(word), "{word}");
    }
}

#[tokio::test]
async fn without_embedding_no_embedding_script_is_served() {
    let world = World::new().await;
    let mut nora = world.signed_in(NORA).await;
    assert_eq!(nora.page.count("script[src*=window], script[src*=frame]"), 0);
    nora.open("/embed.js").await;
    assert_eq!(nora.page.status, StatusCode::NOT_FOUND);
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
    for path in files.iter().map(String::as_str).chain(["/embed.js", "/signed-out"]) {
        for query in ["lang=de", "theme=dark", "lang=fr&theme=light"] {
            let address = world.portal.join(&format!("{}?{query}", path.trim_start_matches('/'))).unwrap();
            let request = client.client().get(address).header("sec-fetch-dest", "iframe");
            let answer = request.send().await.unwrap();
            let caching = answer.headers()["cache-control"].to_str().unwrap();
            let sets = answer.headers().contains_key("set-cookie");
            assert_eq!(sets, caching == "no-store, no-transform", "{path}?{query}: {caching}");
        }
    }
}
