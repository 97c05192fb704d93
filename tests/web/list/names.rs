//! Names of authenticators: shown as text, whatever they contain.

use serde_json::{Value, json};

use super::show_list;

fn push(name: &str) -> Value {
    json!([{"id": "push|dev_a", "authenticator_type": "oob", "active": true, "oob_channel": "auth0", "name": name}])
}

// O-07
#[tokio::test]
async fn a_name_that_is_html_is_shown_as_text() {
    let name = "<script>alert(1)</script><img src=x onerror='alert(2)'>\"&amp;";
    let (_world, browser) = show_list(&push(name)).await;
    assert!(browser.page.entries()[0].contains(name), "{:?}", browser.page.entries());
    assert!(!browser.page.html.contains("<script>alert") && !browser.page.html.contains("<img src=x"));
}

// O-07
#[tokio::test]
async fn a_name_in_an_attribute_does_not_end_it() {
    let listed = json!([{"id": "email|dev_a", "authenticator_type": "oob", "active": true, "oob_channel": "email",
        "name": "\" onmouseover=\"alert(1)\" x@example.com"}]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(browser.page.attr("[onmouseover]", "onmouseover"), None);
    assert!(
        browser.page.controls().iter().any(|it| it.contains("onmouseover=")),
        "{:?}",
        browser.page.controls()
    );
}

// O-07
#[tokio::test]
async fn a_right_to_left_name_is_isolated_from_the_words_around_it() {
    let (_world, browser) = show_list(&push("هاتف علي")).await;
    assert_eq!(browser.page.texts("li.entry bdi"), ["هاتف علي"]);
}

#[tokio::test]
async fn a_name_of_emoji_is_shown_whole() {
    let (_world, browser) = show_list(&push("👩🏽‍💻📱")).await;
    assert!(browser.page.entries()[0].contains("👩🏽‍💻📱"));
}

// O-07
#[tokio::test]
async fn a_name_of_ten_thousand_characters_hides_nothing_else() {
    let long = "x".repeat(10_000);
    let mut listed = push(&long);
    listed
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "sms|dev_b", "authenticator_type": "oob", "active": true,
        "oob_channel": "sms", "name": "XXXX4321"}));
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(browser.page.entries().len(), 2);
    assert!(browser.page.entries()[1].contains("4321"));
}

#[tokio::test]
async fn an_id_with_odd_characters_enters_no_url() {
    let listed =
        json!([{"id": "totp|dev_a\"/../../api/v2?x=<b>", "authenticator_type": "otp", "active": true}]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(browser.page.entries().len(), 1, "it is listed");
    assert!(!browser.page.html.contains("api/v2"), "and cannot be removed");
}
