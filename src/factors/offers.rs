//! What a person may add here: what the operator names, the token allows, and the tenant has not refused meanwhile.

use time::Duration;

use crate::app::Portal;
use crate::error::Error;
use crate::factor::Factor;
use crate::session::Permission;
use crate::step_up::SignedIn;
use crate::store::{Key, Kind};

/// The length of a visit; a factor may be switched on again.
const REMEMBERED: Duration = Duration::minutes(10);

impl SignedIn {
    /// The factors to offer, in the operator's order. The portal cannot ask which ones the tenant enables.
    pub async fn offers(&self) -> Result<Vec<Factor>, Error> {
        if !self.person.may(Permission::Add) {
            return Ok(Vec::new());
        }
        let refused = refused(&self.app, &self.person.identity.sub).await?;
        let offered = |factor: &Factor| !refused.contains(factor);
        Ok(self.app.config.factors.iter().copied().filter(offered).collect())
    }
}

/// Takes note that the tenant does not have this factor, so that it is offered no more in this visit.
pub async fn refuse(portal: &Portal, sub: &str, factor: Factor) -> Result<(), Error> {
    let mut refused = refused(portal, sub).await?;
    refused.push(factor);
    Ok(portal.store.put(key(portal, sub), &refused, REMEMBERED).await?)
}

async fn refused(portal: &Portal, sub: &str) -> Result<Vec<Factor>, Error> {
    Ok(portal.store.get(key(portal, sub)).await?.unwrap_or_default())
}

fn key(portal: &Portal, sub: &str) -> Key {
    portal.store.key_of(Kind::NotOffered, &[sub])
}
