// The pages in examples, as their tools build them (`tests/browser/examples`), on a site other than the portal's: the whole
// visit in a frame in React, and with FULL=1 in plain HTML, Vue and Django.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { listed, says, visitInFrame } from "../lib/framed.js";
import { freePort } from "../lib/port.js";
import { FULL } from "../lib/settings.js";
import { EXAMPLES, listening, ownScript, PORTAL, Sites } from "../lib/sites.js";

const FOLDER = new URL("../../../examples/", import.meta.url).pathname;
const PYTHON = new URL("../../../target/django/bin/python", import.meta.url).pathname;
const BUNDLES = FULL ? ["react", "vue"] : ["react"];

let sites, folder, django;

/** A copy of an example in which the stage's portal stands in place of the documented address. */
async function copied(from, name) {
  const source = join(FOLDER, from);
  if (!existsSync(source)) throw new Error(`${source} is missing; tests/browser/examples builds it`);
  const to = join(folder, name);
  await cp(source, to, { recursive: true });
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile()) await writeFile(file, (await readFile(file, "utf8")).replaceAll("https://mfa.example.com", PORTAL));
  }
  return to;
}

/** The policy that the documentation gives for a page that loads the script from the portal. */
function scriptOfPortal(root) {
  return `root ${root}; add_header Content-Security-Policy "default-src 'none'; script-src 'self' ${PORTAL}; frame-src ${PORTAL}";`;
}

/** Starts the Django example; its lines for nginx. */
async function served() {
  const port = await freePort();
  const env = { ...process.env, MFA_PORTAL: `${PORTAL}/` };
  const words = ["site.py", "runserver", `127.0.0.1:${port}`, "--noreload"];
  django = spawn(PYTHON, words, { cwd: join(FOLDER, "django"), env, stdio: ["ignore", "ignore", "inherit"] });
  django.on("error", (error) => assert.fail(`${error}; FULL=1 tests/browser/examples installs Django`));
  await Promise.race([listening(port), once(django, "exit").then(() => assert.fail("Django has ended"))]);
  return `location / { proxy_pass http://127.0.0.1:${port}; proxy_set_header Host $host; }`;
}

/** A window of a new browser; everybody is signed out, and Nora has no authenticators. */
async function begin(script = true) {
  await sites.startOver();
  return (await sites.browser(script)).newPage();
}

describe("examples", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "examples-"));
    const hosts = { "html.other.test": scriptOfPortal(await copied("html", "html")) };
    for (const name of BUNDLES) hosts[`${name}.other.test`] = ownScript(await copied(`${name}/dist`, name));
    if (FULL) hosts["django.other.test"] = await served();
    sites = await Sites.open(hosts);
  });
  after(async () => {
    await sites.close();
    django?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [name, address, told] of [
    ["html", EXAMPLES.html, listed],
    ["react", `${EXAMPLES.react}/?events`, listed],
    ["vue", EXAMPLES.vue, listed],
    ["django", EXAMPLES.django, null],
  ]) {
    const skip = !FULL && ["vue", "django"].includes(name) && "only with FULL=1";
    it(`the example in ${name} shows the portal, and hears its events`, { skip }, async () => {
      const page = await begin();
      if (FULL || name === "react") return visitInFrame(page, sites, { address, told });
      await page.goto(address);
      await says(page.frameLocator("mfa-portal iframe"), "Sign in to see your ways to verify");
    });

    it(`the example in ${name} shows a link without script`, { skip }, async () => {
      const page = await begin(false);
      await page.goto(address);
      assert.equal(await page.getByRole("link", { name: "Two-step verification" }).getAttribute("href"), `${PORTAL}/`);
      assert.equal(await page.locator("iframe").count(), 0);
    });
  }

  it("the lines of README show the portal in a page of React", async () => {
    const page = await begin();
    await page.goto(EXAMPLES.react);
    await says(page.frameLocator("mfa-portal iframe"), "Sign in to see your ways to verify");
  });
});
