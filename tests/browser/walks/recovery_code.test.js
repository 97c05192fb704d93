// The recovery code: saved, lost, used, and replaced.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { picture } from "../lib/check.js";
import { ALEX, NORA } from "../lib/people.js";
import { sayItIsSaved, typeAppCode } from "../lib/set_up.js";
import { KEYS, KEYS_PLAIN, PHONE, PHONE_PLAIN, inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

const MANAGEMENT = {
  "auth0-management-client-id": "mfa-portal-management",
  "auth0-management-client-secret": "emulated-tenant-management-secret",
};

async function shownCode(visit) {
  return (await visit.page.locator("p[translate=no]").innerText()).replace(/\s/g, "");
}

/** Downloads the recovery code and returns the file's text. */
async function download(visit) {
  const coming = visit.page.waitForEvent("download");
  await visit.use(visit.control("link", "Download"), "Enter");
  return readFile(await (await coming).path(), "utf8");
}

/** Adds Nora's first app, up to the recovery code. */
async function firstAppIsAdded(visit) {
  await signIn(visit, NORA);
  await visit.on("Two-step verification");
  await visit.says("Two-step verification is off. Only your password protects your account.");
  await visit.follow(/^Add an authenticator app/);
  await visit.on("Set up an authenticator app");
  await visit.beginSetUp();
  await visit.on("Set up an authenticator app");
  await typeAppCode(visit);
  await visit.on("Save your recovery code");
  await visit.hears("Authenticator app added.");
}

walk("the recovery code comes with the first factor and is saved", [PHONE_PLAIN, KEYS_PLAIN], async (visit) => {
  await firstAppIsAdded(visit);
  const { recovery_code: code } = await visit.stage.look(NORA);
  assert.equal(await shownCode(visit), code);
  // WebKit's driver tells nothing of downloads, and neither does a page without script in Firefox.
  if (!visit.setting.engine) assert.match((await download(visit)).replace(/\s/g, ""), new RegExp(code));
  await visit.press("Done");
  await visit.on("Save your recovery code");
  await visit.isWarned("tick the box");
  await visit.open("/");
  await visit.on("Two-step verification");
  await visit.says("it has not been saved yet");
  await visit.follow("Show my recovery code");
  assert.equal(await shownCode(visit), code);
  await sayItIsSaved(visit);
  await visit.on("Two-step verification");
  await visit.hears("Recovery code saved.");
  await visit.has("Authenticator app", "Recovery code");
  await visit.follow("Lost your recovery code?");
  await visit.on("Get a new recovery code");
  await visit.says("ask your support team for a new one");
});

walk("with script the recovery code is copied, printed and downloaded", { only: [PHONE, KEYS] }, async (visit) => {
  const { page } = visit;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.addInitScript(() => (window.print = () => (window.printed = true)));
  await firstAppIsAdded(visit);
  const { recovery_code: code } = await visit.stage.look(NORA);
  const beside = visit.control("link", "Download");
  const { x: before } = await beside.boundingBox();
  await visit.use(visit.control("button", "Copy"), "Enter");
  await visit.control("button", "Copied").waitFor();
  assert.equal((await beside.boundingBox()).x, before, "nothing moves beside what was copied");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
  await visit.on("Save your recovery code");
  await visit.use(visit.control("button", "Print"), "Space");
  assert.ok(await page.evaluate(() => window.printed));
  await page.emulateMedia({ media: "print" });
  await page.getByText(/^For the account of/).waitFor();
  assert.equal(await shownCode(visit), code);
  for (const role of ["button", "banner", "contentinfo", "checkbox"]) assert.equal(await page.getByRole(role).count(), 0, role);
  await picture(page, visit.folder, "printed");
  await page.emulateMedia({ media: "screen" });
  const file = await download(visit);
  for (const expected of ["Northwind", "For the account of", "November 22, 2026", visit.stage.portal]) assert.ok(file.includes(expected), file);
  await sayItIsSaved(visit);
  await visit.on("Two-step verification");
});

walk("the recovery code of a cancelled enrollment waits for a confirmation", inTurn(), async (visit) => {
  await signIn(visit, NORA);
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  await visit.press("Cancel this set-up");
  await visit.on("Two-step verification");
  await visit.hears("The set-up was cancelled.");
  await visit.follow(/^Add an authenticator app/);
  await visit.beginSetUp();
  await typeAppCode(visit);
  await visit.on("Save your recovery code");
  assert.equal(await shownCode(visit), (await visit.stage.look(NORA)).recovery_code);
});

walk(
  "a lost recovery code is replaced by a new one",
  inTurn(),
  async (visit) => {
    await signIn(visit, ALEX);
    await visit.follow("Get a new recovery code");
    await visit.on("Get a new recovery code");
    await visit.says("The old one cannot be shown again and stops working.");
    const before = (await visit.stage.look(ALEX)).recovery_code;
    await visit.press("Get a new recovery code");
    await visit.on("Save your recovery code");
    const { recovery_code: code } = await visit.stage.look(ALEX);
    assert.notEqual(code, before);
    assert.equal(await shownCode(visit), code);
    await sayItIsSaved(visit);
    await visit.on("Two-step verification");
    await visit.hears("Recovery code saved.");
  },
  MANAGEMENT,
);

walk("after a sign-in with the recovery code the page explains that it is used up", inTurn(), async (visit) => {
  const { recovery_code: code } = await visit.stage.look(ALEX);
  await visit.open();
  await visit.type("E-mail address", ALEX);
  await visit.type("Password", "correct horse");
  await visit.press("Continue");
  await visit.press(/^Recovery code/);
  await visit.type("Code", code);
  await visit.press("Continue");
  await visit.go(visit.page.getByRole("button").first());
  await visit.on("Two-step verification");
  await visit.follow("Lost your recovery code?");
  await visit.says("you were given a new one then, and the old one no longer works");
});
