// The pictures for the README, of the pages as they are: `npm run pictures` puts them into docs/pictures, made small by
// pngquant and optipng (Debian packages).

import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freshWindow, quit } from "./lib/chromium.js";
import { ALEX, NORA } from "./lib/people.js";
import { DESK, PHONE } from "./lib/settings.js";
import { signIn } from "./lib/sign_in.js";
import { Stage } from "./lib/stage.js";
import { Visit } from "./lib/visit.js";
import { isThere } from "./lib/words.js";

const FOLDER = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

/** As sharp as on a screen with two pixels to the point. */
const SHARP = { sharpness: 2 };
const desk = { ...DESK, ...SHARP, width: 960, height: 900 };
const phone = { ...PHONE, ...SHARP, width: 390, height: 844 };

const PICTURES = {
  "list": [desk, ALEX, async () => {}],
  "list-dark": [{ ...phone, scheme: "dark" }, ALEX, async () => {}],
  "list-arabic": [{ ...phone, language: "ar", locale: "ar-EG" }, ALEX, async () => {}],
  "authenticator-app": [phone, NORA, async (visit) => {
    await visit.open("/factors/totp");
    await visit.press("Show me the code to scan");
    await visit.reaches("Set up an authenticator app");
  }],
  "recovery-code": [phone, NORA, async (visit) => {
    await visit.open("/factors/totp");
    await visit.press("Show me the code to scan");
    await visit.press("Cancel this set-up");
    await visit.open("/recovery-code");
    await visit.reaches("Save your recovery code");
  }],
};

const run = promisify(execFile);
await mkdir(FOLDER, { recursive: true });
for (const [name, [setting, person, lead]] of Object.entries(PICTURES)) {
  if (!isThere(setting.language)) {
    console.error(`${name}: the pages have no language ${setting.language} yet`);
    continue;
  }
  const stage = await Stage.open();
  const page = await freshWindow(setting);
  const visit = new Visit(page, setting, stage, FOLDER);
  await signIn(visit, person);
  await lead(visit);
  const path = `${FOLDER}${name}.png`;
  await page.screenshot({ path, animations: "disabled" });
  await run("pngquant", ["--force", "--skip-if-larger", "--ext", ".png", "--speed", "1", path]).catch(({ code }) => code);
  await run("optipng", ["-quiet", "-strip", "all", path]);
  await page.context().close();
  await stage.close();
}
await quit();
