//! `GET /`: what a person sees of their own authenticators.

use crate::support::World;

#[tokio::test]
async fn a_number_for_messages_and_calls_is_one_entry() {
    let world = World::new().await;
    let browser = world.signed_in("app.phone@example.com").await;
    assert_eq!(browser.page.heading(), "Two-step verification");
    println!("{:#?}\n{:#?}", browser.page.entries(), browser.page.controls());
}
