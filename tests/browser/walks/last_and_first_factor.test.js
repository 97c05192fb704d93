// Removing the last factor asks twice; after the first factor, a second one is recommended.

import { addPerson, app } from "../lib/people.js";
import { sayItIsSaved, sendText, typeSentCode } from "../lib/set_up.js";
import { inTurn } from "../lib/settings.js";
import { passSignIn, signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const NUDGE = "A second way keeps you from being locked out";

walk("removing the last factor asks twice", inTurn(), async (visit) => {
  const olga = await addPerson(visit.stage, "Olga", [app("dev_only")]);
  await signIn(visit, olga);
  await visit.on("Two-step verification");
  await visit.says(NUDGE);
  await visit.follow("Remove authenticator app");
  await visit.on("Remove the authenticator app?");
  await visit.says("This is your last way to verify", "The next time you sign in you may be asked to set up a new way");
  await visit.press("Remove the authenticator app");
  await visit.on("Are you sure?");
  await visit.press("Remove the authenticator app");
  await visit.on("Two-step verification");
  await visit.hears("Authenticator app removed.");
  await visit.says("Two-step verification is off. Only your password protects your account.");
});

walk("a second factor is recommended after the first, and none after the second", inTurn(), async (visit) => {
  const email = await addPerson(visit.stage, "Ned", []);
  await signIn(visit, email);
  await visit.keepsQuiet(NUDGE);
  await sendText(visit, "+44 7700 900123");
  await visit.on("Check your messages");
  await typeSentCode(visit, email);
  await sayItIsSaved(visit);
  await visit.on("Two-step verification");
  await visit.says(NUDGE);
  await visit.stage.pass(31);
  await sendText(visit, "+44 7700 900124");
  await visit.on("Please confirm that it is you");
  await visit.follow("Continue");
  await passSignIn(visit, email);
  await visit.press("Send the code");
  await typeSentCode(visit, email);
  await visit.on("Two-step verification");
  await visit.keepsQuiet(NUDGE);
});
