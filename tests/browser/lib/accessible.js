// What axe-core finds against WCAG 2.2 up to level AA and good practice, with the contrast of level AAA.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PSEUDO } from "./words.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Without script a page that waits for a phone has no other way to look again than to be drawn anew: the person asked for
 * it, it lasts five minutes at most, and it is in the page's words. With script no page may refresh itself.
 */
const WITHOUT_SCRIPT = { "meta-refresh": { enabled: false } };

/** Each text of the pseudo-locale has brackets of its own, so that a longer name never holds a shorter one. */
const IN_BRACKETS = { "label-content-name-mismatch": { enabled: false } };

/** The contrast of 1.4.6: our own theme promises it. */
const STRICTER = { "color-contrast-enhanced": { enabled: true } };

/** What is wrong in this window or frame, one line each. */
export async function violations(place, setting) {
  // Where scripts are off no timer ever fires, and axe waits for several of no length.
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
