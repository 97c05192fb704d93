// Each factor is tried out, and each failure has its own message.

import { ALEX, PIA } from "../lib/people.js";
import { typeCode, typeSentCode, WRONG_APP_CODE } from "../lib/set_up.js";
import { PATIENT, inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { tryPushInVain } from "../lib/try_push.js";
import { walk } from "../lib/walk.js";

const TRY_PHONE = "Test your phone ending 0167";
const CHECK = "Check code";

walk("an authenticator app is tried out, with a wrong code first", inTurn(), async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Test authenticator app");
  await visit.on("Test authenticator app");
  await visit.press("Type a code from the app");
  await visit.on("Type the code your app shows");
  await typeCode(visit, "000000", CHECK);
  await visit.on("Type the code your app shows");
  await visit.isWarned(WRONG_APP_CODE);
  await typeCode(visit, "000001", CHECK);
  await visit.isWarned(WRONG_APP_CODE);
  // A phone with script names the difference instead of the question.
  await visit.says("The app makes its codes from the phone’s clock.");
  await visit.type("Six-digit code", "12 34");
  await visit.press(CHECK);
  await visit.isWarned("A code has six digits.");
  // A code works once, and the current one has signed the person in.
  await visit.stage.pass(30);
  const { authenticators } = await visit.stage.look(ALEX);
  await typeCode(visit, authenticators.find((it) => it.factor === "totp").code, CHECK);
  await visit.on("Two-step verification");
  await visit.hears("The authenticator app works.");
});

walk("a number is tried out with a text and with a call", inTurn(), async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow(TRY_PHONE);
  await visit.on(TRY_PHONE);
  await visit.press("Send me a text message");
  await visit.on("Check your messages");
  await typeCode(visit, "000000", CHECK);
  await visit.on("Check your messages");
  await visit.isWarned("That is not the code we sent.");
  await visit.press("Send another code");
  await visit.on("Check your messages");
  await visit.isWarned("You can ask for another in 30 seconds.");
  await typeSentCode(visit, ALEX, CHECK);
  await visit.hears("Text messages to the number ending 0167 work.");
  await visit.stage.pass(30); // a call to the number counts like another text
  await visit.follow(TRY_PHONE);
  await visit.press("Call me");
  await visit.on("Answer the call");
  await typeSentCode(visit, ALEX, CHECK);
  await visit.on("Two-step verification");
  await visit.hears("Phone calls to the number ending 0167 work.");
});

walk("an e-mail address is tried out", inTurn(), async (visit) => {
  await signIn(visit, ALEX);
  const entries = visit.control("region", "Your ways to verify").getByRole("listitem");
  await visit.go(entries.filter({ hasText: visit.words.of("E-mail") }).getByRole("link").first());
  await visit.press("Send me an e-mail");
  await visit.on("Check your e-mail");
  await typeSentCode(visit, ALEX, CHECK);
  await visit.hears("Codes by e-mail work.");
});

walk("push is tried out: refused, unanswered, approved", PATIENT, async (visit) => {
  const { stage } = visit;
  await signIn(visit, PIA);
  await tryPushInVain(visit);
  await visit.press("Send another request");
  await visit.reaches("Approve on your phone");
  await stage.push(PIA, true);
  await stage.pass(5);
  await visit.on("Two-step verification");
  await visit.hears("Push notifications work.");
});
