# The tenant's side of the portal; docs/tenant.md says how to apply it. Each resource names its documentation.

terraform {
  required_version = ">= 1.3"
  required_providers {
    auth0 = {
      source  = "auth0/auth0"
      version = "~> 1.50"
    }
  }
}

# Who applies it is said by AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET:
# https://github.com/auth0/terraform-provider-auth0/blob/main/docs/index.md
provider "auth0" {}

# https://github.com/auth0/terraform-provider-auth0/blob/main/docs/resources/client.md
resource "auth0_client" "portal" {
  name                = "mfa-portal"
  app_type            = "regular_web"
  oidc_conformant     = true
  callbacks           = ["${var.app_base_url}/callback"]
  allowed_logout_urls = ["${var.app_base_url}/signed-out"]
  # "MFA" in the dashboard: https://auth0.com/docs/get-started/applications/application-grant-types
  grant_types = [
    "authorization_code",
    "http://auth0.com/oauth/grant-type/mfa-oob",
    "http://auth0.com/oauth/grant-type/mfa-otp",
    "http://auth0.com/oauth/grant-type/mfa-recovery-code",
  ]
  # By this the Actions know the application.
  client_metadata = { mfa_portal = "true" }
  # ID tokens that the portal can verify: https://auth0.com/docs/get-started/applications/signing-algorithms
  jwt_configuration {
    alg = "RS256"
  }
}

# The portal sends its secret in the body of the request. The secret itself stays in the dashboard, out of Terraform's
# state.
# https://github.com/auth0/terraform-provider-auth0/blob/main/docs/resources/client_credentials.md
resource "auth0_client_credentials" "portal" {
  client_id             = auth0_client.portal.id
  authentication_method = "client_secret_post"
}
