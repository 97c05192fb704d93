// Buttons that ignore pointers for half a second after their page comes to the front (static/deliberate.js).

import { setTimeout as pause } from "node:timers/promises";

/** A little longer than the page ignores them, in milliseconds. */
const PAUSE = 600;

/** Waits, if need be, until a pointer may press this control. */
export async function settled(control) {
  if (await control.evaluate((it) => it.closest("[data-deliberate]") !== null)) await pause(PAUSE);
}
