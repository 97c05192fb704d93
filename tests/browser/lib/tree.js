// Snapshots of the accessibility tree, which is what a screen reader gets. `UPDATE=1` writes them again.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";

const FOLDER = new URL("../snapshots/", import.meta.url);

/** Asserts that the page’s accessibility tree matches the snapshot of this name. */
export async function matchesSnapshot(page, name) {
  const file = new URL(`${name}.yml`, FOLDER);
  const told = `${sameForAll(await page.locator("body").ariaSnapshot())}\n`;
  if (process.env.UPDATE) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(file, told);
  }
  assert.equal(told, await readFile(file, "utf8"), `snapshots/${name}.yml; write it anew with UPDATE=1, and read what changed`);
}

/** Removes the language switch, which grows with each language, and ids, which are random. */
function sameForAll(tree) {
  const withoutLanguages = tree.replace(/^( *)(- navigation .*)(\n\1 .*)*/m, "$1$2");
  return withoutLanguages.replace(/(\/url: .*[?&]id=)[\w-]+/g, "$1…");
}
