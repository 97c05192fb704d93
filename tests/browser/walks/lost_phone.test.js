// A lost phone, and a new one with the old one at hand: never is the password alone left in between.

import assert from "node:assert/strict";
import { addPerson, app, phone } from "../lib/people.js";
import { typeAppCode } from "../lib/set_up.js";
import { FULL, KEYS_PLAIN, NARROW_ARABIC, PHONE, PHONE_PLAIN, inTurn } from "../lib/settings.js";
import { signIn, signInByRecoveryCode } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const PAPER = { factor: "recovery-code", device: "dev_paper", active: true, secret: "AB12CD34EF56GH78JK90LM12" };
const settings = () => (FULL ? [PHONE, PHONE_PLAIN, KEYS_PLAIN, NARROW_ARABIC] : inTurn());
const LINK = "Lost your phone, or got a new one?";

async function protections(visit, email) {
  const { authenticators } = await visit.stage.look(email);
  return authenticators.filter((it) => it.active && ["totp", "sms", "voice", "push"].includes(it.factor)).map((it) => it.id);
}

/** Runs in the page: the number of visible messages of a mistake. */
function complaints() {
  const told = [...document.querySelectorAll(".note.bad, .error")];
  return told.filter((it) => getComputedStyle(it).visibility === "visible").length;
}

async function setUpAnew(visit) {
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  await typeAppCode(visit);
  await visit.on("Your lost phone");
  await visit.says("Done. The new one works.", "Done. The old ones are removed.");
  await visit.press("Back to my list");
  await visit.on("Two-step verification");
}

walk("a lost phone with the only app on it", settings(), async (visit) => {
  const email = await addPerson(visit.stage, "Olga", [app("dev_app")]);
  await signIn(visit, email);
  await visit.follow(LINK);
  await visit.on(LINK);
  await visit.press("Continue");
  await visit.isWarned("There is a problem");
  await visit.tick("Authenticator app");
  assert.equal(await visit.page.evaluate(complaints), 0, "the tick mends what was told");
  await visit.press("Continue");
  await visit.on("Your lost phone");
  assert.equal((await protections(visit, email)).length, 1, "the password alone is never enough");
  await setUpAnew(visit);
  const left = await protections(visit, email);
  assert.ok(left.length === 1 && !left[0].endsWith("dev_app"), `${left}`);
});

walk("a lost phone with an app on it and a number that moved to the new one", settings(), async (visit) => {
  const email = await addPerson(visit.stage, "Anton", [app("dev_app"), ...phone("dev_phone", "+12025550123")]);
  await signIn(visit, email);
  await visit.follow(LINK);
  await visit.tick("Authenticator app");
  await visit.press("Continue");
  await visit.on("Your lost phone");
  await visit.press("Remove them now");
  await visit.on("Your lost phone");
  assert.deepEqual(await protections(visit, email), ["sms|dev_phone", "voice|dev_phone"]);
  await setUpAnew(visit);
  assert.equal((await protections(visit, email)).length, 3);
});

walk("a lost phone with only the recovery code left", settings(), async (visit) => {
  const email = await addPerson(visit.stage, "Rosa", [app("dev_app"), ...phone("dev_phone", "+12025550123"), PAPER]);
  await signInByRecoveryCode(visit, email);
  await visit.follow(LINK);
  await visit.tick("Authenticator app");
  await visit.tick("Phone ending 0123");
  await visit.press("Continue");
  await visit.on("Your lost phone");
  assert.equal((await protections(visit, email)).length, 3);
  await setUpAnew(visit);
  const left = await protections(visit, email);
  assert.ok(left.length === 1 && !left[0].endsWith("dev_app"), `${left}`);
});

walk("a new phone, and the old one at hand", settings(), async (visit) => {
  const email = await addPerson(visit.stage, "Nils", [app("dev_app"), ...phone("dev_phone", "+12025550123")]);
  await signIn(visit, email);
  await visit.follow(LINK);
  await visit.press("Move to my new phone");
  await visit.on("Your new phone");
  await visit.follow(/^Authenticator app/);
  await visit.press("Set up the new one");
  await visit.beginSetUp();
  await typeAppCode(visit);
  await visit.press("Remove the old app");
  await visit.on("Your new phone");
  await visit.says("Only if your number changes");
  await visit.press("Stop these steps");
  await visit.on("Two-step verification");
  const left = await protections(visit, email);
  assert.ok(left.length === 3 && !left.includes("totp|dev_app"), `${left}`);
});
