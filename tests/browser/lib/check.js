// What every page must be, whichever it is: accessible, valid, quiet, and no wider than the window. Keeps a picture of it.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The page that waits for a phone: without script nothing else can look again. */
const AXE_OFF = { "meta-refresh": { enabled: false } };

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": "off", // HTML does not care
    "no-redundant-for": "off", // voice control finds a label by it more often than by what it surrounds
    "no-implicit-button-type": "off", // a button in a form sends it, which is what ours are for
    "meta-refresh": "off", // see AXE_OFF
  },
});

/** What is wrong with the page that the window shows, one line each. `served` is its document as it came. */
export async function problems(page, setting, served) {
  const found = await Promise.all([violations(page, setting), invalid(served), tooWide(page, setting)]);
  return found.flat();
}

/** Keeps a picture of the whole page. */
export async function picture(page, folder, name) {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${fileName(name)}.png`), fullPage: true, animations: "disabled" });
}

/** A name that every file system takes. */
export function fileName(name) {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}

async function violations(page, setting) {
  // Where scripts are off no timer ever fires, and axe waits for several of no length.
  if (!setting.script) await page.evaluate(timersAtOnce);
  await page.evaluate(`${axe}; 0`);
  const found = await page.evaluate(runAxe, { runOnly: AXE_RULES, rules: AXE_OFF, preload: false, resultTypes: ["violations"] });
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

async function invalid(html) {
  const { results } = await validator.validateString(html);
  const messages = results.flatMap((result) => result.messages);
  const lines = html.split("\n");
  return messages.map((it) => `HTML ${it.ruleId}: ${it.message}: ${lines[it.line - 1]?.trim()}`);
}

async function tooWide(page, setting) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  return width > setting.width ? [`${width} pixels wide in a window of ${setting.width}`] : [];
}
