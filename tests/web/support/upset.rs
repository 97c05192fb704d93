//! Shortcuts to the tenant's faults and to its journal of requests.

use emulated_tenant::{Fault, FaultKind};
use serde_json::Value;

use super::World;

pub(crate) const LIST: &str = "/mfa/authenticators";
pub(crate) const ASSOCIATE: &str = "/mfa/associate";
pub(crate) const TOKEN: &str = "/oauth/token";

impl World {
    /// Replaces the tenant's list of authenticators from now on.
    pub(crate) fn lists(&self, listed: &Value) {
        self.tenant.faults().clear();
        let answer = FaultKind::json(200, &listed.to_string());
        self.tenant.faults().inject(Fault::new("GET", LIST, answer));
    }

    /// The next request with this method and path gets this fault.
    pub(crate) fn upset(&self, method: &str, path: &str, kind: FaultKind) {
        self.tenant.faults().inject(Fault::new(method, path, kind).times(1));
    }

    /// Every request with this method and path gets this fault until the faults are cleared.
    pub(crate) fn upset_always(&self, method: &str, path: &str, kind: FaultKind) {
        self.tenant.faults().inject(Fault::new(method, path, kind));
    }

    /// How often the portal has made this call.
    pub(crate) fn calls(&self, method: &str, path: &str) -> usize {
        self.tenant.journal().count(method, path)
    }

    /// The calls since the journal was cleared that are not GET, as `POST /mfa/associate`.
    pub(crate) fn changes(&self) -> Vec<String> {
        let requests = self.tenant.journal().requests().into_iter();
        let changing = requests.filter(|it| it.method != "GET");
        changing.map(|it| format!("{} {}", it.method, it.path)).collect()
    }
}
