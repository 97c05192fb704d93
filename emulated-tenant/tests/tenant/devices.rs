//! The pages that play a person's phone and mailbox.

use serde_json::json;

use crate::client::{APP_PHONE, NOTHING, World, oob};

impl World {
    async fn page(&self, path: &str) -> String {
        self.http.get(self.at(path)).send().await.unwrap().text().await.unwrap()
    }
}

#[tokio::test]
async fn the_index_lists_all_people_and_every_page_names_the_emulator() {
    let world = World::start().await;
    let index = world.page("devices").await;
    assert!(index.contains("Edda Eight") && index.contains("/devices/app.phone@example.com"));
    for path in ["", "devices", "devices/nothing@example.com", "devices/nobody@example.com"] {
        assert!(world.page(path).await.contains("Emulated tenant – not Auth0"), "{path}");
    }
}

#[tokio::test]
async fn the_device_page_shows_texts_and_codes_of_unconfirmed_apps() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.associate_sms(&token).await;
    let secret = world.associate(&token, &json!({ "authenticator_types": ["otp"] })).await.text("secret");
    let devices = world.tenant.devices(NOTHING);
    let page = world.page("devices/nothing@example.com").await;
    assert!(page.contains(&devices.messages()[0].code));
    assert!(page.contains(&devices.totp_code_of(&secret).unwrap()) && page.contains("not confirmed yet"));
    let seeded = world.page("devices/app.phone@example.com").await;
    assert!(seeded.contains(&world.tenant.devices(APP_PHONE).totp_code(0).unwrap()));
}

#[tokio::test]
async fn the_device_page_approves_a_push_notification() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let oob_code = world.associate(&token, &oob("auth0", &json!({}))).await.text("oob_code");
    assert!(world.page("devices/nothing@example.com").await.contains("Approve"));
    let id = world.tenant.devices(NOTHING).pushes()[0].id.clone();
    let form = [("id", &*id), ("decision", "approve")];
    let url = world.redirect(world.http.post(world.at("devices/nothing@example.com")).form(&form)).await;
    assert_eq!(url.path(), "/devices/nothing@example.com");
    assert_eq!(world.prove("oob", &token, &[("oob_code", &oob_code)]).await.status, 200);
}
