// Our limits and the tenant’s: the page says what was too much, and when to try again.

import { NORA } from "../lib/people.js";
import { sendText, typeCode, WRONG_APP_CODE } from "../lib/set_up.js";
import { FULL, PATIENT, inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

walk("too many texts", PATIENT, async (visit) => {
  await signIn(visit, NORA);
  for (let last = 0; last < 8; last++) {
    await sendText(visit, `+44 7700 90010${last}`);
    await visit.open();
  }
  await sendText(visit, "+44 7700 900109");
  await visit.on("Add a phone number");
  await visit.isWarned("Too many codes were sent");
  await visit.says("Nothing was changed.", "Try again in 10 minutes.");
});

walk("too many wrong codes", PATIENT, async (visit) => {
  await signIn(visit, NORA);
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  for (let times = 0; times < 5; times++) {
    await typeCode(visit, "000000");
    await visit.isWarned(WRONG_APP_CODE);
  }
  await visit.on("Set up an authenticator app");
  await typeCode(visit, "000000");
  await visit.on("Set up an authenticator app");
  await visit.isWarned("Too many wrong codes");
});

// Twenty set-ups take long; the count itself has tests in Rust.
if (FULL) walk("too many enrollments started", PATIENT, async (visit) => {
  await signIn(visit, NORA);
  for (let times = 0; times < 20; times++) {
    await visit.open("/factors/totp");
    await visit.beginSetUp();
    await visit.press("Cancel this set-up");
  }
  await visit.open("/factors/totp");
  await visit.beginSetUp();
  await visit.on("Set up an authenticator app");
  await visit.isWarned("Too many set-ups were begun");
  await visit.says("Try again in 60 minutes.");
});

walk("the tenant’s own limits", inTurn(), async (visit) => {
  const says = (error_description) => ({ json: { status: 400, body: { error: "invalid_request", error_description } } });
  await signIn(visit, NORA);
  const many = "Too many SMS sent by the user. Wait for some minutes before retrying.";
  await visit.stage.fault("POST", "/mfa/associate", says(many), 1);
  await sendText(visit, "+44 7700 900100");
  await visit.on("Too many codes were sent");
  await visit.open();
  await sendText(visit, "+44 7700 900100");
  await visit.stage.fault("POST", "/oauth/token", says("Too many failed codes. Wait for some minutes before retrying."), 1);
  await typeCode(visit, "000000");
  await visit.on("Check your messages");
  await visit.isWarned("Too many wrong codes.");
});
