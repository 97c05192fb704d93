// Signs in on the tenant's pages, with any factor that the person has.

import { PASSWORD } from "./visit.js";

/** Opens the portal and signs in, up to the list. */
export async function signIn(visit, email) {
  await visit.open();
  await passSignIn(visit, email);
}

/** Signs in, from the tenant's first page back to the portal. */
export async function passSignIn(visit, email) {
  const { page, stage } = visit;
  if (await isAt(page, "Sign in")) {
    await visit.type("E-mail address", email);
    await visit.type("Password", PASSWORD);
    await visit.press("Continue");
  }
  if (await isAt(page, "How do you want to prove that it is you?")) {
    await visit.go(page.getByRole("button").first());
  }
  if (await isAt(page, "Push notification")) {
    await stage.push(email, true);
    await visit.press("I have approved it");
  } else if (new URL(page.url()).origin === new URL(stage.tenant).origin) {
    await visit.type("Code", await challengeCode(visit, email));
    await visit.press("Continue");
  }
}

/** Signs in with the recovery code, as somebody who has nothing else left. */
export async function signInByRecoveryCode(visit, email) {
  await visit.open();
  await visit.type("E-mail address", email);
  await visit.type("Password", PASSWORD);
  await visit.press("Continue");
  if (!(await isAt(visit.page, "How do you want to prove that it is you?"))) await visit.press("Try another way");
  await visit.press(/^Recovery code/);
  await visit.type("Code", (await visit.stage.look(email)).recovery_code);
  await visit.press("Continue");
  await visit.go(visit.page.getByRole("button").first());
}

async function challengeCode({ page, stage }, email) {
  const sent = /We have sent|We are calling/.test(await page.getByRole("main").innerText());
  if (sent) return stage.sentCode(email);
  const { authenticators } = await stage.look(email);
  return authenticators.find((it) => it.factor === "totp" && it.active).code;
}

async function isAt(page, heading) {
  return (await page.getByRole("heading", { level: 1 }).innerText()) === heading;
}
