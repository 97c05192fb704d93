# The settings of the portal that follow from the tenant. The secrets are in the dashboard.

output "AUTH0_CLIENT_ID" {
  value = auth0_client.portal.client_id
}

output "AUTH0_MANAGEMENT_CLIENT_ID" {
  value = one(auth0_client.management[*].client_id)
}
