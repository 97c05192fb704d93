// Factors that the MFA API cannot manage: they are listed and count as protection, but have no controls.

import assert from "node:assert/strict";
import { NORA } from "../lib/people.js";
import { inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const LISTED = [
  { id: "webauthn-roaming|dev_key", authenticator_type: "webauthn-roaming", active: true },
  { id: "webauthn-platform|dev_face", authenticator_type: "webauthn-platform", active: true },
  { id: "duo|dev_duo", authenticator_type: "oob", oob_channel: "duo", active: true },
  { id: "hologram|dev_new", authenticator_type: "hologram", active: true, name: "Desk" },
];

walk("security keys, Duo and unknown factors are listed as managed elsewhere", inTurn(), async (visit) => {
  await visit.stage.lists(LISTED);
  await signIn(visit, NORA);
  await visit.on("Two-step verification");
  const entries = await visit.entries();
  assert.equal(entries.length, LISTED.length);
  for (const entry of entries) assert.ok(entry.endsWith(visit.words.of("Managed elsewhere")), entry);
  await visit.keepsQuiet("Two-step verification is off");
  assert.equal(await visit.control("link", /^Remove/).count(), 0);
});
