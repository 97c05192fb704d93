// Tells the portal that somebody signed in with the recovery code. It comes after the Action that asks for a factor,
// because an Action sees only what was completed before it began.
// Source: https://auth0.com/docs/customize/actions/reference/post-login/post-login-event-object (event.authentication)
exports.onExecutePostLogin = async (event, api) => {
  if (event.client.metadata?.mfa_portal !== "true") return;
  const methods = event.authentication?.methods ?? [];
  if (methods.some((method) => method.name === "mfa" && method.type === "recovery-code")) {
    api.idToken.setCustomClaim("https://mfa-portal/recovery_code_used", true);
  }
};
