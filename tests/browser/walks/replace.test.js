// Replacing an app or a number: the new one is added first, then the old one is removed.

import assert from "node:assert/strict";
import { ALEX } from "../lib/people.js";
import { typeAppCode, typeSentCode } from "../lib/set_up.js";
import { inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

async function activeApps(visit) {
  const { authenticators } = await visit.stage.look(ALEX);
  return authenticators.filter((it) => it.factor === "totp" && it.active).map((it) => it.id);
}

walk("an authenticator app moves to a new phone", inTurn(), async (visit) => {
  await signIn(visit, ALEX);
  const [old] = await activeApps(visit);
  await visit.follow("Replace authenticator app");
  await visit.on("Move to a new authenticator app");
  await visit.says("The old one keeps working until the new one does");
  await visit.press("Set up the new one");
  await visit.on("Set up an authenticator app");
  await visit.beginSetUp();
  await typeAppCode(visit);
  await visit.on("Remove the old app");
  await visit.hears("The new one works.");
  assert.equal((await activeApps(visit)).length, 2, "never fewer than before");
  await visit.press("Remove the old app");
  await visit.on("Two-step verification");
  await visit.hears("Authenticator app replaced.");
  const apps = await activeApps(visit);
  assert.ok(apps.length === 1 && !apps.includes(old), `${old} ${apps}`);
});

walk("a number is replaced with an interruption in the middle", inTurn(), async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Replace phone ending 0167");
  await visit.on("Change your number");
  await visit.press("Set up the new one");
  await visit.on("Add a phone number");
  await visit.type("Phone number", "+44 7700 900999");
  await visit.press("Send the code");
  await visit.on("Check your messages");
  await typeSentCode(visit, ALEX);
  await visit.on("Remove the phone ending 0167?");
  await visit.follow("Keep it");
  await visit.on("Two-step verification");
  await visit.says("The old one is still there");
  await visit.follow("Remove the old one");
  await visit.press("Remove the old number");
  await visit.on("Two-step verification");
  await visit.hears("Number replaced.");
  await visit.has("Authenticator app", "Phone ending 0999", "E-mail", "Recovery code");
});
