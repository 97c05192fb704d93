// Push is tried out, twice in vain: the phone refuses, and then nobody answers. The page notices by itself; a link pressed
// meanwhile might be gone.

import { PIA } from "./people.js";

/** Ends on the page that says that nobody answered. */
export async function tryPushInVain(visit) {
  const { stage } = visit;
  await visit.follow("Try push notification");
  await visit.on("Try push notification");
  await visit.press("Send a request to my phone");
  await visit.on("Approve on your phone");
  await stage.push(PIA, false);
  await stage.pass(30);
  await visit.on("Your phone said no");
  await visit.press("Send another request");
  await stage.pass(301);
  await visit.on("Nobody answered");
}
