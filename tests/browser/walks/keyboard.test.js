// Keyboard users outside the flows: the skip link, the way to the field of a mistake, another language, and sign-out. Every
// other walk runs by keyboard too.

import assert from "node:assert/strict";
import { ALEX, NORA } from "../lib/people.js";
import { typeSentCode } from "../lib/set_up.js";
import { KEYS, KEYS_PLAIN } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";
import { Words } from "../lib/words.js";

const ONLY = { only: [KEYS, KEYS_PLAIN] };

/** The id of the focused element, or its `href`. */
function focus(visit) {
  return visit.page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute("href"));
}

walk("the skip link is the first stop and leads to the main part", ONLY, async (visit) => {
  const { page } = visit;
  await signIn(visit, ALEX);
  await visit.reaches("Two-step verification");
  await page.keyboard.press("Tab");
  assert.equal(await focus(visit), "#main");
  const { y } = await page.locator(":focus").boundingBox();
  assert.ok(y >= 0, "the skip link is seen");
  await page.keyboard.press("Enter");
  assert.equal(await focus(visit), "main");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.matches("main a")));
});

// O-12
walk("after a mistake the focus is in the field, and the error link leads there", ONLY, async (visit) => {
  const { page } = visit;
  await signIn(visit, NORA);
  await visit.follow(/^Add a phone number/);
  await visit.press("Send the code");
  await visit.reaches("Add a phone number");
  assert.equal(await focus(visit), "phone_number");
  await page.locator("[role=alert] a").focus();
  await page.keyboard.press("Enter");
  assert.equal(await focus(visit), "phone_number");
  await page.keyboard.type("+44 7700 900123");
  await page.keyboard.press("Enter");
  await visit.reaches("Check your messages");
});

walk("an e-mail address is added in another language, up to the sign-out", ONLY, async (visit) => {
  await signIn(visit, NORA);
  await visit.unfold("English");
  await visit.follow("Deutsch");
  visit.words = new Words("de");
  await visit.reaches("Two-step verification");
  assert.equal(await visit.page.locator("html").getAttribute("lang"), "de");
  await visit.follow(/^Add an e-mail address/);
  await visit.type("E-mail address", "nora.private@example.org");
  await visit.press("Send the code");
  await typeSentCode(visit, NORA);
  await visit.hears("It works as a spare way once you have an app or a phone number.");
  await visit.follow("Sign out");
  await visit.press("Sign out");
  await visit.on("You are signed out");
});

walk("with script a complete code is submitted by itself", { only: [KEYS] }, async (visit) => {
  await signIn(visit, NORA);
  await visit.follow(/^Add a phone number/);
  await visit.type("Phone number", "+44 7700 900123");
  await visit.press("Send the code");
  await visit.says("We check the code as soon as you have typed all six digits.");
  await visit.type("Six-digit code", await visit.stage.sentCode(NORA));
  await visit.reaches("Save your recovery code");
});
