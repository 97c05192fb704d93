// The phone's clock, after the second wrong code of an app: a phone is told how far it is off, anything else is only asked.

import assert from "node:assert/strict";
import { NORA } from "../lib/people.js";
import { typeCode } from "../lib/set_up.js";
import { DESK, PHONE, PHONE_PLAIN } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";
import { plain } from "../lib/words.js";

/** The stage's clock, which stands still: a Sunday at noon. */
const NOW = 1_795_348_800_000;
const QUESTION = "Is your phone’s clock right?";
/** By the seconds that the device's clock is off. */
const SAID_TO_A_PHONE = [
  [0, QUESTION],
  [29, QUESTION],
  [-29, QUESTION],
  [-40, "This phone’s clock is 40 seconds behind"],
  [-180, "This phone’s clock is 3 minutes behind"],
  [180, "This phone’s clock is 3 minutes ahead"],
  [3 * 3600, "This phone’s clock is 3 hours ahead"],
];

walk("a phone's clock is compared after the second wrong code", { only: [PHONE, PHONE_PLAIN, DESK] }, async (visit) => {
  const { page, setting } = visit;
  await signIn(visit, NORA);
  await visit.open("/factors/totp");
  await visit.beginSetUp();
  await typeCode(visit, "000000");
  assert.equal(await page.locator("main").getByText("clock").count(), 0, "the first wrong code says nothing of a clock");
  await typeCode(visit, "000001");
  for (const [off, words] of SAID_TO_A_PHONE) {
    await page.clock.setFixedTime(NOW + off * 1000);
    await page.reload(); // the mistake stays for two minutes
    const said = (await page.locator("main strong").allInnerTexts()).map(plain).filter((it) => it.includes("clock"));
    assert.deepEqual(said, [setting === PHONE ? words : QUESTION], `${off} s off`);
  }
});
