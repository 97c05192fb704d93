//! Hostile and malformed input: ids, codes, fields, hosts, and control characters.

mod bodies;
mod contacts;
mod hosts;
mod ids;
mod invisible;
mod log;

use reqwest::Response;

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";

/// A signed-in person with their session's CSRF token.
struct Visit {
    world: World,
    browser: Browser,
    token: String,
}

impl Visit {
    async fn of(email: &str) -> Self {
        let world = World::new().await;
        let mut browser = world.signed_in(email).await;
        browser.open("/sign-out").await;
        let token = browser.page.attr("[name=csrf_token]", "value").unwrap();
        world.tenant.journal().clear();
        Self { world, browser, token }
    }

    /// Sends a form with a valid CSRF token.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let fields: Vec<_> = [("csrf_token", self.token.as_str())].iter().chain(fields).copied().collect();
        let url = self.world.portal.join(path).unwrap();
        self.browser.client().post(url).form(&fields).send().await.unwrap()
    }

    /// Sends a form body verbatim.
    async fn post_body(&self, path: &str, body: impl Into<reqwest::Body>) -> Response {
        let url = self.world.portal.join(path).unwrap();
        let request = self.browser.client().post(url).body(body);
        request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
    }

    /// The tenant's requests other than GET.
    fn changes(&self) -> Vec<String> {
        let requests = self.world.tenant.journal().requests();
        let changes = requests.iter().filter(|it| it.method != "GET");
        changes.map(|it| format!("{} {}", it.method, it.path)).collect()
    }
}
