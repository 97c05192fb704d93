// One person in front of one browser window. What they look for they find as people do: by headings, labels and the names
// of links and buttons.

import assert from "node:assert/strict";
import { picture, problems } from "./check.js";

export const PASSWORD = "correct horse";

/** Unicode’s marks around text of unknown direction. */
const ISOLATION = /[\u2066-\u2069]/g;

export class Visit {
  /** `page` is the window, `folder` where the pictures go. */
  constructor(page, setting, stage, folder) {
    Object.assign(this, { page, setting, stage, folder });
    this.pictures = 0;
    this.noise = [];
    this.problems = [];
    this.addresses = new Set();
    page.on("response", (it) => isDocument(it) && (this.document = it));
    page.on("request", (it) => it.isNavigationRequest() && this.addresses.add(it.url()));
    page.on("console", (it) => it.type() === "error" && this.noise.push({ text: it.text(), url: it.location().url }));
    page.on("pageerror", (error) => this.noise.push({ text: error.message }));
  }

  /** Types an address of the portal. */
  async open(path = "") {
    await this.page.goto(new URL(path.replace(/^\//, ""), this.stage.portal).href);
  }

  /** Follows the link with this name. */
  follow(name) {
    return this.go(this.page.getByRole("link", { name: named(name) }));
  }

  /** Presses the button with this name. */
  press(name) {
    return this.go(this.page.getByRole("button", { name: named(name) }));
  }

  /** Goes where this control leads. */
  async go(control) {
    const arrival = this.page.waitForNavigation();
    arrival.catch(() => {}); // said by the click, should that fail
    await (this.setting.touch ? control.tap() : control.click());
    await arrival;
  }

  /** Types into the field with this label. */
  async type(label, text) {
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Has come to the page with this heading. */
  async reaches(heading) {
    await this.page.getByRole("heading", { level: 1, name: named(heading) }).waitFor();
    await this.page.waitForLoadState();
  }

  /** Stands on the page with this heading, and looks at it. */
  async on(heading) {
    await this.reaches(heading);
    await this.look(heading);
  }

  /** Looks at the page and keeps a picture. Whatever is wrong with it is said when the walk ends. */
  async look(name) {
    const title = `${String(++this.pictures).padStart(2, "0")} ${name}`;
    const found = await this.#undisturbed(async () => {
      await picture(this.page, this.folder, title);
      return problems(this.page, this.setting, await this.document.text());
    });
    this.problems.push(...[...found, ...this.#heard()].map((problem) => `${title}: ${problem}`));
  }

  /** Does something with a page that may be about to look again by itself, which then waits. */
  async #undisturbed(act) {
    const held = [];
    const hold = (route) => (route.request().isNavigationRequest() ? held.push(route) : route.continue());
    await this.page.route("**", hold);
    try {
      return await act();
    } finally {
      await this.page.unroute("**", hold);
      await Promise.all(held.map((route) => route.continue()));
    }
  }

  /** What the browser complained about since the last page, but for pages that are refusals. */
  #heard() {
    const isRefusal = ({ text, url }) => text.startsWith("Failed to load resource") && this.addresses.has(url);
    const heard = this.noise.filter((it) => !isRefusal(it));
    this.noise = [];
    return heard.map(({ text }) => `the browser says: ${text}`);
  }

  /** Reads the page's main part as text. */
  async text() {
    return plain(await this.page.getByRole("main").innerText());
  }

  /** The page says this, somewhere in its main part. */
  async says(...texts) {
    const text = await this.text();
    for (const expected of texts) assert.ok(text.includes(expected), `“${expected}” is not in: ${text}`);
  }

  /** The page does not say this. */
  async keepsQuiet(...texts) {
    const text = await this.text();
    for (const unexpected of texts) assert.ok(!text.includes(unexpected), `“${unexpected}” is in: ${text}`);
  }

  /** The page says what was just done. */
  async hears(expected) {
    await this.#note("status", expected);
  }

  /** The page points at a mistake, or says at once why something does not go on. */
  async isWarned(expected) {
    await this.#note("alert", expected);
  }

  async #note(role, expected) {
    const notes = this.page.getByRole(role);
    await notes.first().waitFor();
    const said = plain((await notes.allInnerTexts()).join(" "));
    assert.ok(said.includes(expected), `“${expected}” is not in the ${role}: ${said}`);
  }

  /** What the person has, as the list names it: one text for each entry, its actions included. */
  async entries() {
    const items = this.page.getByRole("region", { name: "Your ways to verify" }).getByRole("listitem");
    const texts = await items.allInnerTexts();
    return texts.map(plain);
  }

  /** The list has exactly these entries, in this order; each is told by how it begins. */
  async has(...expected) {
    const entries = await this.entries();
    const fits = entries.length === expected.length && expected.every((it, at) => entries[at].startsWith(it));
    assert.ok(fits, `the list has ${JSON.stringify(entries)}, not ${JSON.stringify(expected)}`);
  }
}

/** Text as it is read: without the marks that keep numbers and names in their own direction. */
function plain(text) {
  return text.replace(ISOLATION, "").replace(/\s+/g, " ").trim();
}

/** What finds exactly this name; a number in it may be isolated. */
function named(name) {
  if (name instanceof RegExp) return name;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\d+/g, "\\u2068?$&\\u2069?")}$`);
}

function isDocument(response) {
  return response.request().isNavigationRequest() && response.headers()["content-type"]?.startsWith("text/html");
}
