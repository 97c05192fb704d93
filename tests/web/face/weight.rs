//! The page weight of the list, and the sizes of scripts.

use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING};
use url::Url;

use crate::support::{Browser, World};

/// The initial congestion window: ten segments (RFC 6928).
const LIMIT: usize = 14 * 1024;

/// The bytes that arrive for this URL, compressed where possible.
async fn weigh(browser: &Browser, url: Url) -> usize {
    let answer =
        browser.client().get(url.clone()).header(ACCEPT_ENCODING, "gzip, deflate, br").send().await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    let (encoding, kept) =
        (answer.headers().get(CONTENT_ENCODING).cloned(), answer.headers().get(CACHE_CONTROL).cloned());
    let bytes = answer.bytes().await.unwrap().len();
    println!("{bytes:>6} {} ({encoding:?}, {kept:?})", url.path());
    if url.path().contains("/static/") {
        assert!(kept.unwrap().to_str().unwrap().contains("max-age="), "{url} is fetched again and again");
    }
    assert!(encoding.is_some(), "{url} is not compressed");
    bytes
}

/// The limit for a script that only enhances a page, uncompressed. The one that makes frames work needs more.
const SCRIPT: u64 = 2 * 1024;
const FOR_FRAMES: [&str; 1] = ["frame.js"];

#[test]
fn each_enhancement_script_is_under_2_kilobytes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static");
    for file in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let is_script = file.path().extension().is_some_and(|extension| extension == "js");
        let is_for_frames = FOR_FRAMES.iter().any(|name| file.file_name() == *name);
        let bytes = file.metadata().unwrap().len();
        assert!(!is_script || is_for_frames || bytes < SCRIPT, "{:?}: {bytes} bytes", file.file_name());
    }
}

#[tokio::test]
async fn a_list_of_eight_with_stylesheet_and_icons_fits_into_14_kilobytes() {
    let world = World::new().await;
    let browser = world.signed_in("eight@example.com").await;
    let page = &browser.page;
    let sheets = page.attrs("link[rel=stylesheet]", "href");
    let symbols = page.attrs("svg > use", "href");
    let mut icons: Vec<&str> = symbols.iter().map(|href| href.split('#').next().unwrap()).collect();
    icons.dedup();
    assert_eq!((sheets.len(), icons.len()), (1, 1), "one file each");
    let mut sum = weigh(&browser, page.url.clone()).await;
    for href in sheets.iter().map(String::as_str).chain(icons) {
        sum += weigh(&browser, page.url.join(href).unwrap()).await;
    }
    println!("{sum:>6} together, of {LIMIT}");
    assert!(sum <= LIMIT, "{sum} bytes");
}
