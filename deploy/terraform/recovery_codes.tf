# Lets people get a new recovery code in the portal.

resource "auth0_client" "management" {
  count           = var.new_recovery_codes ? 1 : 0
  name            = "mfa-portal new recovery codes"
  app_type        = "non_interactive"
  oidc_conformant = true
  grant_types     = ["client_credentials"]
}

resource "auth0_client_credentials" "management" {
  count                 = var.new_recovery_codes ? 1 : 0
  client_id             = auth0_client.management[0].id
  authentication_method = "client_secret_post"
}

# https://github.com/auth0/terraform-provider-auth0/blob/main/docs/resources/client_grant.md
resource "auth0_client_grant" "management" {
  count     = var.new_recovery_codes ? 1 : 0
  client_id = auth0_client.management[0].id
  audience  = "https://${var.tenant_domain}/api/v2/"
  # https://auth0.com/docs/api/management/v2/users/post-recovery-code-regeneration
  scopes = ["update:users"]
}
