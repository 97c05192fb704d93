// Hides "Remember this device" on the way to the portal, where it has no effect. No Action runs after this challenge,
// so nothing can tell the portal which factor was used: instead of this Action, take the other two for that.
// Sources: https://auth0.com/docs/customize/actions/reference/post-login/post-login-api-object (api.multifactor)
// https://auth0.com/docs/customize/actions/reference/post-login/post-login-event-object (event.user.enrolledFactors)
exports.onExecutePostLogin = async (event, api) => {
  if (event.client.metadata?.mfa_portal !== "true") return;
  // Without a factor, people would have to enroll one on Auth0's pages. Every verified e-mail address counts as one.
  const factors = event.user.enrolledFactors ?? [];
  if (!factors.some((factor) => factor.type !== "email")) return;
  api.multifactor.enable("any", { allowRememberBrowser: false });
};
