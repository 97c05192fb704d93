// Tries push out twice without success: the phone refuses, and then there is no answer. The page updates by itself, so no
// link is pressed meanwhile, because it might be gone.

import { PIA } from "./people.js";

/** Ends on the page “Nobody answered”. */
export async function tryPushInVain(visit) {
  const { stage } = visit;
  await visit.follow("Test push notifications");
  await visit.on("Test push notifications");
  await visit.press("Send a request to my phone");
  await visit.on("Approve on your phone");
  await stage.push(PIA, false);
  await stage.pass(30);
  await visit.on("The request was denied on your phone");
  await visit.press("Send another request");
  await stage.pass(301);
  await visit.on("Nobody answered");
}
