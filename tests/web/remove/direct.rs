//! A removal that is posted without its page.

use emulated_tenant::Tamper;
use reqwest::StatusCode;

use super::{APP, has};
use crate::factors::APP_PHONE;
use crate::support::World;

// U-07, V-01
#[tokio::test]
async fn a_removal_posted_without_its_page_needs_the_same_proof() {
    let world = World::new().await;
    let an_hour_ago = world.now().unix_timestamp() - 3600;
    world.tenant.tamper_id_token(Tamper::edit(move |token| {
        token.claims["auth_time"] = an_hour_ago.into();
        token.claims.as_object_mut().unwrap().retain(|name, _| !["amr", "acr"].contains(&name.as_str()));
    }));
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/sign-out").await;
    let token = browser.page.attr("[name=csrf_token]", "value").unwrap();
    world.tenant.journal().clear();
    let url = world.portal.join("authenticators/remove").unwrap();
    let form = [("id", APP), ("sure", "yes"), ("csrf_token", &token)];
    let answer = browser.client().post(url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(answer.text().await.unwrap().contains("Nothing was changed"));
    assert!(world.tenant.journal().requests().iter().all(|it| it.method == "GET"));
    assert!(has(&world, APP_PHONE, APP));
}
