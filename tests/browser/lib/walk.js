// A walk: one person’s visit from beginning to end, run in several settings, each on a stage of its own.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { join } from "node:path";
import * as chromium from "./chromium.js";
import { fileName, pictureOfFailure } from "./check.js";
import * as firefox from "./firefox.js";
import { MATRIX, OTHER_ENGINES } from "./settings.js";
import { Stage } from "./stage.js";
import { Visit } from "./visit.js";
import * as webkit from "./webkit.js";
import { hasLanguage } from "./words.js";

/** The folder of the pictures. */
export const PICTURES = new URL("../../../target/browser", import.meta.url).pathname;

/** Settings of one walk that run at once: enough to keep two processors busy. */
const AT_ONCE = 4;

/** The timeout of a walk in milliseconds. On an idle machine it takes seconds. */
const PATIENCE = 300_000;

/** The browsers by the names that settings give them. */
const ENGINES = { chromium, firefox, webkit };

after(() => Promise.all(Object.values(ENGINES).map((it) => it.quit())));

/**
 * Declares a walk. `settings` are those it runs in without `MATRIX=full`, or `{ only }` for a walk that never runs in others;
 * `flags` are settings of the portal; the body gets the visit. The promise is kept once it has ended in every setting.
 */
export function walk(name, settings, body, flags = {}) {
  const all = chosen(settings);
  let left = all.filter((it) => hasLanguage(it.language)).length;
  return new Promise((resolve) => {
    const end = () => (left -= 1) > 0 || resolve();
    if (left === 0) resolve();
    describe(name, { concurrency: AT_ONCE }, () => {
      for (const setting of all) {
        // The test runner reports the skip; it ends as soon as the language's file exists.
        const skip = !hasLanguage(setting.language) && `the pages have no language ${setting.language} yet`;
        it(setting.name, { timeout: PATIENCE, skip }, () => make(name, setting, body, flags).finally(end));
      }
    });
  });
}

function chosen(settings) {
  if (process.env.ENGINES) return settings.only ? settings.only.filter((it) => it.engine) : OTHER_ENGINES;
  return settings.only ?? (process.env.MATRIX === "full" ? MATRIX : settings);
}

async function make(name, setting, body, flags) {
  const stage = await Stage.open(flags);
  const page = await ENGINES[setting.engine ?? "chromium"].freshWindow(setting);
  const folder = join(PICTURES, fileName(name), fileName(setting.name));
  const visit = new Visit(page, setting, stage, folder);
  try {
    await body(visit);
    assert.equal(visit.problems.join("\n"), "");
  } catch (error) {
    await pictureOfFailure(page, folder).catch(() => {});
    throw error;
  } finally {
    await page.context().close();
    await stage.close();
  }
}
