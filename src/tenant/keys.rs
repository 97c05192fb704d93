//! The keys that sign ID tokens (RFC 7517), cached, and fetched again when a token names an unknown one.

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm};

use super::{Answer, Call, Error, Tenant};

impl Tenant {
    /// The key with this id. Without an id, the only key there is (OpenID Connect Core §10.1).
    pub(super) async fn signing_key(&self, kid: Option<&str>) -> Result<Option<Jwk>, Error> {
        let has_key = |keys: &JwkSet| pick(keys, kid).is_some();
        let keys = self.keys.get(Call::Keys, &self.clock, has_key, || self.some_keys()).await?;
        Ok(pick(&keys, kid))
    }

    /// The keys that the tenant publishes now and that can verify RS256, past the cache.
    pub(crate) async fn published_keys(&self) -> Result<JwkSet, Error> {
        let mut keys: JwkSet = self.fetch_keys().await?.json()?;
        keys.keys.retain(is_usable);
        Ok(keys)
    }

    /// The same for the cache. A set without any takes no other's place.
    async fn some_keys(&self) -> Result<JwkSet, Error> {
        let answer = self.fetch_keys().await?;
        let keys: JwkSet = answer.json()?;
        if keys.keys.iter().any(is_usable) {
            Ok(keys)
        } else {
            Err(answer.unintelligible("no key for RS256"))
        }
    }

    async fn fetch_keys(&self) -> Result<Answer, Error> {
        let url = self.discovery().await?.jwks_uri.clone();
        self.get(Call::Keys, &url, None).await
    }
}

fn is_usable(key: &Jwk) -> bool {
    let is_rsa = matches!(key.algorithm, AlgorithmParameters::RSA(_));
    is_rsa && key.common.key_algorithm.is_none_or(|algorithm| algorithm == KeyAlgorithm::RS256)
}

fn pick(keys: &JwkSet, kid: Option<&str>) -> Option<Jwk> {
    match (kid, &keys.keys[..]) {
        (Some(kid), _) => keys.find(kid).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}
