//! The keys that sign ID tokens (RFC 7517), kept, and fetched again when an unknown one turns up.

use std::sync::Arc;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use super::{Error, Tenant};

/// How long the keys are used without asking.
const KEPT: Duration = Duration::minutes(10);
/// However many unknown key ids turn up, the tenant is asked no more often.
const AT_MOST_EVERY: Duration = Duration::minutes(1);

#[derive(Default)]
pub(super) struct Cache(Mutex<Option<(OffsetDateTime, Arc<JwkSet>)>>);

impl Tenant {
    /// The key with this id. Without an id, the only key there is (OpenID Connect Core §10.1).
    pub(super) async fn signing_key(&self, kid: Option<&str>) -> Result<Option<Jwk>, Error> {
        let mut cached = self.keys.0.lock().await;
        let now = self.clock.now();
        let age = cached.as_ref().map(|(fetched, _)| now - *fetched);
        let known = cached
            .as_ref()
            .filter(|_| age.is_some_and(|age| age < KEPT))
            .and_then(|(_, keys)| pick(keys, kid));
        if known.is_some() || age.is_some_and(|age| age < AT_MOST_EVERY) {
            return Ok(known);
        }
        let keys = Arc::new(self.published_keys().await?);
        let key = pick(&keys, kid);
        *cached = Some((now, keys));
        Ok(key)
    }

    /// The keys that the tenant publishes now.
    pub async fn published_keys(&self) -> Result<JwkSet, Error> {
        let url = self.discovery().await?.jwks_uri.clone();
        self.get("keys", url, None).await?.json()
    }
}

fn pick(keys: &JwkSet, kid: Option<&str>) -> Option<Jwk> {
    match (kid, &keys.keys[..]) {
        (Some(kid), _) => keys.find(kid).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}
