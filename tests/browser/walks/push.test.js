// Push enrollment: the phone approves, refuses, or does not answer.

import assert from "node:assert/strict";
import { ALEX, NORA } from "../lib/people.js";
import { sayItIsSaved } from "../lib/set_up.js";
import { PATIENT, PHONE, inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

/** Signs in and starts a push enrollment, up to the QR code. */
async function showTheCode(visit, email) {
  await signIn(visit, email);
  await visit.follow(/^Set up push notifications/);
  await visit.on("Set up push notifications");
  await visit.beginSetUp();
  await visit.on("Set up push notifications");
  await visit.says("Get the Auth0 Guardian app", "Scan this QR code with the Auth0 Guardian app");
}

walk("an approved push enrollment goes on by itself", inTurn(), async (visit) => {
  await showTheCode(visit, NORA);
  await visit.control("img", "QR code for the Auth0 Guardian app").waitFor();
  await visit.stage.push(NORA, true);
  await visit.stage.pass(5);
  await visit.on("Save your recovery code");
  await visit.hears("Push notifications added.");
  await sayItIsSaved(visit);
  await visit.on("Two-step verification");
  await visit.has("Push notification", "Recovery code"); // and no entry for push's own code generator
});

walk("a refused push enrollment can start again", PATIENT, async (visit) => {
  await showTheCode(visit, ALEX);
  await visit.stage.push(ALEX, false);
  await visit.stage.pass(5);
  await visit.on("The request was denied on your phone");
  await visit.says("nothing was added");
  await visit.press("Start again");
  await visit.stage.push(ALEX, true);
  await visit.stage.pass(5);
  await visit.on("Two-step verification");
  await visit.hears("Push notifications added.");
});

walk("pressing “I have approved it” too early says that the phone has not answered", { only: [PHONE] }, async (visit) => {
  await showTheCode(visit, ALEX); // only with script, because without it the page may reload at the same moment
  await visit.stage.pass(5);
  await visit.follow("I have approved it");
  await visit.on("Set up push notifications");
  await visit.hears("Your phone has not answered yet");
});

walk("a lapsed push enrollment is cancelled and cleared", PATIENT, async (visit) => {
  await showTheCode(visit, ALEX);
  await visit.stage.pass(301);
  await visit.on("The time to scan is over");
  await visit.says("nothing was added");
  await visit.press("Cancel this set-up");
  await visit.on("Two-step verification");
  await visit.hears("The set-up was cancelled.");
  const { authenticators } = await visit.stage.look(ALEX);
  assert.ok(authenticators.every((it) => it.active), "nothing is left behind");
});
