// The checks that every page must pass, and its picture.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { violations } from "./accessible.js";
import { badlyLaidOut } from "./laid_out.js";
import { isForAxe, isForValidator } from "./seen.js";
import { TAKES_PICTURES } from "./settings.js";
import { untranslated } from "./translated.js";
import { invalid } from "./valid.js";

/** The problems of the page in a window or frame, one line each. `served` is its document as received. */
export async function problems(place, setting, served) {
  const found = await Promise.all([
    isForAxe(served, setting) ? violations(place, setting) : [],
    isForValidator(served) ? invalid(served) : [],
    badlyLaidOut(place, setting.width),
    untranslated(place, setting.language),
  ]);
  return found.flat();
}

/** Saves a picture of the whole page, if pictures are taken. */
export async function picture(page, folder, name) {
  if (TAKES_PICTURES) await save(page, folder, name);
}

/** Saves a picture of the page on which a walk has failed. */
export async function pictureOfFailure(page, folder) {
  await save(page, folder, "failed");
}

async function save(page, folder, name) {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${fileName(name)}.png`), fullPage: true, animations: "disabled" });
}

/** A file name that every file system accepts. */
export function fileName(name) {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}
