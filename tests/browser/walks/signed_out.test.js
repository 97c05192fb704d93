// The browser's history after the sign-out. Its memory of whole pages (bfcache) is on, as in people's browsers.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { chromium } from "playwright-core";
import { ARGUMENTS, EXECUTABLE, options } from "../lib/chromium.js";
import { NORA } from "../lib/people.js";
import { typeAppCode } from "../lib/set_up.js";
import { DESK, PHONE_PLAIN } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { Stage } from "../lib/stage.js";
import { Visit } from "../lib/visit.js";
import { PICTURES } from "../lib/walk.js";

let browser;
before(async () => {
  const ignoreDefaultArgs = ["--disable-back-forward-cache"];
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS, ignoreDefaultArgs });
});
after(() => browser.close());

async function shown(page) {
  return (await page.locator("body").innerText()).replace(/\s/g, "");
}

// O-06
it("going back after the sign-out shows no secret", async () => {
  for (const setting of [DESK, PHONE_PLAIN]) {
    const stage = await Stage.open({});
    const page = await (await browser.newContext(options(setting))).newPage();
    const visit = new Visit(page, setting, stage, PICTURES);
    await signIn(visit, NORA);
    await visit.follow(/^Add an authenticator app/);
    await visit.beginSetUp();
    await visit.unfoldKey();
    const key = (await page.locator("p[translate=no]").innerText()).replace(/\s/g, "");
    await visit.unfoldKey();
    await typeAppCode(visit);
    await visit.reaches("Save your recovery code");
    const { recovery_code: code } = await stage.look(NORA);
    assert.ok(key.length >= 16 && (await shown(page)).includes(code), "the pages with secrets were seen");
    await visit.follow("Sign out");
    await visit.press("Sign out");
    await visit.reaches("You are signed out");
    const seen = [];
    for (let steps = 0; steps < 8; steps++) {
      await page.goBack().catch(() => {}); // null or an error at the beginning of the history
      const text = await shown(page);
      assert.ok(!text.includes(key) && !text.includes(code), `${setting.name}: ${page.url()} shows ${text}`);
      seen.push(page.url());
    }
    assert.ok(new Set(seen).size > 1, `the history was walked through: ${seen.join(" ")}`);
    await page.context().close();
    await stage.close();
  }
});
