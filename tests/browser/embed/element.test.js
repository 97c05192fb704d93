// The element of embed.js and embed.mjs: as a module, with its hash, several times, with every attribute, and where it cannot
// work.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { opened, says, signIn, visitInFrame } from "../lib/framed.js";
import { NORA } from "../lib/people.js";
import { FULL } from "../lib/settings.js";
import { OTHER_SITE, PORTAL, SAME_SITE, Sites } from "../lib/sites.js";
import { Stage } from "../lib/stage.js";

const QUESTION = "Sign in to see your ways to verify";

let sites;

/** A window of a new browser with what its console said; everybody is signed out, and Nora has no authenticators. */
async function begin(script = true) {
  await sites.startOver();
  const page = await (await sites.browser(script)).newPage();
  const noise = [];
  page.on("console", (it) => noise.push(it.text()));
  page.on("pageerror", (error) => noise.push(error.message));
  return { page, noise };
}

/** The colour of the page at the lower left of a box. */
async function colour(page, { x, y, height }) {
  const clip = { x, y: y + height - 2, width: 1, height: 1 };
  const png = (await page.screenshot({ clip, fullPage: true })).toString("base64");
  const blank = await page.context().newPage();
  const bytes = await blank.evaluate(async (png) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }, png);
  await blank.close();
  return bytes;
}

describe("the element", () => {
  before(async () => { sites = await Sites.open(); });
  after(() => sites.close());

  it("the module shows the portal, and its hash fits", async () => {
    const { page } = await begin();
    if (FULL) return visitInFrame(page, sites, { address: `${OTHER_SITE}/module.html` });
    await page.goto(`${OTHER_SITE}/module.html`);
    await says(page.frameLocator("mfa-portal iframe"), QUESTION);
  });

  it("without script the page with the module shows the link", async () => {
    const { page } = await begin(false);
    await page.goto(`${OTHER_SITE}/module.html`);
    await page.getByRole("link", { name: "Two-step verification" }).waitFor();
    assert.equal(await page.locator("iframe").count(), 0);
  });

  it("a server may import the package", async () => {
    const { MfaPortal } = await import("../../../deploy/npm/index.js");
    assert.equal(typeof MfaPortal, "function");
  });

  it("a page may load the script several times, in every way", async () => {
    const { page, noise } = await begin();
    await page.goto(`${OTHER_SITE}/thrice.html`);
    await says(page.frameLocator("mfa-portal iframe"), QUESTION);
    await page.evaluate((portal) => import(`${portal}/embed.mjs?again`), PORTAL);
    assert.equal(await page.locator("mfa-portal iframe").count(), 1);
    assert.deepEqual(noise, []);
  });

  it("the attributes choose action, language and ground", async () => {
    const { page, noise } = await begin();
    const context = page.context();
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`${OTHER_SITE}/attributes.html`);
    const frame = page.frameLocator("mfa-portal iframe");
    const window = await opened(context, frame.getByRole("link", { name: "In einem neuen Fenster anmelden" }));
    await signIn(window);
    await says(frame, /Authenticator-App/);
    assert.equal(await frame.locator("html").getAttribute("data-theme"), "light", "the page around it is light");
    assert.deepEqual(await colour(page, await page.locator("mfa-portal").boundingBox()), [0, 255, 0, 255]);
    await page.locator("mfa-portal").evaluate((element) => element.setAttribute("background", "opaque"));
    await frame.locator("html:not([data-transparent])").waitFor();
    assert.notDeepEqual(await colour(page, await page.locator("mfa-portal").boundingBox()), [0, 255, 0, 255]);
    assert.deepEqual(noise, []);
  });

  it("a hidden frame is there when it is shown", async () => {
    const { page, noise } = await begin();
    await page.goto(PORTAL);
    await signIn(page);
    await says(page, "Two-step verification");
    await page.clock.install();
    await page.goto(`${SAME_SITE}/hidden.html`, { waitUntil: "load" });
    await page.clock.fastForward(6_000);
    assert.ok(!(await page.locator("mfa-portal").isVisible()));
    await page.locator("mfa-portal").evaluate((element) => { element.hidden = false; });
    await says(page.frameLocator("mfa-portal iframe"), "Two-step verification");
    assert.ok(await page.locator("mfa-portal iframe").isVisible());
    assert.deepEqual(noise, []);
  });

  it("a page that isolates itself keeps the link, and the console says why", async () => {
    const { page, noise } = await begin();
    await page.clock.install();
    await page.goto(`${OTHER_SITE}/isolated.html`);
    await page.locator("mfa-portal iframe").waitFor();
    await page.waitForLoadState("load");
    await page.clock.fastForward(5_000);
    await page.getByRole("link", { name: "Two-step verification" }).waitFor();
    assert.ok(noise.some((it) => it.startsWith("<mfa-portal>") && it.includes("Cross-Origin-Embedder-Policy")), noise.join("\n"));
    assert.ok(!(await page.locator("mfa-portal iframe").isVisible()));
  });

  describe("without https, on loopback", () => {
    let server, port, stage;
    before(async () => {
      server = createServer((_, answer) => {
        answer.setHeader("content-type", "text/html");
        answer.end(`<!doctype html><script src="${stage.portal}embed.js" defer></script><mfa-portal><a href="/">Link</a></mfa-portal>`);
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
      ({ port } = server.address());
      stage = await Stage.open({ "embed-origins": `http://127.0.0.1:${port},http://localhost:${port}` });
      await stage.person({ name: "Nora", email: NORA });
    });
    after(async () => {
      await stage.close();
      server.close();
    });

    it("one host with two ports works", async () => {
      const { page, noise } = await begin();
      await page.goto(`http://127.0.0.1:${port}/`);
      const frame = page.frameLocator("mfa-portal iframe");
      await signIn(await opened(page.context(), frame.getByRole("link", { name: "Open a new window to sign in" })));
      await says(frame, "Two-step verification");
      assert.deepEqual(noise, []);
    });

    it("two hosts do not work, and frame and console say why", async () => {
      const { page, noise } = await begin();
      await page.goto(`http://localhost:${port}/`);
      const frame = page.frameLocator("mfa-portal iframe");
      await says(frame, QUESTION);
      const alert = await frame.getByRole("alert").innerText();
      assert.ok(alert.includes("https") && alert.includes("same host name"), alert);
      assert.deepEqual(await frame.getByRole("main").getByRole("link").allInnerTexts(), ["Go to the full page"]);
      assert.ok(noise.some((it) => it.startsWith("mfa-portal is on 127.0.0.1")), noise.join("\n"));
    });
  });
});
