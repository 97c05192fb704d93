// Phone numbers: countries, national numbers, each mistake, and a call instead of a text.

import assert from "node:assert/strict";
import { ALEX, NORA } from "../lib/people.js";
import { typeSentCode } from "../lib/set_up.js";
import { PHONE, inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

/** Typed values, each with the page's error. */
const MISTAKES = [
  ["", "Type a phone number."],
  ["+1 202 555", "This number is too short."],
  ["+44 20 7946 0123 4567 89", "This number is too long."],
  ["+999 20 7946 0123", "No country has this code."],
  ["+1 202 555 0143 ext. 7", "Extensions cannot be dialled."],
  ["call me", "This is not a phone number."],
  ["+49 170 1234567", "Numbers of this country cannot be used here."],
];

walk(
  "each mistake in a phone number has its own message and keeps the typed value",
  inTurn(),
  async (visit) => {
    await signIn(visit, ALEX);
    await visit.follow(/^Add a phone number/);
    await visit.on("Add a phone number");
    for (const [typed, words] of MISTAKES) {
      await visit.type("Phone number", typed);
      await visit.press("Send the code");
      await visit.on("Add a phone number");
      await visit.isWarned(words);
      assert.equal(await visit.page.locator("#phone_number").inputValue(), typed);
    }
  },
  { "phone-countries": "GB,US" },
);

walk("a number stays on one line", { only: [PHONE] }, async (visit) => {
  await signIn(visit, NORA);
  await visit.follow(/^Add a phone number/);
  await visit.type("Phone number", "+44 7700 900456");
  await visit.press("Send the code");
  const number = visit.page.getByText("+44 7700 900456", { exact: true });
  for (let width = 320; width <= 420; width += 10) {
    await visit.page.setViewportSize({ width, height: 800 });
    assert.equal(await number.evaluate((it) => it.getClientRects().length), 1, `${width} px`);
  }
});

walk("a national number in a chosen country is added by a call instead of a text", inTurn(), async (visit) => {
  const country = visit.page.locator("#country");
  await signIn(visit, NORA);
  await visit.follow(/^Add a phone number/);
  await visit.on("Add a phone number");
  const region = new Intl.Locale(visit.setting.locale).region;
  assert.equal(await country.inputValue(), region === "XA" ? "" : region, "as the browser’s language says");
  await visit.choose("Country", "GB");
  await visit.type("Phone number", "07700 (900) 123");
  await visit.press("Call me instead");
  await visit.on("Answer the call");
  await visit.says("+44");
  const { messages } = await visit.stage.look(NORA);
  assert.deepEqual(messages.map((it) => [it.channel, it.to]), [["voice", "+447700900123"]]);
  await visit.follow("Use another number");
  await visit.on("Add a phone number");
  await visit.choose("Country", "DE");
  await visit.type("Phone number", "0170/1234567");
  await visit.press("Call me now");
  await typeSentCode(visit, NORA);
  await visit.on("Save your recovery code");
  await visit.hears("Number for phone calls added.");
});
