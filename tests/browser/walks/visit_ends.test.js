// The visit's ten minutes end in the middle of a flow: a warning comes before, and after a new sign-in the person continues.

import assert from "node:assert/strict";
import { ALEX, NORA } from "../lib/people.js";
import { typeAppCode, typeCode } from "../lib/set_up.js";
import { DESK, KEYS_PLAIN, PHONE, PHONE_PLAIN, inTurn } from "../lib/settings.js";
import { passSignIn, signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const WARNING = "Your visit ends in less than two minutes";

// S-10
walk("the visit ends in the middle of an enrollment", inTurn(), async (visit) => {
  const key = () => visit.page.locator("p[translate=no]").textContent();
  await signIn(visit, NORA);
  await visit.stage.pass(480);
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  const before = await key();
  await visit.stage.pass(180);
  await typeCode(visit, "123456");
  await visit.on("Your visit has ended");
  await visit.follow("Sign in again");
  await passSignIn(visit, NORA);
  await visit.on("Set up an authenticator app");
  assert.equal(await key(), before);
  await typeAppCode(visit);
  await visit.on("Save your recovery code");
  await visit.hears("Authenticator app added.");
});

walk("the visit ends in the middle of a removal", inTurn(), async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Remove authenticator app");
  await visit.on("Remove the authenticator app?");
  await visit.stage.pass(600);
  await visit.press("Remove the authenticator app");
  await visit.on("Your visit has ended");
  await visit.follow("Sign in again");
  await passSignIn(visit, ALEX);
  await visit.on("Remove the authenticator app?");
  await visit.press("Remove the authenticator app");
  await visit.on("Two-step verification");
  await visit.hears("Authenticator app removed.");
});

walk("the warning appears by itself two minutes before the end, at any scroll position", { only: [PHONE, DESK] }, async (visit) => {
  const { page } = visit;
  const warning = page.getByText(visit.words.of(WARNING));
  const minutes = page.getByText("minutes left");
  await page.clock.install();
  await signIn(visit, NORA);
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  await visit.reaches("Set up an authenticator app");
  await page.getByLabel("Six-digit code").scrollIntoViewIfNeeded();
  assert.ok((await warning.isHidden()) && (await minutes.isVisible()));
  await page.clock.fastForward("08:01");
  await warning.waitFor();
  assert.ok(await minutes.isHidden());
  const isSeen = (element) => element.getBoundingClientRect().top >= 0 && element.getBoundingClientRect().bottom <= innerHeight;
  assert.ok(await warning.evaluate(isSeen), "the warning is out of sight");
  await page.evaluate(() => scrollTo(0, 0)); // where the sticky warning covers no text
  await visit.on("Set up an authenticator app");
  await page.getByLabel("Six-digit code").fill("1234");
  await page.clock.fastForward("02:00");
  await page.getByText("Your visit has ended").waitFor();
  assert.ok(await warning.isHidden());
  assert.equal(await page.locator(".qr, .key, [href^=otpauth]").count(), 0, "the key is gone");
  assert.equal(await page.getByLabel("Six-digit code").inputValue(), "1234", "what was typed is not");
});

walk("every secret goes with the visit", { only: [DESK] }, async (visit) => {
  const { page } = visit;
  const secrets = page.locator(".qr, .key, .recovery, [href^=otpauth], [data-secret]");
  const end = async () => {
    assert.notEqual(await secrets.count(), 0, "there are secrets before");
    await page.clock.fastForward("10:01");
    await page.getByText("Your visit has ended").waitFor();
    assert.equal(await secrets.count(), 0, `${page.url()} still shows a secret`);
  };
  await page.clock.install();
  await signIn(visit, NORA);
  await visit.follow(/^Set up push notifications/);
  await visit.beginSetUp();
  await visit.reaches("Set up push notifications");
  await end();
  await visit.open("/factors/totp");
  await visit.beginSetUp();
  await visit.reaches("Set up an authenticator app");
  await typeAppCode(visit);
  await visit.reaches("Save your recovery code");
  await end();
});

walk("without script the next page shows the warning and a link to continue", { only: [PHONE_PLAIN, KEYS_PLAIN] }, async (visit) => {
  const warning = visit.page.getByText(visit.words.of(WARNING));
  await signIn(visit, NORA);
  await visit.stage.pass(485);
  await visit.follow(/^Add an e-mail address/);
  await visit.on("Add an e-mail address");
  await warning.waitFor();
  await visit.follow("Sign in again for ten more minutes");
  await passSignIn(visit, NORA);
  await visit.on("Add an e-mail address");
  assert.ok(await warning.isHidden());
});
