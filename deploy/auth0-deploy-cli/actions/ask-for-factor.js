// Asks for a second factor on the way to the portal, so that the next Action can tell which one was used: after the
// challenge that Auth0 makes by itself, no Action runs. It cannot hide "Remember this device".
// Sources:
// https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
// https://auth0.com/docs/customize/actions/reference/post-login/post-login-api-object (challengeWith)
exports.onExecutePostLogin = async (event, api) => {
  if (event.client.metadata?.mfa_portal !== "true") return;
  // Every verified e-mail address counts as a factor, but the way to the portal takes only the others.
  const types = new Set((event.user.enrolledFactors ?? []).map((factor) => factor.type));
  types.delete("email");
  types.delete("recovery-code");
  if (types.size === 0) return;
  const [first, ...others] = [...types, "recovery-code"].map((type) => ({ type }));
  api.authentication.challengeWith(first, { additionalFactors: others });
};
