//! Cross-site request forgery: only a form that this site gave to this session changes anything.

mod links;
mod methods;
mod origin;
mod token;

use reqwest::{RequestBuilder, StatusCode};

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";

/// Nora, signed in, with her session's CSRF token.
struct Visit {
    world: World,
    browser: Browser,
    token: String,
}

impl Visit {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(flags: &[(&str, &str)]) -> Self {
        let world = World::with(flags).await;
        let mut browser = world.signed_in(NORA).await;
        let token = token_of(&mut browser).await;
        world.tenant.journal().clear();
        Self { world, browser, token }
    }

    /// A valid request that starts an enrollment.
    fn start_totp(&self) -> RequestBuilder {
        self.post("factors/totp", &[("csrf_token", &self.token)])
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.browser.client().post(self.world.portal.join(path).unwrap()).form(fields)
    }

    /// Whether the request started an enrollment; if not, it must be a 403 without a call to the tenant.
    async fn is_accepted(&self, request: RequestBuilder) -> bool {
        self.world.tenant.journal().clear();
        let answer = request.send().await.unwrap();
        let asked = self.world.tenant.journal().requests();
        match answer.status() {
            StatusCode::SEE_OTHER => {
                assert!(answer.headers()["location"].to_str().unwrap().contains("/factors/totp/"));
                true
            }
            StatusCode::FORBIDDEN => {
                assert!(asked.is_empty(), "refused, but the tenant was asked: {asked:?}");
                assert!(answer.text().await.unwrap().contains("We could not accept this form"));
                false
            }
            other => panic!("{other}"),
        }
    }
}

/// The session's CSRF token.
async fn token_of(browser: &mut Browser) -> String {
    browser.open("/sign-out").await;
    browser.page.attr("[name=csrf_token]", "value").unwrap()
}
