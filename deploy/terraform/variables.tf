variable "app_base_url" {
  description = "The portal's APP_BASE_URL, without a slash at its end"
  type        = string
}

variable "tenant_domain" {
  description = "The canonical domain of the tenant, such as example.eu.auth0.com"
  type        = string
}

variable "new_recovery_codes" {
  description = "Whether people may get a new recovery code in the portal"
  type        = bool
  default     = true
}

variable "after_login" {
  description = "hide-remember-browser, tell-of-a-recovery-code or none"
  type        = string
  default     = "hide-remember-browser"
  validation {
    condition     = contains(["hide-remember-browser", "tell-of-a-recovery-code", "none"], var.after_login)
    error_message = "Please choose hide-remember-browser, tell-of-a-recovery-code or none."
  }
}

variable "factors" {
  # Of totp, sms, voice, email, push, webauthn-roaming and webauthn-platform.
  description = "All factors of the whole tenant; null leaves them as they are"
  type        = set(string)
  default     = null
}

variable "policy" {
  # never, all-applications or confidence-score.
  description = "When the tenant asks for a second factor on other sign-ins; only used with factors"
  type        = string
  default     = "never"
}
