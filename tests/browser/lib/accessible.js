// Checks with axe-core: WCAG 2.2 up to level AA, good practice, and the contrast of level AAA.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PSEUDO } from "./words.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Without script a page that waits for a phone can only reload itself. The person asked for it, it lasts five minutes at
 * most, and the page says so. With script no page may refresh itself.
 */
const WITHOUT_SCRIPT = { "meta-refresh": { enabled: false } };

/** The pseudo-locale puts each text into brackets, so an accessible name never contains the visible label. */
const IN_BRACKETS = { "label-content-name-mismatch": { enabled: false } };

/** The contrast of WCAG 1.4.6, which our theme promises. */
const STRICTER = { "color-contrast-enhanced": { enabled: true } };

/** The violations in this window or frame, one line each. */
export async function violations(place, setting) {
  // With scripts off no timer fires, but axe waits for several timers of zero length.
  if (!setting.script) await place.evaluate(timersAtOnce);
  await place.evaluate(`window.axe || ${axe}; 0`);
  const rules = { ...STRICTER, ...(setting.script ? {} : WITHOUT_SCRIPT), ...(setting.language === PSEUDO ? IN_BRACKETS : {}) };
  const found = await place.evaluate(runAxe, { runOnly: RULES, rules, preload: false, resultTypes: ["violations"] });
  return found.map(({ id, help, where }) => `axe ${id}: ${help}: ${where}`);
}

function timersAtOnce() {
  window.setTimeout = (act) => void Promise.resolve().then(act);
  window.clearTimeout = () => {};
}

async function runAxe(options) {
  const { violations } = await window.axe.run(document, options);
  return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html).join(" ") }));
}

/** The contrast of each text in this window that axe can judge, with the element's HTML. */
export async function contrasts(place) {
  await place.evaluate(`window.axe || ${axe}; 0`);
  return place.evaluate(async () => {
    const { passes, violations } = await window.axe.run(document, { runOnly: ["color-contrast"], preload: false });
    const nodes = [...passes, ...violations].flatMap((it) => it.nodes);
    return nodes.map(({ html, any }) => ({ html: html.slice(0, 80), contrast: any[0].data.contrastRatio }));
  });
}
