// Who there is. The tenant brings the first four; the others are settled in by the walks that need them.

/** Nothing set up, e-mail address not verified. */
export const NORA = "nothing@example.com";
/** Authenticator app, phone, recovery code and the account's e-mail address. */
export const ALEX = "app.phone@example.com";
/** Push notifications with their code generator, and the account's e-mail address. */
export const PIA = "push@example.com";
/** Eight authenticators, three of them unfinished. */
export const EDDA = "eight@example.com";

/** Somebody new with these authenticators; gives their address. */
export async function settle(stage, name, authenticators) {
  const email = `${name.toLowerCase()}@example.com`;
  await stage.person({ name, email, authenticators });
  return email;
}

/** An authenticator app. */
export function app(device) {
  return { factor: "totp", device, active: true, secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" };
}

/** A number that takes texts and calls, which share the id's suffix. */
export function phone(device, number) {
  const of = (factor, twin) => ({ factor, device, active: true, contact: number, twin: `${twin}|${device}` });
  return [of("sms", "voice"), of("voice", "sms")];
}

/** So many set-ups that were never finished. */
export function leftovers(count) {
  return Array.from({ length: count }, (_, at) => ({ factor: "totp", device: `dev_left${at}` }));
}
