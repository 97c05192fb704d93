//! Two processes on one Redis, behind a load balancer without sticky sessions, behave like one.

mod failover;
mod killed;
mod moved;
mod rotation;
mod shared;
mod somebody;

use emulated_tenant::{Factor, Tenant};

use crate::support::process::tenant;
use crate::support::redis_set::RedisSet;
use crate::support::replicas::Replicas;
use crate::support::{Browser, Form};

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";
const LIST: &str = "Two-step verification";
const SCAN: &str = "Show me the QR code";
const SEND: &str = "Send the code";
const CONFIRM: &str = "Confirm";
const CODE: &str = "Six-digit code";
const PHONE: &str = "Phone number";

/// Two replicas, the tenant, and the Redis between them.
struct Pair {
    tenant: Tenant,
    replicas: Replicas,
    redis: RedisSet,
}

impl Pair {
    /// `None` when no redis-server is installed; [`RedisSet::start`] has warned then.
    async fn start(settings: &[(&str, &str)]) -> Option<Self> {
        Some(Self::start_on(RedisSet::start(&[])?, settings).await)
    }

    async fn start_on(redis: RedisSet, settings: &[(&str, &str)]) -> Self {
        let tenant = tenant().await;
        let mut replicas = Replicas::new(tenant.clone(), &redis.url(), 2).await;
        (0..2).for_each(|at| replicas.start(at, settings));
        Self { tenant, replicas, redis }
    }

    /// A browser in which this person is signed in, with this replica alone in use.
    async fn signed_in(&self, at: usize, email: &str) -> Browser {
        self.replicas.only(at);
        let mut browser = self.replicas.browser();
        browser.open("/").await;
        browser.pass_sign_in(email).await;
        browser
    }

    fn active(&self, email: &str, factor: Factor) -> usize {
        let all = self.tenant.authenticators(email);
        all.iter().filter(|it| it.active && it.factor == factor).count()
    }
}

/// The form behind a button, with one field filled in.
fn filled(browser: &Browser, button: &str, label: &str, value: &str) -> Form {
    let mut form = browser.page.form(button);
    form.set(&browser.page.field(label), value);
    form
}

/// The code of an app that has the key on the page.
fn app_code(tenant: &Tenant, browser: &Browser) -> String {
    let key = browser.page.text_of(".key").replace(' ', "");
    tenant.devices(NORA).totp_code_of(&key).unwrap()
}
