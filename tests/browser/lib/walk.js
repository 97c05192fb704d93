// A walk: what one person does from beginning to end, made at several settings, each on a stage of its own.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { join } from "node:path";
import { freshWindow, quit } from "./chromium.js";
import { fileName, picture } from "./check.js";
import { MATRIX } from "./settings.js";
import { Stage } from "./stage.js";
import { Visit } from "./visit.js";
import { isThere } from "./words.js";

/** Where pictures are kept, to be looked at. */
export const PICTURES = new URL("../../../target/browser", import.meta.url).pathname;

/** Settings at once: two processors are busy with these, and with all of the matrix each would wait for the others. */
const AT_ONCE = 4;

/** Milliseconds; a walk takes seconds where nothing else runs. */
const PATIENCE = 300_000;

after(quit);

/**
 * `settings` are where it is made where there is no matrix, or `{ only }` where it is always made, and nowhere else;
 * `flags` are settings of the portal; the body is given the visit.
 */
export function walk(name, settings, body, flags = {}) {
  const all = settings.only ?? (process.env.MATRIX === "full" ? MATRIX : settings);
  describe(name, { concurrency: AT_ONCE }, () => {
    for (const setting of all) {
      // Said by the test runner, and over by itself as soon as the file with the words is there.
      const skip = !isThere(setting.language) && `the pages have no language ${setting.language} yet`;
      it(setting.name, { timeout: PATIENCE, skip }, () => make(name, setting, body, flags));
    }
  });
}

async function make(name, setting, body, flags) {
  const stage = await Stage.open(flags);
  const page = await freshWindow(setting);
  const folder = join(PICTURES, fileName(name), fileName(setting.name));
  const visit = new Visit(page, setting, stage, folder);
  try {
    await body(visit);
    assert.equal(visit.problems.join("\n"), "");
  } catch (error) {
    await picture(page, folder, "failed").catch(() => {});
    throw error;
  } finally {
    await page.context().close();
    await stage.close();
  }
}
