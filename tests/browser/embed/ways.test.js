// The four ways to integrate the portal into an account portal, over https on two sites, with third-party cookies blocked:
// a link and back, a path behind nginx, a frame on the same site, a frame on another site. In each, people sign in, add and
// remove, with script and without.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addApp, apps, closes, confirmApp, confirmRemoval, opened, saveCode, says, signIn, visitInFrame } from "../lib/framed.js";
import { OTHER_SITE, PORTAL, SAME_SITE, Sites } from "../lib/sites.js";

let sites;
before(async () => { sites = await Sites.open(); });
after(() => sites.close());

/** Starts over in a new browser. */
async function begin(script) {
  await sites.startOver();
  return sites.browser(script);
}

for (const script of [true, false]) {
  describe(script ? "with script" : "without script", () => {
    it("the browser blocks third-party cookies", async () => {
      const context = await begin(script);
      assert.equal(await probe(context, OTHER_SITE), "<>");
      assert.equal(await probe(context, SAME_SITE), "<seen=1>");
    });

    it("a link leads to the portal and back", async () => {
      const context = await begin(script);
      const page = await context.newPage();
      await page.goto(`${SAME_SITE}/link.html`);
      await page.getByRole("link", { name: "add:totp" }).click();
      await signIn(page);
      await confirmApp(page, sites.stage);
      await saveCode(page);
      await page.waitForURL(`${SAME_SITE}/link.html?status=added&factor=totp`);
      assert.equal(await apps(sites.stage), 1);
      await page.getByRole("link", { name: "remove:totp" }).click();
      await confirmRemoval(page, sites.stage);
      await page.waitForURL(`${SAME_SITE}/link.html?status=removed&factor=totp`);
      assert.equal(await apps(sites.stage), 0);
    });

    it("the portal works under a path behind nginx", async () => {
      const context = await begin(script);
      const page = await context.newPage();
      await page.goto(`${SAME_SITE}/mfa`);
      await signIn(page);
      await says(page, "Two-step verification");
      await addApp(page, sites.prefixed);
      await saveCode(page);
      await says(page, "Two-step verification");
      assert.equal(await apps(sites.prefixed), 1);
      await page.getByRole("link", { name: "Remove authenticator app" }).click();
      await confirmRemoval(page, sites.prefixed);
      await says(page, "Two-step verification");
      assert.ok(page.url().startsWith(`${SAME_SITE}/mfa`), page.url());
      assert.equal(await apps(sites.prefixed), 0);
    });

    // S-03
    it("the portal works in a frame on the same site", async () => {
      const context = await begin(script);
      const page = await context.newPage();
      await page.goto(`${SAME_SITE}/frame.html`);
      const frame = page.frameLocator("iframe");
      await frame.getByRole("link", { name: "Go to the full page" }).click();
      await signIn(page);
      await says(page, "Two-step verification");
      await page.goto(`${SAME_SITE}/frame.html`);
      await says(frame, "Two-step verification");
      await addApp(frame, sites.stage);
      await says(frame, "Your recovery code opens in a window of its own");
      assert.equal(await apps(sites.stage), 1);
      const code = await opened(context, frame.getByRole("link", { name: "Open the window" }));
      await saveCode(code);
      if (script) await closes(code);
      else await page.reload();
      await says(frame, "Two-step verification");
      const removal = await opened(context, frame.getByRole("link", { name: "Remove authenticator app" }));
      await confirmRemoval(removal, sites.stage);
      if (script) await frame.getByText("Authenticator app removed.").waitFor();
      else await removal.getByText("Authenticator app removed.").waitFor();
      assert.equal(await apps(sites.stage), 0);
    });
  });
}

/** The cookies that the framed probe receives at its second visit. */
async function probe(context, site) {
  const page = await context.newPage();
  await page.goto(`${site}/probe.html`);
  await page.goto(`${site}/probe.html`);
  const text = await page.frameLocator("iframe").locator("body").innerText();
  await page.close();
  return text;
}

describe("in a frame on another site", () => {
  it("a window hands its session over, and the page around the frame gets the events", async () => {
    const context = await begin(true);
    await visitInFrame(await context.newPage(), sites);
  });

  it("the frame says so when the window cannot hand its session over", async () => {
    const context = await begin(true);
    await context.route("**/hand-over", (route) => route.fulfill({ status: 503 }));
    const page = await context.newPage();
    await page.goto(`${OTHER_SITE}/element.html`);
    const frame = page.frameLocator("mfa-portal iframe");
    const window = await opened(context, frame.getByRole("link", { name: "Open a new window to sign in" }));
    await signIn(window);
    await frame.getByText("Your browser may not let this part store anything.").waitFor();
    assert.ok(!window.isClosed(), "everything works there");
  });

  it("without script the frame shows only the link to the full page", async () => {
    const context = await begin(false);
    const page = await context.newPage();
    await page.goto(`${OTHER_SITE}/element.html`);
    await page.getByRole("link", { name: "Two-step verification" }).waitFor();
    await page.goto(`${OTHER_SITE}/frame.html`);
    const main = page.frameLocator("iframe").getByRole("main");
    assert.deepEqual(await main.getByRole("link").allInnerTexts(), ["Go to the full page"]);
    await main.getByRole("link").click();
    await signIn(page);
    await says(page, "Two-step verification");
    assert.ok(page.url().startsWith(PORTAL), page.url());
    await addApp(page, sites.stage);
    await saveCode(page);
    await page.getByRole("link", { name: "Remove authenticator app" }).click();
    await confirmRemoval(page, sites.stage);
    assert.equal(await apps(sites.stage), 0);
    await page.goto(`${OTHER_SITE}/frame.html`);
    assert.deepEqual(await main.getByRole("link").allInnerTexts(), ["Go to the full page"], "its cookies are kept apart");
  });
});
