// Readers' own settings: larger text, more space between letters and lines, forced colours. No text is cut or overlaps, and
// controls stay recognizable.

import assert from "node:assert/strict";
import { violations } from "../lib/accessible.js";
import { picture } from "../lib/check.js";
import { indistinct } from "../lib/indistinct.js";
import { badlyLaidOut } from "../lib/laid_out.js";
import { ALEX, NORA } from "../lib/people.js";
import { typeAppCode } from "../lib/set_up.js";
import { DESK, NARROW_ARABIC, PHONE } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const SPACING = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-block-end: 2em !important; }`;

/** Readers' settings (WCAG 2.2, 1.4.4 and 1.4.12), each with a function that switches it on or off. */
const WISHES = {
  "text twice as large": (page, on) => page.evaluate((on) => { document.documentElement.style.fontSize = on ? "200%" : ""; }, on),
  "text with more space": (page, on) => page.evaluate(([on, rules]) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = on ? [sheet] : [];
  }, [on, SPACING]),
};

/** Checks a page with each of these settings, and in forced colours. */
async function withOwnEyes(visit, name) {
  const { page, setting, folder } = visit;
  await visit.reaches(name);
  for (const [wish, set] of Object.entries(WISHES)) {
    await set(page, true);
    await picture(page, folder, `${name} ${wish}`);
    const found = await badlyLaidOut(page, setting.width);
    visit.problems.push(...found.map((it) => `${name}, ${wish}: ${it}`));
    await set(page, false);
  }
  await page.emulateMedia({ forcedColors: "active" });
  await picture(page, folder, `${name} own colours`);
  const found = [...(await violations(page, setting)), ...(await indistinct(page))];
  visit.problems.push(...found.map((it) => `${name}, own colours: ${it}`));
  await page.emulateMedia({ forcedColors: "none" });
}

walk("pages with large text, spaced text and forced colours", { only: [DESK, PHONE, NARROW_ARABIC] }, async (visit) => {
  await signIn(visit, NORA);
  await withOwnEyes(visit, "Two-step verification");
  await visit.follow(/^Add a phone number/);
  await visit.press("Send the code");
  await withOwnEyes(visit, "Add a phone number");
  await visit.open("/factors/totp");
  await visit.beginSetUp();
  await withOwnEyes(visit, "Set up an authenticator app");
  await typeAppCode(visit);
  await withOwnEyes(visit, "Save your recovery code");
  await visit.open("/nothing/here");
  await withOwnEyes(visit, "Page not found");
});

walk("a full list with large text, spaced text and forced colours", { only: [DESK, PHONE, NARROW_ARABIC] }, async (visit) => {
  await signIn(visit, ALEX);
  await withOwnEyes(visit, "Two-step verification");
  await visit.follow("Remove authenticator app");
  await withOwnEyes(visit, "Remove the authenticator app?");
});

walk("more contrast takes precedence over a company's colours", { only: [DESK] }, async (visit) => {
  const { page } = visit;
  const colours = (selector) => page.locator(selector).first().evaluate((it) => getComputedStyle(it).color);
  await signIn(visit, ALEX);
  // As BRAND_CSS does.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":root { --ink: #101010; --ink-soft: #909090; }");
    document.adoptedStyleSheets = [sheet];
  });
  assert.equal(await colours(".lead"), "rgb(144, 144, 144)");
  await page.emulateMedia({ contrast: "more" });
  assert.equal(await colours(".lead"), "rgb(16, 16, 16)");
});
