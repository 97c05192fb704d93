// Every test of the pages in one process, which has one browser and one program for all of them. One file alone:
// `node --test walks/push.test.js`.

import { readdirSync } from "node:fs";

for (const folder of ["checks", "walks"]) {
  for (const name of readdirSync(new URL(folder, import.meta.url)).sort()) await import(`./${folder}/${name}`);
}
