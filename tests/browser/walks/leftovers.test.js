// Unfinished enrollments: the list counts them in one sentence and clears them with one button.

import assert from "node:assert/strict";
import { addPerson, EDDA, leftovers } from "../lib/people.js";
import { inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

walk("unfinished enrollments are counted and cleared", inTurn(), async (visit) => {
  await signIn(visit, EDDA);
  await visit.on("Two-step verification");
  await visit.says("2 set-ups were never finished");
  await visit.keepsQuiet("5678");
  await visit.press("Clear them");
  await visit.on("Two-step verification");
  await visit.hears("Unfinished set-ups cleared.");
  await visit.keepsQuiet("never finished");
  const { authenticators } = await visit.stage.look(EDDA);
  assert.ok(authenticators.every((it) => it.active));
});

walk("the tenant’s limit of 51 authenticators has a way out", inTurn(), async (visit) => {
  const full = await addPerson(visit.stage, "Full", leftovers(51));
  await signIn(visit, full);
  await visit.on("Two-step verification");
  await visit.says("51 set-ups were never finished");
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  await visit.on("Your list is full");
  await visit.says("Clear the unfinished ones");
  await visit.follow("Show the unfinished ones");
  await visit.press("Clear them");
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  await visit.on("Set up an authenticator app");
});
