// A sibling host in a real browser: cookies that it plants for the whole domain neither reach the portal nor keep anybody from
// signing in.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { addPerson, NORA } from "../lib/people.js";
import { PORTAL, SAME_SITE, Sites } from "../lib/sites.js";
import { PASSWORD } from "../lib/visit.js";

const DOMAIN = "company.test";

let sites;
before(async () => { sites = await Sites.open(); });
after(() => sites.close());

/** Names that only look like ours: escapes and Unicode blanks. */
const disguises = (name) => [
  name.replace("__", "%5F%5F"), name.replace("__", "%5f_"), name.replaceAll("-", "%2D"), name.replace("__", "%255F%255F"),
  `\u2000${name}`, `\u00a0${name}`, `${name}\u3000`, `\u0085${name}`,
];

/** The portal's cookies of this browser as [name, value]. */
async function own(context) {
  const cookies = await context.cookies(PORTAL);
  return cookies.filter((it) => it.name.startsWith("__Host-mfa-portal-")).map((it) => [it.name, it.value]);
}

/** Plants cookies for the whole domain from a page of the sibling host; returns how many the browser kept. */
async function plant(context, planted) {
  const page = await context.newPage();
  await page.goto(`${SAME_SITE}/link.html`);
  await page.evaluate(([planted, domain]) => {
    for (const [name, value] of planted) document.cookie = `${name}=${value}; Domain=${domain}; Path=/; Secure`;
  }, [planted, DOMAIN]);
  await page.close();
  return kept(context);
}

/** How many of the planted cookies the browser has. */
async function kept(context) {
  return (await context.cookies(PORTAL)).filter((it) => it.domain === `.${DOMAIN}`).length;
}

async function signIn(page, email) {
  await page.goto(PORTAL);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Two-step verification" }).waitFor();
}

// L-03, S-02
it("a sibling host's cookies neither prevent a sign-in nor replace the session", async () => {
  // What an attacker gets from the portal: a session of their own, and sign-ins that they have begun.
  const mallory = await addPerson(sites.stage, "Mallory", []);
  let context = await sites.browser(true);
  let page = await context.newPage();
  await page.goto(`${PORTAL}/sign-in`);
  await page.goto(`${PORTAL}/?return_to=${SAME_SITE}/evil.html`);
  const begun = await own(context);
  await signIn(page, mallory);
  const attackers = [...begun, ...await own(context)];
  const kinds = ["sign-in.", "session", "deep-link"];
  assert.ok(kinds.every((kind) => attackers.some(([name]) => name.includes(kind))), attackers.map(([name]) => name).join());

  context = await sites.browser(true);
  page = await context.newPage();
  assert.equal(await plant(context, attackers), 0, "the browser refuses the names themselves");
  const flood = Array.from({ length: 100 }, (_, n) => [`%5F%5FHost-mfa-portal-embed-sign-in.${String(n).padStart(8, "0")}`, "x"]);
  const disguised = attackers.flatMap(([name, value]) => disguises(name).map((it) => [it, value.slice(0, 30)]));
  const whole = attackers.map(([name, value]) => [name.replace("__", "%5F%5F"), value]);
  await plant(context, [...disguised, ...flood, ["city", "Zürich"]]);
  // The browser's process takes them one by one.
  while (await kept(context) <= 100) await page.waitForTimeout(50);

  const answers = [];
  page.on("response", (it) => it.url().startsWith(PORTAL) && answers.push(it));
  await page.goto(PORTAL);
  await page.getByLabel("E-mail address").waitFor();
  await signIn(page, NORA);
  for (const answer of answers) {
    const set = (await answer.headersArray()).filter((it) => it.name.toLowerCase() === "set-cookie");
    assert.ok(set.length <= 5, `${answer.url()} sets ${set.length} cookies`);
  }

  // Planted later, so that they stand behind the live session.
  const before = await own(context);
  await context.clearCookies({ domain: `.${DOMAIN}` });
  assert.ok(await plant(context, whole) > 0);
  const html = await (await page.goto(PORTAL)).text();
  assert.ok(html.includes(NORA) && !html.includes(mallory) && !html.includes("evil.html"));
  assert.deepEqual(await own(context), before, "the live session is untouched");
});
