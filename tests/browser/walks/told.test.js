// What a screen reader is told of the list and of the page for a code, in two languages, word by word.

import { ALEX, NORA } from "../lib/people.js";
import { DESK } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { isToldAsBefore } from "../lib/tree.js";
import { walk } from "../lib/walk.js";

const GERMAN = { ...DESK, name: "desk, de", language: "de", locale: "de-DE" };
/** These alone, whatever the matrix is: each has files of its own. */
const SETTINGS = { only: [DESK, GERMAN] };

walk("a screen reader is told what is on the list", SETTINGS, async (visit) => {
  await signIn(visit, ALEX);
  await visit.reaches("Two-step verification");
  await isToldAsBefore(visit.page, `list.${visit.setting.language}`);
});

walk("a screen reader is told what a code page asks, and what is wrong", SETTINGS, async (visit) => {
  await signIn(visit, NORA);
  await visit.open("/factors/email");
  await visit.type("E-mail address", "nora.private@example.org");
  await visit.press("Send the code");
  await visit.reaches("Check your e-mail");
  await isToldAsBefore(visit.page, `code.${visit.setting.language}`);
  await visit.type("Six-digit code", "12");
  await visit.press("Confirm");
  await visit.reaches("Check your e-mail");
  await isToldAsBefore(visit.page, `code-mistake.${visit.setting.language}`);
});
