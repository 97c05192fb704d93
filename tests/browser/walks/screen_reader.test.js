// The accessibility trees of the list and of the pages with a QR code, a code and a removal, in two languages, word by word.

import { ALEX, NORA } from "../lib/people.js";
import { DESK } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { matchesSnapshot } from "../lib/tree.js";
import { walk } from "../lib/walk.js";

const GERMAN = { ...DESK, name: "desk, de", language: "de", locale: "de-DE" };
/** Only these, even with MATRIX=full, because each language has its own snapshots. */
const SETTINGS = { only: [DESK, GERMAN] };

walk("the accessibility tree of the list", SETTINGS, async (visit) => {
  await signIn(visit, ALEX);
  await visit.reaches("Two-step verification");
  await matchesSnapshot(visit.page, `list.${visit.setting.language}`);
});

// O-12
walk("the accessibility tree of a code page and of its error", SETTINGS, async (visit) => {
  await signIn(visit, NORA);
  await visit.open("/factors/email");
  await visit.type("E-mail address", "nora.private@example.org");
  await visit.press("Send the code");
  await visit.reaches("Check your e-mail");
  await matchesSnapshot(visit.page, `code.${visit.setting.language}`);
  await visit.type("Six-digit code", "12");
  await visit.press("Confirm");
  await visit.reaches("Check your e-mail");
  await matchesSnapshot(visit.page, `code-mistake.${visit.setting.language}`);
});

walk("the accessibility tree of a page with a QR code", SETTINGS, async (visit) => {
  await signIn(visit, NORA);
  await visit.open("/factors/totp");
  await visit.beginSetUp();
  await visit.reaches("Set up an authenticator app");
  await matchesSnapshot(visit.page, `qr.${visit.setting.language}`);
});

walk("the accessibility tree of a removal", SETTINGS, async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Remove authenticator app");
  await visit.reaches("Remove the authenticator app?");
  await matchesSnapshot(visit.page, `remove.${visit.setting.language}`);
});
