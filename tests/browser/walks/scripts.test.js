// The small scripts, as far as no other walk covers them: each improves a page and never gets in the way.

import assert from "node:assert/strict";
import { NORA, PIA } from "../lib/people.js";
import { sendText } from "../lib/set_up.js";
import { DESK, NARROW_ARABIC, PHONE } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

/** Collects the paths of all POST requests from now on. */
function sent(page) {
  const paths = [];
  page.on("request", (it) => it.method() === "POST" && paths.push(new URL(it.url()).pathname));
  return paths;
}

walk("a form submitted twice is sent once, and again after Back", { only: [DESK] }, async (visit) => {
  const { page } = visit;
  await signIn(visit, NORA);
  await visit.open("/factors/email");
  await visit.type("E-mail address", "nora.private@example.org");
  await visit.stage.fault("POST", "/mfa/associate", { delay: 1500 }, 1);
  const paths = sent(page);
  const twice = (button) => { button.click(); setTimeout(() => button.click(), 200); };
  await visit.leaves(() => visit.control("button", "Send the code").evaluate(twice));
  await visit.reaches("Check your e-mail");
  assert.deepEqual(paths, ["/factors/email"]);
  await page.goBack();
  await visit.type("E-mail address", "nora.other@example.org");
  await visit.press("Send the code");
  await visit.reaches("Check your e-mail");
  await visit.says("nora.other@example.org");
});

walk("a button pressed before the automatic submit sends the code once", { only: [DESK] }, async (visit) => {
  const { page } = visit;
  await signIn(visit, NORA);
  await sendText(visit, "+44 7700 900123");
  await visit.stage.fault("POST", "/oauth/token", { delay: 1500 }, 1); // longer than the page waits
  const paths = sent(page);
  const atOnce = (field, code) => {
    field.value = code;
    field.dispatchEvent(new Event("input"));
    field.form.querySelector("button").click();
  };
  const code = await visit.stage.sentCode(NORA);
  await visit.leaves(() => page.getByLabel("Six-digit code").evaluate(atOnce, code));
  await visit.reaches("Save your recovery code");
  assert.equal(paths.length, 1, paths.join(" "));
});

walk("cancelling right after the sixth digit prevents the automatic submit", { only: [PHONE] }, async (visit) => {
  const { page } = visit;
  await signIn(visit, NORA);
  await sendText(visit, "+44 7700 900123");
  const paths = sent(page);
  // Longer than the page waits before it submits by itself.
  await page.route("**/cancel", (route) => setTimeout(() => route.continue(), 1500));
  await visit.type("Six-digit code", "000000");
  await visit.press("Cancel this set-up");
  await visit.hears("The set-up was cancelled.");
  assert.equal(paths.filter((it) => it.endsWith("/confirm")).length, 0, "the code went out all the same");
});

walk("a code in Arabic digits is submitted by itself, too", { only: [NARROW_ARABIC] }, async (visit) => {
  await signIn(visit, NORA);
  await sendText(visit, "+44 7700 900123");
  await visit.leaves(() => visit.type("Six-digit code", "٠٠٠ ٠٠٠"));
  await visit.isWarned("There is a problem");
});

walk("characters that nobody sees keep no pasted code from being submitted by itself", { only: [DESK] }, async (visit) => {
  await signIn(visit, NORA);
  await sendText(visit, "+44 7700 900123");
  for (const unseen of ["\u200B", "\u2060", "\uFEFF", "\u00AD"]) {
    await visit.leaves(() => visit.page.getByLabel("Six-digit code").fill([..."000000"].join(unseen)));
    await visit.isWarned("There is a problem");
  }
});

walk("a page that waits for a phone leads to the sign-in when the visit is over", { only: [DESK] }, async (visit) => {
  const { page, stage } = visit;
  await signIn(visit, PIA);
  await visit.follow("Test push notifications");
  await visit.press("Send a request to my phone");
  await visit.reaches("Approve on your phone");
  await stage.order("sign_out_everywhere");
  await page.context().clearCookies();
  await page.waitForURL((url) => url.origin === new URL(stage.tenant).origin);
});

walk("a refused copy is explained", { only: [DESK] }, async (visit) => {
  const { page } = visit;
  await page.addInitScript(() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError")); });
  await signIn(visit, NORA);
  await visit.open("/factors/totp");
  await visit.beginSetUp();
  await visit.unfoldKey();
  await visit.use(visit.control("button", "Copy"), "Enter");
  await page.getByText("That did not work. Select the text and copy it yourself.").waitFor();
});
