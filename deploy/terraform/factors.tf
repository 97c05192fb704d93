# The factors of the whole tenant, only if `factors` names some: a factor without its block is switched off.
# https://github.com/auth0/terraform-provider-auth0/blob/main/docs/resources/guardian.md
resource "auth0_guardian" "tenant" {
  count         = var.factors == null ? 0 : 1
  policy        = var.policy
  otp           = contains(var.factors, "totp")
  email         = contains(var.factors, "email")
  recovery_code = true

  dynamic "phone" {
    for_each = length(setintersection(var.factors, ["sms", "voice"])) > 0 ? [1] : []
    content {
      enabled       = true
      message_types = sort(setintersection(var.factors, ["sms", "voice"]))
    }
  }
  dynamic "push" {
    for_each = contains(var.factors, "push") ? [1] : []
    content {
      enabled  = true
      provider = "guardian"
    }
  }
  dynamic "webauthn_roaming" {
    for_each = contains(var.factors, "webauthn-roaming") ? [1] : []
    content {
      enabled = true
    }
  }
  dynamic "webauthn_platform" {
    for_each = contains(var.factors, "webauthn-platform") ? [1] : []
    content {
      enabled = true
    }
  }
}
