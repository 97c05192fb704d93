// One person in front of one browser window. What they look for they find as people do: by headings, labels and the names
// of links and buttons.

import assert from "node:assert/strict";
import { picture, problems } from "./check.js";
import { lostFocus, reach, round } from "./keyboard.js";
import { isNew, note } from "./seen.js";
import { plain, Words } from "./words.js";

export const PASSWORD = "correct horse";

/** What the tenant’s pages speak, whatever ours do. */
const ENGLISH = new Words("en");

export class Visit {
  /** `page` is the window, `folder` where the pictures go. */
  constructor(page, setting, stage, folder) {
    Object.assign(this, { page, setting, stage, folder });
    this.words = new Words(setting.language);
    this.pictures = 0;
    this.noise = [];
    this.problems = [];
    this.addresses = new Set();
    page.on("response", (it) => isDocument(it) && (this.document = it));
    page.on("request", (it) => it.isNavigationRequest() && this.addresses.add(it.url()));
    page.on("console", (it) => this.noise.push({ text: it.text(), url: it.location().url }));
    page.on("pageerror", (error) => this.noise.push({ text: error.message }));
  }

  /** Types an address of the portal. */
  async open(path = "") {
    await this.page.goto(new URL(path.replace(/^\//, ""), this.stage.portal).href);
  }

  /** The words of the page that the window shows: a walk names everything in English. */
  get #spoken() {
    return this.#isOurs() ? this.words : ENGLISH;
  }

  #isOurs() {
    return new URL(this.page.url()).origin === new URL(this.stage.portal).origin;
  }

  /** The link, button or whatever has this role and name. */
  control(role, name) {
    return this.page.getByRole(role, { name: this.#spoken.name(name) });
  }

  /** Follows the link with this name. */
  follow(name) {
    return this.go(this.control("link", name));
  }

  /** Presses the button with this name. */
  press(name) {
    return this.go(this.control("button", name));
  }

  /** Goes where this control leads. */
  go(control) {
    return this.leaves(() => this.use(control, "Enter"));
  }

  /** Does what leads to another page, and is there. */
  async leaves(act) {
    const arrival = this.page.waitForNavigation();
    arrival.catch(() => {}); // said by the act, should that fail
    await act();
    await arrival;
  }

  /** Clicks, taps, or comes to it by keyboard and presses this key. */
  async use(control, key) {
    if (!this.setting.keyboard) return this.setting.touch ? control.tap() : control.click();
    await this.#reach(control);
    await this.page.keyboard.press(key);
  }

  async #reach(control) {
    const note = (problem) => this.#isOurs() && this.problems.push(problem);
    await reach(this.page, control, note);
  }

  /** Types into the field with this label. */
  async type(label, text) {
    const field = this.page.getByLabel(this.#spoken.name(label));
    if (!this.setting.keyboard) return field.fill(text);
    await this.#reach(field);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
  }

  /** Ticks the box whose label begins like this. */
  tick(label) {
    return this.use(this.control("checkbox", label), "Space");
  }

  /** Opens the part that is folded under these words. */
  unfold(words) {
    const summary = this.page.locator("summary").filter({ hasText: this.#spoken.name(words) });
    return this.use(summary, "Enter");
  }

  /** Chooses in the list with this label what has this value; by keyboard with the letters of its name. */
  async choose(label, value) {
    const list = this.page.getByLabel(this.#spoken.name(label));
    if (!this.setting.keyboard) return void (await list.selectOption(value));
    await this.#reach(list);
    await this.page.keyboard.type(await list.locator(`[value="${value}"]`).innerText());
    assert.equal(await list.inputValue(), value);
  }

  /** Has come to the page with this heading. */
  async reaches(heading) {
    await this.page.getByRole("heading", { level: 1, name: this.words.name(heading) }).waitFor();
    await this.page.waitForLoadState();
  }

  /** Stands on the page with this heading, and looks at it. */
  async on(heading) {
    await this.reaches(heading);
    await this.look(heading);
  }

  /** Looks at the page and keeps a picture. Whatever is wrong with it is said when the walk ends. */
  async look(name) {
    if (!(await isNew(this.page, this.setting))) return;
    const title = `${String(++this.pictures).padStart(2, "0")} ${name}`;
    const found = await this.#undisturbed(() => this.#examine(title));
    this.problems.push(...[...found, ...this.#heard()].map((problem) => `${title}: ${problem}`));
  }

  async #examine(title) {
    const { page, setting, words } = this;
    const found = [await lostFocus(page), await note(page, setting, words)];
    await picture(page, this.folder, title);
    found.push(await problems(page, setting, await this.document.text()));
    if (setting.keyboard) found.push(await round(page));
    return found.flat();
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
    for (const expected of texts) assert.ok(this.#isIn(text, expected), `“${expected}” is not in: ${text}`);
  }

  /** The page does not say this. */
  async keepsQuiet(...texts) {
    const text = await this.text();
    for (const unexpected of texts) assert.ok(!this.#isIn(text, unexpected), `“${unexpected}” is in: ${text}`);
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
    assert.ok(this.#isIn(said, expected), `“${expected}” is not in the ${role}: ${said}`);
  }

  /** Whether a text has these words, in the page's language. */
  #isIn(text, english) {
    return this.words.all(english).some((it) => text.includes(plain(it)));
  }

  /** What the person has, as the list names it: one text for each entry, its actions included. */
  async entries() {
    const items = this.control("region", "Your ways to verify").getByRole("listitem");
    const texts = await items.allInnerTexts();
    return texts.map(plain);
  }

  /** The list has exactly these entries, in this order; each is told by how it begins, piece by piece. */
  async has(...expected) {
    const entries = await this.entries();
    const beginning = (pieces) => [pieces].flat().map((it) => plain(this.words.of(it))).join(" ");
    const fits = entries.length === expected.length && expected.every((it, at) => entries[at].startsWith(beginning(it)));
    assert.ok(fits, `the list has ${JSON.stringify(entries)}, not ${JSON.stringify(expected)}`);
  }
}

/** Whether this is a page, and no picture, script or forwarding. */
export function isDocument(response) {
  return response.request().isNavigationRequest() && response.headers()["content-type"]?.startsWith("text/html");
}
