// The pages that are shown only in frames of other sites pass the checks that every page passes.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { join } from "node:path";
import { picture, problems } from "../lib/check.js";
import { ALEX } from "../lib/people.js";
import { note, seenIn } from "../lib/seen.js";
import { EVERY_PAGE } from "../lib/settings.js";
import { passSignIn } from "../lib/sign_in.js";
import { OTHER_SITE, PORTAL, SAME_SITE, Sites } from "../lib/sites.js";
import { isDocument, Visit } from "../lib/visit.js";
import { PICTURES } from "../lib/walk.js";
import { hasLanguage } from "../lib/words.js";

let sites;
before(async () => { sites = await Sites.open(); });
after(() => sites.close());

/** The problems of the page in the only frame at this address. */
async function problemsInFrame(visit, address, name) {
  const { page, setting, words } = visit;
  const [response] = await Promise.all([
    page.waitForResponse((it) => it.url().startsWith(PORTAL) && isDocument(it)),
    page.goto(address),
  ]);
  const frame = response.frame();
  const width = Math.min(setting.width, 900);
  await page.locator("iframe").evaluate((element, width) => { element.width = width; }, width);
  await frame.waitForLoadState();
  await picture(page, join(PICTURES, "frames", setting.name), name);
  const found = [await note(frame, setting, words), await problems(frame, { ...setting, width }, await response.text())];
  return found.flat();
}

for (const setting of EVERY_PAGE) {
  it(`pages in frames: ${setting.name}`, { skip: !hasLanguage(setting.language) }, async () => {
    const context = await sites.browser(setting.script, setting);
    const stage = Object.assign(Object.create(sites.stage), { portal: PORTAL });
    const visit = new Visit(await context.newPage(), setting, stage, "");
    const found = await problemsInFrame(visit, `${OTHER_SITE}/frame.html`, "sign in");
    await visit.page.goto(PORTAL);
    await stage.pass(30); // a code works once
    await passSignIn(visit, ALEX);
    found.push(...(await problemsInFrame(visit, `${SAME_SITE}/removal.html`, "alone")));
    assert.equal(found.join("\n"), "");
    const { templates } = seenIn(setting);
    assert.ok(["frame/never_framed.html", "frame/sign_in.html"].every((it) => templates.has(it)), [...templates].join(" "));
  });
}
