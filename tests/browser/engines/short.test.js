// The way that most people go, in Firefox and WebKit: sign in, set up an app, save the recovery code, sign out.

import assert from "node:assert/strict";
import { lostFocus } from "../lib/keyboard.js";
import { NORA } from "../lib/people.js";
import { sayItIsSaved, typeAppCode, typeCode, WRONG_APP_CODE } from "../lib/set_up.js";
import { OTHER_ENGINES } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

/** The link in the error summary puts the focus into the field. */
async function leadsToField(visit) {
  await visit.page.evaluate(() => document.activeElement.blur());
  await visit.page.getByRole("alert").getByRole("link").click();
  assert.deepEqual(await lostFocus(visit.page), []);
}

walk("an app is set up after a wrong code", { only: OTHER_ENGINES }, async (visit) => {
  await signIn(visit, NORA);
  await visit.on("Two-step verification");
  await visit.follow(/^Add an authenticator app/);
  await visit.on("Set up an authenticator app");
  await visit.beginSetUp();
  await visit.on("Set up an authenticator app");
  await typeCode(visit, "000000");
  await visit.on("Set up an authenticator app");
  await visit.isWarned(WRONG_APP_CODE);
  if (visit.setting.script) await leadsToField(visit);
  await typeAppCode(visit);
  await visit.on("Save your recovery code");
  await sayItIsSaved(visit);
  await visit.on("Two-step verification");
  await visit.hears("Recovery code saved.");
  await visit.has("Authenticator app", "Recovery code");
  await visit.follow("Sign out");
  await visit.on("Sign out?");
  await visit.press("Sign out");
  await visit.on("You are signed out");
});
