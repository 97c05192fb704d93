// Step-up: a change needs a sign-in that is not older than ten minutes.

import { NORA, PIA } from "../lib/people.js";
import { inTurn } from "../lib/settings.js";
import { passSignIn, signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

/** Returns after eleven minutes: the tenant’s own session signs the person in without a password. */
async function comesBackSilently(visit) {
  await signIn(visit, NORA);
  await visit.stage.pass(660);
  await visit.open();
  await visit.on("Two-step verification");
}

walk("an old sign-in is renewed and leads back to the same page", inTurn(), async (visit) => {
  await comesBackSilently(visit);
  await visit.follow(/^Add an authenticator app/);
  await passSignIn(visit, NORA);
  await visit.on("Set up an authenticator app");
  await visit.beginSetUp();
  await visit.on("Set up an authenticator app");
});

walk("a step-up as another person ends the visit", inTurn(), async (visit) => {
  await comesBackSilently(visit);
  await visit.follow(/^Add a phone number/);
  await passSignIn(visit, PIA);
  await visit.on("That was another account");
  await visit.says("nothing was changed");
});

walk("a step-up without a new proof is refused", inTurn(), async (visit) => {
  await comesBackSilently(visit);
  await visit.stage.order({ id_token: { auth_time: 1_795_348_800 } });
  await visit.follow(/^Add an e-mail address/);
  await passSignIn(visit, NORA);
  await visit.on("We asked you to sign in once more");
  await visit.says("Nothing was changed");
});

walk("a form sent after the visit has ended leads through the sign-in and back", inTurn(), async (visit) => {
  await signIn(visit, NORA);
  await visit.follow(/^Add a phone number/);
  await visit.type("Phone number", "+44 7700 900123");
  await visit.stage.pass(601);
  await visit.press("Send the code");
  await visit.on("Your visit has ended");
  await visit.follow("Sign in again");
  await passSignIn(visit, NORA);
  await visit.on("Add a phone number");
});
