// Buttons that change something for good ignore pointers for half a second after their page comes to the front, because
// another page may have led a double click onto them. Keyboards and assistive technology never wait.

import assert from "node:assert/strict";
import { addPerson, ALEX, app, EDDA, phone } from "../lib/people.js";
import { DESK, KEYS, PHONE } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const MANAGEMENT = {
  "auth0-management-client-id": "mfa-portal-management",
  "auth0-management-client-secret": "emulated-tenant-management-secret",
};

/** The button, and the page's clock, which stands still until the walk moves it. */
class Button {
  static async on(visit, name) {
    const { page } = visit;
    await page.addInitScript(() => {
      window.time = 10_000;
      performance.now = () => window.time;
      window.submits = 0;
      addEventListener("submit", () => { window.submits++; });
    });
    await page.reload();
    await page.evaluate(() => { window.isFirst = true; });
    return Object.assign(new Button(), { visit, page, control: visit.control("button", name) });
  }

  pass(milliseconds) {
    return this.page.evaluate((it) => { window.time += it; }, milliseconds);
  }

  /** A click or tap, wherever the button is. */
  point() {
    return this.visit.setting.touch ? this.control.tap() : this.control.click();
  }

  /** What people see of it. */
  async look() {
    const state = (it) => [it.disabled, getComputedStyle(it).opacity, getComputedStyle(it).cursor];
    return [await this.control.boundingBox(), await this.control.evaluate(state)];
  }

  async ignores(why) {
    await this.point();
    const state = await this.page.evaluate(() => [window.isFirst, window.submits]);
    assert.deepEqual(state, [true, 0], `the form is sent: ${why}`);
  }
}

/** The page comes to the front again, as when a window above it closes. */
const FRONT = {
  focus: () => { dispatchEvent(new Event("focus")); },
  "another tab": () => { document.dispatchEvent(new Event("visibilitychange")); },
  Back: () => { dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })); },
};

// O-02
walk("a removal ignores pointers for half a second, and looks the same", { only: [DESK, PHONE] }, async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Remove authenticator app");
  const button = await Button.on(visit, "Remove the authenticator app");
  const look = await button.look();
  await button.ignores("the page has just loaded");
  assert.deepEqual(await button.look(), look);
  for (const [name, comes] of Object.entries(FRONT)) {
    await button.pass(10_000);
    await button.page.evaluate(comes);
    await button.pass(499);
    await button.ignores(name);
  }
  await button.pass(1);
  await visit.leaves(() => button.point());
  await visit.hears("Authenticator app removed.");
});

// O-02
walk("no button is there before its script is", { only: [DESK, PHONE] }, async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Remove authenticator app");
  const { page } = visit;
  const button = await Button.on(visit, "Remove the authenticator app");
  let come;
  const held = new Promise((resolve) => { come = resolve; });
  await page.route(/deliberate/, async (route) => {
    await held;
    await route.continue();
  });
  const reload = page.reload();
  const early = button.control.waitFor({ timeout: 1_000 }).then(() => button.point());
  await assert.rejects(early, "a click would go through");
  come();
  await reload;
  await page.evaluate(() => { window.isFirst = true; });
  await button.ignores("the script has just come");
});

walk("a removal by the keyboard goes at once", { only: [KEYS] }, async (visit) => {
  const olga = await addPerson(visit.stage, "Olga", [app("dev_a"), ...phone("dev_b", "+447700900123")]);
  await signIn(visit, olga);
  for (const [link, name, key] of [
    ["Remove authenticator app", "Remove the authenticator app", "Enter"],
    [/^Remove phone/, "Remove the number", "Space"],
  ]) {
    await visit.follow(link);
    const button = await Button.on(visit, name);
    await visit.leaves(() => visit.use(button.control, key));
    if (key === "Enter") await visit.hears("Authenticator app removed.");
  }
  await visit.on("Are you sure?");
});

walk("assistive technology presses at once", { only: [DESK] }, async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Remove authenticator app");
  const button = await Button.on(visit, "Remove the authenticator app");
  await visit.leaves(() => button.control.evaluate((it) => it.click()));
  await visit.hears("Authenticator app removed.");
});

walk("clearing unfinished enrollments ignores pointers at first, links do not", { only: [DESK] }, async (visit) => {
  await signIn(visit, EDDA);
  const button = await Button.on(visit, "Clear them");
  await button.ignores("the page has just loaded");
  await visit.follow(/^Add an authenticator app/);
  await visit.reaches("Set up an authenticator app");
});

walk(
  "a new recovery code is not made by a pointer that comes too early",
  { only: [DESK] },
  async (visit) => {
    await signIn(visit, ALEX);
    await visit.follow("Get a new recovery code");
    const button = await Button.on(visit, "Get a new recovery code");
    await button.ignores("the page has just loaded");
    await button.pass(500);
    await visit.leaves(() => button.point());
    await visit.reaches("Save your recovery code");
  },
  MANAGEMENT,
);
