// The walks in Firefox and WebKit: a short one and a frame on another site; with FULL=1 also those below, which are
// Chromium's, and both without script.

import { FULL } from "../lib/settings.js";

process.env.ENGINES = "1"; // before walk.js reads it

/** The walks of the folder `walks` that need nothing of Chromium alone. */
const WALKS = [
  "phone_number", "push", "try_out", "recovery_code", "replace", "last_and_first_factor", "step_up", "visit_ends", "leftovers", "lost_phone",
];

await import("./short.test.js");
await import("./frames.test.js");
if (FULL) {
  for (const name of WALKS) await import(`../walks/${name}.test.js`);
}
