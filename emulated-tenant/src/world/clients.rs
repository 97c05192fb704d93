//! The applications that may call the token endpoint.

use crate::wire::refusals::Refusal;
use crate::world::World;

impl World {
    /// The client id, if its secret is right.
    pub(crate) fn authenticate_client(
        &self,
        credentials: Option<(String, String)>,
    ) -> Result<String, Refusal> {
        let settings = &self.settings;
        let known = [
            (&settings.client_id, &settings.client_secret),
            (&settings.management_client_id, &settings.management_client_secret),
        ];
        let client = credentials.filter(|(id, secret)| known.contains(&(id, secret)));
        client.map(|(id, _)| id).ok_or_else(|| settings.refusals.wrong_client.clone())
    }
}
