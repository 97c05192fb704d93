// What a screen reader is told of a page, as text, compared with a file. `UPDATE=1` writes the files anew.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";

const FOLDER = new URL("../snapshots/", import.meta.url);

/** The page’s accessibility tree is as it was. */
export async function isToldAsBefore(page, name) {
  const file = new URL(`${name}.yml`, FOLDER);
  const told = `${sameForAll(await page.locator("body").ariaSnapshot())}\n`;
  if (process.env.UPDATE) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(file, told);
  }
  assert.equal(told, await readFile(file, "utf8"), `snapshots/${name}.yml; write it anew with UPDATE=1, and read what changed`);
}

/** A new language changes nothing that is looked at here, and ids are others each time. */
function sameForAll(tree) {
  const withoutLanguages = tree.replace(/^( *)(- navigation .*)(\n\1 .*)*/m, "$1$2");
  return withoutLanguages.replace(/(\/url: .*[?&]id=)[\w-]+/g, "$1…");
}
