# What the tenant does on the way to the portal: hide "Remember this device", or tell of a sign-in by recovery code.
# Auth0 cannot do both; docs/tenant.md says why.

locals {
  # In the order in which they run.
  actions = {
    none                    = []
    hide-remember-browser   = ["hide-remember-browser"]
    tell-of-a-recovery-code = ["ask-for-factor", "tell-recovery-code"]
  }[var.after_login]
  first_action  = slice(local.actions, 0, min(1, length(local.actions)))
  second_action = slice(local.actions, length(local.first_action), length(local.actions))
}

# https://github.com/auth0/terraform-provider-auth0/blob/main/docs/resources/action.md
resource "auth0_action" "after_login" {
  for_each = toset(local.actions)
  name     = "mfa-portal ${each.key}"
  code     = file("${path.module}/../auth0-deploy-cli/actions/${each.key}.js")
  runtime  = "node22"
  deploy   = true
  supported_triggers {
    id      = "post-login"
    version = "v3"
  }
}

# It appends to the tenant's other Actions.
# https://github.com/auth0/terraform-provider-auth0/blob/main/docs/resources/trigger_action.md
resource "auth0_trigger_action" "first" {
  for_each  = toset(local.first_action)
  trigger   = "post-login"
  action_id = auth0_action.after_login[each.key].id
}

resource "auth0_trigger_action" "second" {
  for_each   = toset(local.second_action)
  trigger    = "post-login"
  action_id  = auth0_action.after_login[each.key].id
  depends_on = [auth0_trigger_action.first]
}
