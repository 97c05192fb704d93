//! Organizations, and who may sign in to them (Auth0, Organizations).

use crate::world::World;
use crate::world::login::AuthorizationRequest;

/// An organization of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// `org_…`
    pub id: String,
    /// The name, in lower case.
    pub name: String,
    /// The e-mail addresses of its members; `None` for everybody.
    pub members: Option<Vec<String>>,
}

impl Organization {
    /// The organization of this name, with the id `org_NAME`.
    #[must_use]
    pub fn of_everybody(name: &str) -> Self {
        Self { id: format!("org_{name}"), name: name.to_lowercase(), members: None }
    }
}

/// Whether an application's sign-ins name an organization; Auth0 calls it `organization_usage`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrganizationUsage {
    /// They must not (Auth0's default).
    #[default]
    Deny,
    /// They may.
    Allow,
    /// They must.
    Require,
}

impl World {
    /// The organization of a request, or Auth0's description of what is wrong with it.
    pub(crate) fn organization(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Option<&Organization>, &'static str> {
        let settings = &self.settings;
        let Some(wanted) = request.organization.as_deref() else {
            return match settings.organization_usage {
                OrganizationUsage::Require => Err("parameter organization is required for this client"),
                _ => Ok(None),
            };
        };
        if settings.organization_usage == OrganizationUsage::Deny {
            return Err("parameter organization is not allowed for this client");
        }
        // Names are in lower case, and the parameter is not.
        let names = |it: &&Organization| settings.organization_names && it.name == wanted.to_lowercase();
        let found = settings.organizations.iter().find(|it| it.id == wanted || names(it));
        found.map(Some).ok_or("parameter organization is invalid")
    }

    /// Auth0's description of why this person may not sign in to the request's organization.
    pub(crate) fn refusal_of_stranger(&self, request: &AuthorizationRequest, sub: &str) -> Option<String> {
        let organization = self.organization(request).ok()??;
        let email = self.person(sub).map(|person| person.email.clone()).unwrap_or_default();
        let is_member = organization.members.as_ref().is_none_or(|members| members.contains(&email));
        (!is_member).then(|| format!("user {sub} is not part of the {} organization", organization.id))
    }
}
