//! The applications that may call the token endpoint, and how they prove who they are.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::wire::credentials::ClientProof;
use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::jws::peek;

/// The longest lifetime of an assertion, and the clock skew, in seconds (Auth0, Authenticate with Private Key JWT).
const LONGEST: i64 = 300;
const SKEW: i64 = 10;
/// In bytes (the same page): of an assertion, and of each of its texts.
const LONGEST_ASSERTION: usize = 2048;
const LONGEST_TEXT: usize = 64;

impl World {
    /// The client id, if its secret or its assertion is right.
    pub(crate) fn authenticate_client(&mut self, proof: Option<ClientProof>) -> Result<String, Refusal> {
        let client = match proof {
            Some(ClientProof::Secret(id, secret)) => Some(id).filter(|id| self.has_secret(id, &secret)),
            Some(ClientProof::Assertion(assertion, id)) => {
                self.asserted(&assertion).filter(|asserted| id.is_none_or(|id| id == *asserted))
            }
            None => None,
        };
        client.ok_or_else(|| self.settings.refusals.wrong_client.clone())
    }

    /// An application with keys has no secret: its authentication method is another.
    fn has_secret(&self, id: &str, secret: &str) -> bool {
        let settings = &self.settings;
        let of_app = (&settings.client_id, &settings.client_secret, &settings.client_keys);
        let of_machine = (
            &settings.management_client_id,
            &settings.management_client_secret,
            &settings.management_client_keys,
        );
        [of_app, of_machine]
            .iter()
            .any(|(known, its, keys)| *known == id && *its == secret && keys.is_empty())
    }

    /// The client id in an assertion that one of its keys has signed for this tenant, and that is new.
    fn asserted(&mut self, assertion: &str) -> Option<String> {
        let claims = peek(assertion).filter(|_| assertion.len() <= LONGEST_ASSERTION)?;
        let text = |name: &str| claims[name].as_str().filter(|text| text.len() <= LONGEST_TEXT);
        let id = text("iss").filter(|iss| text("sub") == Some(*iss))?;
        let keys = match id {
            id if id == self.settings.client_id => &self.settings.client_keys,
            id if id == self.settings.management_client_id => &self.settings.management_client_keys,
            _ => return None,
        };
        keys.iter().find(|key| is_signed(assertion, key))?;
        let domains = [self.domains.canonical.as_str(), self.domains.custom.as_str()];
        claims["aud"].as_str().filter(|aud| domains.contains(aud))?;
        let now = self.now().unix_timestamp();
        let past =
            |name: &str| claims.get(name).is_none_or(|at| at.as_i64().is_some_and(|at| at <= now + SKEW));
        let ends = claims["exp"].as_i64().filter(|ends| (now..=now + LONGEST).contains(ends));
        ends.filter(|_| past("iat") && past("nbf"))?;
        // A one-time token (the same page).
        self.used_assertions.insert(text("jti")?.to_owned()).then(|| id.to_owned())
    }
}

/// Whether the private key of this public one (PEM) has signed the assertion, by the algorithm that it names.
fn is_signed(assertion: &str, key: &str) -> bool {
    let verified = || {
        let (input, signature) = assertion.rsplit_once('.')?;
        let header: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(input.split('.').next()?).ok()?).ok()?;
        let algorithm: &dyn VerificationAlgorithm = match header["alg"].as_str()? {
            "RS256" => &RSA_PKCS1_2048_8192_SHA256,
            // No source says that Auth0 takes it.
            "ES256" => &ECDSA_P256_SHA256_FIXED,
            _ => return None,
        };
        let lines: String = key.lines().filter(|line| !line.starts_with("-----")).collect();
        let key = UnparsedPublicKey::new(algorithm, STANDARD.decode(lines).ok()?);
        key.verify(input.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()
    };
    verified().is_some()
}
