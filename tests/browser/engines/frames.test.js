// The frame on another site in engines whose cookies differ from Chromium's: Firefox keeps those of the frame apart, and
// WebKitGTK sends the window's cookies to the frame, but lets the frame set none.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { says, signIn, visitInFrame } from "../lib/framed.js";
import { quit as quitFirefox } from "../lib/firefox.js";
import { FIREFOX, FIREFOX_PLAIN, FULL, WEBKIT } from "../lib/settings.js";
import { OTHER_SITE, Sites } from "../lib/sites.js";
import { quit as quitWebkit } from "../lib/webkit.js";

let sites;
before(async () => { sites = await Sites.open(); });
after(async () => {
  await sites.close();
  await quitFirefox();
  quitWebkit();
});

/** A window of a new browser; everybody is signed out, and Nora has no authenticators. */
async function begin(setting) {
  await sites.startOver();
  return sites.otherBrowser(setting);
}

for (const setting of FULL ? [FIREFOX, WEBKIT] : [FIREFOX]) {
  it(`a window hands its session over to a frame on another site: ${setting.name}`, async () => {
    await visitInFrame(await begin(setting), sites, { keepsCookies: setting.engine === "firefox" });
  });
}

it(`a frame on another site leads to the full page: ${FIREFOX_PLAIN.name}`, { skip: !FULL && "only with FULL=1" }, async () => {
  const page = await begin(FIREFOX_PLAIN);
  await page.goto(`${OTHER_SITE}/frame.html`);
  const main = page.frameLocator("iframe").getByRole("main");
  assert.deepEqual(await main.getByRole("link").allInnerTexts(), ["Go to the full page"]);
  await main.getByRole("link").click();
  await signIn(page);
  await says(page, "Two-step verification");
});
