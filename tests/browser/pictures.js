// Makes the README's pictures of the pages: `npm run pictures` writes them to docs/pictures, compressed by pngquant and
// optipng (Debian packages).

import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freshWindow, quit } from "./lib/chromium.js";
import { addPerson, app, phone as number } from "./lib/people.js";
import { typeAppCode } from "./lib/set_up.js";
import { DESK, PHONE } from "./lib/settings.js";
import { signIn } from "./lib/sign_in.js";
import { Stage } from "./lib/stage.js";
import { Visit } from "./lib/visit.js";
import { hasLanguage } from "./lib/words.js";

const FOLDER = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

/** Two device pixels per CSS pixel. */
const SHARP = { sharpness: 2 };
const desk = { ...DESK, ...SHARP, width: 960, height: 900 };
const phone = { ...PHONE, ...SHARP, width: 390, height: 844 };

/** The authenticators of a person with an app, a number and a recovery code, and of one without any. */
const HAS = [app("dev_app"), ...number("dev_phone", "+12025550167"), { factor: "recovery-code", device: "dev_paper", active: true }];
const NOTHING = [];

/** By file name: the setting, the person's authenticators, and the way from the list to the page. */
const PICTURES = {
  "list": [desk, HAS, async () => {}],
  "list-dark": [{ ...phone, scheme: "dark" }, HAS, async () => {}],
  "list-arabic": [{ ...phone, language: "ar", locale: "ar-EG" }, HAS, async () => {}],
  "authenticator-app": [phone, NOTHING, async (visit) => {
    await visit.open("/factors/totp");
    await visit.beginSetUp();
    await visit.reaches("Set up an authenticator app");
  }],
  "recovery-code": [phone, NOTHING, async (visit) => {
    await visit.open("/factors/totp");
    await visit.beginSetUp();
    await typeAppCode(visit);
    await visit.reaches("Save your recovery code");
  }],
};

const run = promisify(execFile);
await mkdir(FOLDER, { recursive: true });
for (const [name, [setting, has, lead]] of Object.entries(PICTURES)) {
  if (!hasLanguage(setting.language)) {
    console.error(`${name}: the pages have no language ${setting.language} yet`);
    continue;
  }
  const stage = await Stage.open();
  const page = await freshWindow(setting);
  const visit = new Visit(page, setting, stage, FOLDER);
  await signIn(visit, await addPerson(stage, "Robin", has));
  await lead(visit);
  const path = `${FOLDER}${name}.png`;
  await page.screenshot({ path, animations: "disabled" });
  await run("pngquant", ["--force", "--skip-if-larger", "--ext", ".png", "--speed", "1", path]).catch(({ code }) => code);
  await run("optipng", ["-quiet", "-strip", "all", path]);
  await page.context().close();
  await stage.close();
}
await quit();
