// A company's colour, whichever it is, in the light design and the dark one; and the design of older browsers.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contrasts } from "../lib/accessible.js";
import { picture } from "../lib/check.js";
import { ALEX, NORA } from "../lib/people.js";
import { DESK, PHONE } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

/** From black to white, dull and out of every printer's reach. */
const BRANDS = ["#000000", "#101010", "#0000ff", "#a4123f", "#7f7f7f", "#ff0000", "#00ff00", "#00ffff", "#ff00ff", "#ffd60a", "#ffffff", "rgb(0 0 0 / 20%)"];

/** Of these, pictures are taken. */
const PICTURED = ["#a4123f", "#ffd60a", "#101010"];

/** Colours the pages as BRAND_CSS does. */
async function brand(page, colour) {
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, `:root { --brand: ${colour}; }`);
}

/** Nothing on the page is hard to read, in either design. */
async function isReadable(visit, colour) {
  for (const colorScheme of ["light", "dark"]) {
    // Without motion: a colour that is on its way to another says nothing.
    await visit.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await brand(visit.page, colour);
    const found = await contrasts(visit.page);
    assert.ok(found.some(({ html }) => html.startsWith("<a ") || html.startsWith("<button ")));
    const low = found.filter(({ contrast }) => contrast < 4.5);
    assert.deepEqual(low, [], `--brand ${colour}, ${colorScheme}`);
    if (PICTURED.includes(colour)) await picture(visit.page, visit.folder, `${await visit.page.title()} ${colour} ${colorScheme}`);
  }
}

walk("links, buttons and their text are readable with any brand", { only: [PHONE] }, async (visit) => {
  await signIn(visit, ALEX);
  for (const colour of BRANDS) await isReadable(visit, colour);
  await visit.open("/factors/sms");
  for (const colour of BRANDS) await isReadable(visit, colour);
});

const file = (name, content) => {
  const path = join(mkdtempSync(join(tmpdir(), "brand-")), name);
  writeFileSync(path, content);
  return path;
};
const logo = (name, colour) =>
  file(name, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 16"><path fill="${colour}" d="M0 2h8v12H0zm12 0h30v4H12zm0 8h44v4H12z"/></svg>`);
const LOGO = logo("logo.svg", "#15181e");
const LOGO_DARK = logo("logo-dark.svg", "#eef1f6");

/** The logo in the bar and its ground, in this design. */
async function logoIn(visit, colorScheme) {
  await visit.page.emulateMedia({ colorScheme });
  await picture(visit.page, visit.folder, `logo ${colorScheme}`);
  const shown = visit.page.locator(".brand img:visible");
  await visit.page.waitForFunction(() => [...document.querySelectorAll(".brand img")].some((it) => it.checkVisibility() && it.naturalWidth > 0));
  assert.equal(await shown.count(), 1);
  return shown.evaluate((it) => [it.getAttribute("src").split(".")[0], getComputedStyle(it).backgroundColor]);
}

walk("one logo stands on a light ground in the dark", { only: [PHONE] }, async (visit) => {
  await visit.open("/signed-out");
  assert.deepEqual(await logoIn(visit, "light"), ["/static/logo", "rgba(0, 0, 0, 0)"]);
  assert.deepEqual(await logoIn(visit, "dark"), ["/static/logo", "rgb(255, 255, 255)"]);
}, { "brand-logo": LOGO });

walk("the second logo is shown in the dark", { only: [PHONE] }, async (visit) => {
  await visit.open("/signed-out");
  assert.deepEqual(await logoIn(visit, "light"), ["/static/logo", "rgba(0, 0, 0, 0)"]);
  assert.deepEqual(await logoIn(visit, "dark"), ["/static/logo-dark", "rgba(0, 0, 0, 0)"]);
}, { "brand-logo": LOGO, "brand-logo-dark": LOGO_DARK });

walk("a brand that is light only stays light where the system is dark", { only: [PHONE] }, async (visit) => {
  await visit.open("/signed-out");
  assert.deepEqual(await logoIn(visit, "dark"), ["/static/logo", "rgba(0, 0, 0, 0)"]);
  assert.equal(await visit.page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(244, 245, 247)");
}, { "brand-logo": LOGO, "brand-css": file("brand.css", ":root { color-scheme: light; --brand: #a4123f }") });

/** The name of a function that only newer browsers know, and what stands in for it here: no browser knows it. */
const UNKNOWN = { "light-dark()": ["light-dark(", "-x-dark("], "relative colours": ["oklch(from", "oklch(-x"] };

for (const [name, [known, unknown]] of Object.entries(UNKNOWN)) {
  walk(`browsers without ${name} show a whole design`, { only: [{ ...PHONE, scheme: "dark" }, DESK] }, async (visit) => {
    const { page } = visit;
    await page.route("**/static/app.*.css", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replaceAll(known, unknown) });
    });
    await signIn(visit, NORA);
    for (const path of ["/", "/factors/sms"]) {
      await visit.open(path);
      await brand(page, "#ffd60a");
      const low = (await contrasts(page)).filter(({ contrast }) => contrast < 4.5);
      assert.deepEqual(low, [], path);
      await picture(page, visit.folder, `without ${name} ${path}`);
    }
    const button = page.locator("button.button:not(.quiet)").first();
    const look = await button.evaluate((it) => [getComputedStyle(it).backgroundColor, getComputedStyle(it).color]);
    assert.notEqual(look[0], "rgba(0, 0, 0, 0)");
    assert.notEqual(look[0], look[1]);
  });
}
