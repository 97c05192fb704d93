// The tenant's error “User is already enrolled” is explained, with a way out.

import { ALEX } from "../lib/people.js";
import { inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

walk("the error “User is already enrolled” is explained", inTurn(), async (visit) => {
  const refusal = { error: "access_denied", error_description: "User is already enrolled." };
  await visit.stage.fault("POST", "/mfa/associate", { json: { status: 403, body: refusal } }, 1);
  await signIn(visit, ALEX);
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  await visit.on("You already have a way to verify");
  await visit.says("Sign in again with the way you have, and you can add more.");
  await visit.follow("Sign in again");
});
