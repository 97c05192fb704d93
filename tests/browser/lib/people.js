// The people of the walks. The tenant has the first four; walks add others as they need them.

/** Nothing set up, e-mail address not verified. */
export const NORA = "nothing@example.com";
/** Authenticator app, phone, recovery code and the account's e-mail address. */
export const ALEX = "app.phone@example.com";
/** Push notifications with their code generator, and the account's e-mail address. */
export const PIA = "push@example.com";
/** Eight authenticators, three of them unfinished. */
export const EDDA = "eight@example.com";

/** Adds a person with these authenticators; returns their e-mail address. */
export async function addPerson(stage, name, authenticators) {
  const email = `${name.toLowerCase()}@example.com`;
  await stage.person({ name, email, authenticators });
  return email;
}

/** An authenticator app. */
export function app(device) {
  return { factor: "totp", device, active: true, secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" };
}

/** A number for texts and calls: two authenticators that share the id's suffix. */
export function phone(device, number) {
  const of = (factor, twin) => ({ factor, device, active: true, contact: number, twin: `${twin}|${device}` });
  return [of("sms", "voice"), of("voice", "sms")];
}

/** `count` unfinished enrollments. */
export function leftovers(count) {
  return Array.from({ length: count }, (_, at) => ({ factor: "totp", device: `dev_left${at}` }));
}
