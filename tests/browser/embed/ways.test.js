// The four ways to integrate the portal into an account portal, over https on two sites, with third-party cookies blocked:
// a link and back, a path behind nginx, a frame on the same site, a frame on another site. In each, people sign in, add and
// remove, with script and without.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { settled } from "../lib/deliberate.js";
import { NORA } from "../lib/people.js";
import { OTHER_SITE, PORTAL, SAME_SITE, Sites } from "../lib/sites.js";
import { PASSWORD } from "../lib/visit.js";

let sites;
before(async () => { sites = await Sites.open(); });
after(() => sites.close());

/** On the tenant's page: signs in. */
async function signIn(page) {
  await page.getByLabel("E-mail address").fill(NORA);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** On the list, in a page or in a frame: adds an authenticator app. */
async function addApp(place, stage) {
  await place.getByRole("link", { name: /^Add an authenticator app/ }).click();
  await confirmApp(place, stage);
}

async function confirmApp(place, stage) {
  await place.getByRole("button", { name: "Show me the QR code" }).click();
  await place.getByText("Can’t scan it?").click();
  const code = await stage.appCode(await place.locator(".key").innerText());
  await place.getByLabel("Six-digit code").fill(code);
  const confirm = place.getByRole("button", { name: "Confirm" });
  // With script the page submits a complete code by itself, so the button may be gone.
  await confirm.click({ timeout: 5000 }).catch(() => {});
}

/** On the page with the recovery code: confirms that it is saved. */
async function saveCode(page) {
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Done" }).click();
}

/** On the confirmation page: confirms twice, because this is the last factor. It was added after the sign-in, so the removal
 *  first needs a proof by it. */
async function confirmRemoval(page, stage) {
  const remove = async () => {
    const button = page.getByRole("button", { name: /^Remove/ });
    await settled(button);
    await button.click();
  };
  await remove();
  await says(page, "Please confirm that it is you");
  await stage.pass(31); // a code works once
  await page.getByRole("main").getByRole("link", { name: "Continue" }).click();
  await signIn(page);
  const { authenticators } = await stage.look(NORA);
  await page.getByLabel("Code").fill(authenticators.find((it) => it.factor === "totp" && it.active).code);
  await page.getByRole("button", { name: "Continue" }).click();
  await remove();
  await page.getByRole("heading", { name: /sure/i }).waitFor();
  await remove();
}

async function apps(stage) {
  const { authenticators } = await stage.look(NORA);
  return authenticators.filter((it) => it.factor === "totp" && it.active).length;
}

async function says(place, heading) {
  await place.getByRole("heading", { level: 1, name: heading }).waitFor();
}

/** Starts over: everybody is signed out at the tenant, and Nora has no authenticators. */
async function begin(script) {
  for (const stage of [sites.stage, sites.prefixed]) {
    await stage.order("sign_out_everywhere");
    await stage.person({ name: "Nora", email: NORA });
  }
  return sites.browser(script);
}

/** The window that a click on the link opens. */
async function opened(context, link) {
  const [window] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await window.waitForLoadState();
  return window;
}

async function closes(window) {
  if (!window.isClosed()) await window.waitForEvent("close");
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
    const page = await context.newPage();
    const noise = [];
    page.on("console", (it) => noise.push(it.text()));
    await page.goto(`${OTHER_SITE}/element.html`);
    const frame = page.frameLocator("mfa-portal iframe");
    await says(frame, "Sign in to see your ways to verify");
    const window = await opened(context, frame.getByRole("link", { name: "Open a new window to sign in" }));
    await signIn(window);
    await closes(window);
    await says(frame, "Two-step verification");
    await addApp(frame, sites.stage);
    const code = await opened(context, frame.getByRole("link", { name: "Open the window" }));
    await saveCode(code);
    await closes(code);
    await says(frame, "Two-step verification");
    assert.equal(await apps(sites.stage), 1);
    const removal = await opened(context, frame.getByRole("link", { name: "Remove authenticator app" }));
    await confirmRemoval(removal, sites.stage);
    await closes(removal);
    await frame.getByText("Authenticator app removed.").waitFor();
    assert.ok(await frame.getByRole("status").evaluate((it) => it === document.activeElement), "what was done has the focus");
    assert.equal(await apps(sites.stage), 0);
    const tall = () => frame.locator("body").evaluate((body) => [body.getBoundingClientRect().height, innerHeight].map(Math.ceil));
    await page.waitForFunction(() => document.querySelector("mfa-portal").shadowRoot.querySelector("iframe").style.height !== "30rem");
    const [inside, outside] = await tall();
    assert.equal(inside, outside, "the frame is as tall as what it shows");
    const heard = (await page.evaluate(() => window.heard)).filter(([name]) => name !== "resized");
    const told = heard.map(([name, { factor }]) => [name, factor]);
    assert.deepEqual(told, [["signin-required", undefined], ["added", "totp"], ["removed", "totp"]]);
    assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
    assert.deepEqual(noise, [], "nothing of this is against the page's policy");
    const left = await opened(context, frame.getByRole("link", { name: "Sign out" }));
    await left.getByRole("button", { name: "Sign out" }).click();
    await closes(left);
    await says(frame, "Sign in to see your ways to verify");
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
