// Every test of this folder in one process, beside the one of the pages (../all.js): frames wait more than they work.

import { readdirSync } from "node:fs";

for (const name of readdirSync(new URL(".", import.meta.url)).sort()) {
  if (name.endsWith(".test.js")) await import(`./${name}`);
}
