// Every test of the pages in one process, which has one browser and one program for all of them. One file alone:
// `node --test walks/push.test.js`.

import { readdirSync } from "node:fs";
import { describe } from "node:test";

/** Walks that are made at once: while one waits for a phone, another one goes on. */
const AT_ONCE = 2;

async function all(folder) {
  for (const name of readdirSync(new URL(folder, import.meta.url)).sort()) await import(`./${folder}/${name}`);
}

await all("checks");
await describe("walks", { concurrency: AT_ONCE }, () => all("walks"));
