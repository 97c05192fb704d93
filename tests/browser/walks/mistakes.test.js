// Reload, Back and Forward after a mistake in any form: nothing is done again at the tenant, and the browser shows no error
// page of its own. `tests/web/form_problems.rs` has the same twelve cases over HTTP.

import assert from "node:assert/strict";
import { ALEX, NORA } from "../lib/people.js";
import { typeCode } from "../lib/set_up.js";
import { DESK, PHONE_PLAIN } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const TRY_APP = "/authenticators/try?id=totp%7Cdev_AppPhoneTotp0001";
const TRY_PHONE = "/authenticators/try?id=sms%7Cdev_AppPhonePhon0001";
const [SEND, CONFIRM, CHECK, ANOTHER] = ["Send the code", "Confirm", "Check code", "Send another code"];

const typed = (label, text, button) => async (visit) => {
  await visit.type(label, text);
  await visit.press(button);
};
const code = (digits, button) => (visit) =>
  digits.length === 6 ? typeCode(visit, digits, button) : typed("Six-digit code", digits, button)(visit);
const BEGIN = (visit) => visit.beginSetUp();
const press = (button) => (visit) => visit.press(button);
/** Each set-up has a number of its own: for the same one it would go on and send nothing. */
const texted = (last) => typed("Phone number", `+44 7700 90012${last}`, SEND);

/** By person: the page, the way from there to the form, the mistake, and its words. */
const CASES = {
  [NORA]: [
    ["/factors/sms", null, typed("Phone number", "", SEND), "Type a phone number"],
    ["/factors/voice", null, typed("Phone number", "+44 12", "Call me now"), "too short"],
    ["/factors/email", null, typed("E-mail address", "nobody", SEND), "An address looks like"],
    ["/factors/sms", texted(1), code("12", CONFIRM), "six digits"],
    ["/factors/sms", texted(2), code("000000", CONFIRM), "not the code we sent"],
    ["/factors/sms", texted(3), press(ANOTHER), "still on its way"],
    ["/factors/totp", BEGIN, code("000000", CONFIRM), "is wrong"],
    ["/factors/totp", BEGIN, code("", CONFIRM), "six digits"],
  ],
  [ALEX]: [
    [TRY_APP, press("Type a code from the app"), code("000000", CHECK), "is wrong"],
    [TRY_APP, press("Type a code from the app"), code("1", CHECK), "six digits"],
    [TRY_PHONE, press("Send me a text message"), press(ANOTHER), "still on its way"],
    [TRY_PHONE, press("Call me"), code("000000", CHECK), "not the code we sent"],
  ],
};

/** What the portal did at the tenant so far. */
async function changes({ stage }) {
  return (await stage.requests()).filter((request) => !request.startsWith("GET "));
}

async function isToldOf({ page }, mistake) {
  const told = (await page.getByRole("alert").allInnerTexts()).join(" ");
  assert.ok(told.includes(mistake), `“${mistake}” is not in: ${told}`);
  assert.match(await page.title(), /^Error:/);
}

walk("reload, back and forward after each mistake do nothing again", { only: [DESK, PHONE_PLAIN] }, async (visit) => {
  const { page, stage } = visit;
  for (const [person, cases] of Object.entries(CASES)) {
    await page.context().clearCookies();
    await signIn(visit, person);
    for (const [form, before, mistake, words] of cases) {
      await stage.pass(31); // the pause between two messages
      await visit.open(form);
      await before?.(visit);
      await mistake(visit);
      await isToldOf(visit, words);
      const done = await changes(visit);
      for (let time = 0; time < 2; time++) {
        await page.reload();
        await isToldOf(visit, words);
      }
      // Rejected where the browser shows an error page, such as ERR_CACHE_MISS.
      await page.goBack();
      assert.ok(page.url().startsWith(stage.portal), `${form}: back at ${page.url()}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.goForward();
      await isToldOf(visit, words);
      assert.deepEqual(await changes(visit), done, `${form}: ${words}`);
    }
  }
});
