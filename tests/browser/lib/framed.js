// Acts in pages and frames of the portal on other sites (sites.js), and a whole visit in a frame on another site.

import assert from "node:assert/strict";
import { settled } from "./deliberate.js";
import { NORA } from "./people.js";
import { OTHER_SITE } from "./sites.js";
import { PASSWORD } from "./visit.js";

/** On the tenant's page: signs in. */
export async function signIn(page) {
  await page.getByLabel("E-mail address").fill(NORA);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** On the list, in a page or in a frame: adds an authenticator app. */
export async function addApp(place, stage) {
  await place.getByRole("link", { name: /^Add an authenticator app/ }).click();
  await confirmApp(place, stage);
}

export async function confirmApp(place, stage) {
  const begin = place.getByRole("button", { name: "Show me the QR code" });
  await begin.click().catch(async (error) => {
    throw new Error(`${error.message}\non the page «${await place.locator("body").innerText()}»`);
  });
  await place.getByText("Can’t scan it?").click();
  const code = await stage.appCode(await place.locator(".key").innerText());
  await place.getByLabel("Six-digit code").fill(code);
  const confirm = place.getByRole("button", { name: "Confirm" });
  // With script the page submits a complete code by itself, so the button may be gone.
  await confirm.click({ timeout: 5000 }).catch(() => {});
}

/** On the page with the recovery code: confirms that it is saved. */
export async function saveCode(page) {
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Done" }).click();
}

/** On the confirmation page: confirms twice, because this is the last factor. It was added after the sign-in, so the removal
 *  first needs a proof by it. */
export async function confirmRemoval(page, stage) {
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

export async function apps(stage) {
  const { authenticators } = await stage.look(NORA);
  return authenticators.filter((it) => it.factor === "totp" && it.active).length;
}

export async function says(place, heading) {
  await place.getByRole("heading", { level: 1, name: heading }).waitFor();
}

/** The window that a click on the link opens. */
export async function opened(context, link) {
  const [window] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await window.waitForLoadState();
  return window;
}

export async function closes(window) {
  if (!window.isClosed()) await window.waitForEvent("close");
}

/** The events that a page with heard.js heard, each with the factor that it told of. */
async function heard(page) {
  const events = (await page.evaluate(() => window.heard)).filter(([name]) => name !== "resized");
  return events.map(([name, { factor }]) => (factor ? `${name} ${factor}` : name));
}

/** The events that an example lists on its page. */
export const listed = (page) => page.locator("ul > li").allInnerTexts();

/** Waits until the frame is as tall as its page: while it grows, what is in it moves away under the pointer. */
async function fits(frame) {
  const isFit = (body) => Math.ceil(body.getBoundingClientRect().height) === innerHeight;
  while (!(await frame.locator("body").evaluate(isFit))) await frame.locator("body").evaluate(() => new Promise(requestAnimationFrame));
}

/** In a frame on another site: Nora signs in in a window, which hands its session over, gives up, adds, removes and signs
 *  out. The theme is kept only by a frame that keeps cookies. `told` reads the events from the page, if it shows them. */
export async function visitInFrame(page, { stage }, { address = `${OTHER_SITE}/element.html`, keepsCookies = true, told = heard } = {}) {
  const context = page.context();
  const noise = [];
  page.on("console", (it) => noise.push(it.text()));
  await page.goto(address);
  const frame = page.frameLocator("mfa-portal iframe");
  const shows = async (heading) => {
    await says(frame, heading);
    await fits(frame);
  };
  await shows("Sign in to see your ways to verify");
  const window = await opened(context, frame.getByRole("link", { name: "Open a new window to sign in" }));
  await signIn(window);
  await closes(window);
  await shows("Two-step verification");
  await frame.getByRole("link", { name: /^Add an authenticator app/ }).click();
  await frame.getByRole("link", { name: "Go back" }).click();
  await shows("Two-step verification");
  await addApp(frame, stage);
  const code = await opened(context, frame.getByRole("link", { name: "Open the window" }));
  await saveCode(code);
  await closes(code);
  await shows("Two-step verification");
  assert.equal(await apps(stage), 1);
  const removal = await opened(context, frame.getByRole("link", { name: "Remove authenticator app" }));
  await confirmRemoval(removal, stage);
  await closes(removal);
  await frame.getByText("Authenticator app removed.").waitFor();
  assert.ok(await frame.getByRole("status").evaluate((it) => it === document.activeElement), "what was done has the focus");
  assert.equal(await apps(stage), 0);
  const tall = () => frame.locator("body").evaluate((body) => [body.getBoundingClientRect().height, innerHeight].map(Math.ceil));
  await page.waitForFunction(() => document.querySelector("mfa-portal").shadowRoot.querySelector("iframe").style.height !== "30rem");
  const [inside, outside] = await tall();
  assert.equal(inside, outside, "the frame is as tall as what it shows");
  if (keepsCookies) assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
  assert.deepEqual(noise, [], "nothing of this is against the page's policy");
  const left = await opened(context, frame.getByRole("link", { name: "Sign out" }));
  await left.getByRole("button", { name: "Sign out" }).click();
  await closes(left);
  await shows("Sign in to see your ways to verify");
  const ends = ["cancelled", "added totp", "recovery-code", "removed totp", "signed-out"];
  if (told) await tells(page, told, ["signin-required", ...ends, "signin-required"]);
}

/** Waits until the page has told of these events, the last of which may be under way. */
async function tells(page, told, expected) {
  for (let tries = 0; tries < 50 && (await told(page)).length < expected.length; tries++) await page.waitForTimeout(100);
  assert.deepEqual(await told(page), expected);
}
