//! Right-to-left pages: the stylesheet uses logical directions, and numbers, addresses and codes are marked as
//! left-to-right.

use super::stylesheet;
use crate::support::{Browser, World};

#[test]
fn the_stylesheet_uses_no_physical_directions() {
    let physical = ["left", "right", "top", "bottom", "width", "height", "float"];
    for declaration in stylesheet().split([';', '{', '}']).map(str::trim) {
        let Some((name, value)) = declaration.split_once(": ") else { continue };
        let name = name.trim_start_matches("min-").trim_start_matches("max-");
        let is_media = declaration.starts_with('@');
        let sides = name.split('-').any(|part| physical.contains(&part)) && !name.starts_with("--");
        let not_a_side = ["stroke-width", "line-height"].contains(&name);
        assert!(is_media || !sides || not_a_side, "{declaration}");
        let aligned = ["left", "right"].iter().any(|side| value.split(' ').any(|word| word == *side));
        assert!(is_media || !aligned, "{declaration}");
    }
}

#[tokio::test]
async fn numbers_addresses_codes_and_keys_keep_their_own_direction() {
    let world = World::new().await;
    let mut browser: Browser = world.signed_in("eight@example.com").await;
    assert_eq!(browser.page.count("li.entry small > bdi"), browser.page.count("li.entry"));
    browser.open("/factors/sms").await;
    assert_eq!(browser.page.attr("#phone_number", "dir").as_deref(), Some("ltr"));
    browser.open("/factors/email").await;
    assert_eq!(browser.page.attr("#email", "dir").as_deref(), Some("ltr"));
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.attr("#code", "dir").as_deref(), Some("ltr"));
    assert_eq!(browser.page.attr(".key", "dir").as_deref(), Some("ltr"));
}
