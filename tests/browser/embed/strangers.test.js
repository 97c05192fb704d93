// Attacks in a real browser: a foreign page, or one that may frame the portal, tries to misuse the window and the frame.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ALEX } from "../lib/people.js";
import { OTHER_SITE, PORTAL, SAME_SITE, Sites, STRANGER } from "../lib/sites.js";
import { PASSWORD } from "../lib/visit.js";

let sites;
before(async () => { sites = await Sites.open(); });
after(() => sites.close());

/** A browser in which Alex is signed in at the top. */
async function signedIn() {
  const context = await sites.browser(true);
  const page = await context.newPage();
  await sites.stage.pass(30); // a code works once
  await page.goto(PORTAL);
  await page.getByLabel("E-mail address").fill(ALEX);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button").first().click();
  const { authenticators } = await sites.stage.look(ALEX);
  await page.getByLabel("Code").fill(authenticators.find((it) => it.factor === "totp" && it.active).code);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Two-step verification" }).waitFor();
  return context;
}

// O-10
it("a foreign page that opens the window learns nothing and gets nothing", async () => {
  const context = await signedIn();
  const page = await context.newPage();
  const asked = [];
  context.on("request", (it) => it.url().includes("/hand-over") && asked.push(it.url()));
  await page.goto(`${STRANGER}/window.html`);
  const [window] = await Promise.all([context.waitForEvent("page"), page.getByRole("button").click()]);
  await window.getByRole("heading", { name: "Two-step verification" }).waitFor();
  // The messages of a real frame, from the wrong origin.
  await page.evaluate((portal) => {
    opened.postMessage({ "mfa-portal": { type: "frame", challenge: "A".repeat(43) } }, portal);
    opened.postMessage({ "mfa-portal": { type: "close" } }, portal);
  }, PORTAL);
  await pause(1000);
  assert.deepEqual(await page.evaluate(() => heard), []);
  assert.deepEqual(asked, []);
  assert.equal(window.isClosed(), false);
});

// O-02
it("a foreign page cannot frame the portal, and no page can frame a removal", async () => {
  const context = await signedIn();
  const page = await context.newPage();
  const refusal = page.waitForEvent("console", (it) => it.text().includes("frame-ancestors"));
  await page.goto(`${STRANGER}/frame.html`);
  await refusal;
  await page.goto(`${SAME_SITE}/removal.html`);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("heading", { name: "Removing opens in a window of its own" }).waitFor();
  assert.equal(await frame.getByRole("button").count(), 0);
});

// O-10
it("a frame ignores messages that are not from its own window", async () => {
  const context = await signedIn();
  const page = await context.newPage();
  const asked = [];
  context.on("request", (it) => it.url().includes("/hand-over") && asked.push(it.url()));
  await page.goto(`${OTHER_SITE}/element.html`);
  const frame = page.frameLocator("mfa-portal iframe");
  await frame.getByRole("heading", { name: "Sign in to see your ways to verify" }).waitFor();
  await page.evaluate((portal) => {
    const frame = document.querySelector("mfa-portal").shadowRoot.querySelector("iframe").contentWindow;
    frame.postMessage({ "mfa-portal": { type: "ticket", ticket: "A".repeat(22) } }, portal);
    frame.postMessage({ "mfa-portal": { type: "done" } }, portal);
  }, PORTAL);
  await pause(1000);
  assert.deepEqual(asked, []);
  await frame.getByRole("heading", { name: "Sign in to see your ways to verify" }).waitFor();
  // The element ignores messages that the page forges in the frame's name.
  await page.evaluate(() => postMessage({ "mfa-portal": { type: "removed", factor: "totp" } }, location.origin));
  await pause(300);
  const heard = await page.evaluate(() => window.heard);
  assert.ok(!heard.some(([name]) => name === "removed"), JSON.stringify(heard));
});
