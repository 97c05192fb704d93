// One person in front of one browser window. They find things as people do: by headings, labels and the names of links and
// buttons.

import assert from "node:assert/strict";
import { picture, problems } from "./check.js";
import { settled } from "./deliberate.js";
import { lostFocus, reach, round } from "./keyboard.js";
import { badlyLaidOut } from "./laid_out.js";
import { isNew, note } from "./seen.js";
import { plain, Words } from "./words.js";

export const PASSWORD = "correct horse";

/** The tenant’s pages are in English, whatever the language of ours. */
const ENGLISH = new Words("en");

export class Visit {
  /** `page` is the window, `folder` the place for pictures. */
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

  /** Opens a path of the portal. */
  async open(path = "") {
    await this.page.goto(new URL(path.replace(/^\//, ""), this.stage.portal).href);
  }

  /** The words of the page in the window; walks name everything in English. */
  get #pageWords() {
    return this.#isOurs() ? this.words : ENGLISH;
  }

  #isOurs() {
    return new URL(this.page.url()).origin === new URL(this.stage.portal).origin;
  }

  /** The element with this role and accessible name. */
  control(role, name) {
    return this.page.getByRole(role, { name: this.#pageWords.name(name) });
  }

  /** Follows the link with this name. */
  follow(name) {
    return this.go(this.control("link", name));
  }

  /** Presses the button with this name. */
  press(name) {
    return this.go(this.control("button", name));
  }

  /** Uses a control that leads to another page, and waits for that page. */
  go(control) {
    return this.leaves(() => this.use(control, "Enter"));
  }

  /** Does an act that leads to another page, and waits for that page. */
  async leaves(act) {
    const arrival = this.page.waitForNavigation();
    arrival.catch(() => {}); // if the act fails, its own error is the one to report
    await act();
    await arrival;
  }

  /** Clicks or taps a control, or reaches it with Tab and presses this key. */
  async use(control, key) {
    if (!this.setting.keyboard) {
      await settled(control);
      return this.setting.touch ? control.tap() : control.click();
    }
    await this.#reach(control);
    await this.page.keyboard.press(key);
  }

  async #reach(control) {
    const note = (problem) => this.#isOurs() && this.problems.push(problem);
    await reach(this.page, control, note);
  }

  /** Types into the field with this label. */
  async type(label, text) {
    const field = this.page.getByLabel(this.#pageWords.name(label));
    if (!this.setting.keyboard) return field.fill(text);
    await this.#reach(field);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
  }

  /** Ticks the checkbox with this label. */
  tick(label) {
    return this.use(this.control("checkbox", label), "Space");
  }

  /** Opens the `details` element with this summary. */
  unfold(words) {
    const summary = this.page.locator("summary").filter({ hasText: this.#pageWords.name(words) });
    return this.use(summary, "Enter");
  }

  /** On the first page of an app's set-up: goes on to its key, which a phone need not scan. */
  beginSetUp() {
    return this.press(this.setting.agent ? "Continue" : "Show me the QR code");
  }

  /** Shows the key to type, which on a phone is there from the start. */
  async unfoldKey() {
    if (!this.setting.agent) await this.unfold("Can’t scan it?");
  }

  /** Chooses this value in the list with this label; by keyboard, by typing the option’s name. */
  async choose(label, value) {
    const list = this.page.getByLabel(this.#pageWords.name(label));
    if (!this.setting.keyboard) return void (await list.selectOption(value));
    await this.#reach(list);
    await this.page.keyboard.type(await list.locator(`[value="${value}"]`).innerText());
    assert.equal(await list.inputValue(), value);
  }

  /** Waits for the page with this heading. */
  async reaches(heading) {
    await this.page.getByRole("heading", { level: 1, name: this.words.name(heading) }).waitFor();
    await this.page.waitForLoadState();
  }

  /** Waits for the page with this heading, and checks it. */
  async on(heading) {
    await this.reaches(heading);
    await this.look(heading);
  }

  /** Checks the page and saves a picture if pictures are taken. Its problems are reported when the walk ends. */
  async look(name) {
    if (this.setting.engine) return this.#glance(name);
    if (!(await isNew(this.page, this.setting))) return;
    const title = `${String(++this.pictures).padStart(2, "0")} ${name}`;
    const found = await this.#undisturbed(() => this.#examine(title));
    this.problems.push(...[...found, ...this.#heard()].map((problem) => `${title}: ${problem}`));
  }

  /** In another engine only what engines do differently is checked: the layout and the focus. */
  async #glance(name) {
    const { page, setting } = this;
    const found = [...(await lostFocus(page)), ...(await badlyLaidOut(page, setting.width)), ...this.#heard()];
    this.problems.push(...found.map((problem) => `${name}: ${problem}`));
    await picture(page, this.folder, `${String(++this.pictures).padStart(2, "0")} ${name}`);
    this.noise = []; // Playwright’s own style for the picture is against our policy, as Firefox reads it
  }

  async #examine(title) {
    const { page, setting, words } = this;
    const found = [await lostFocus(page), await note(page, setting, words)];
    await picture(page, this.folder, title);
    found.push(await problems(page, setting, await this.document.text()));
    if (setting.keyboard) found.push(await round(page));
    return found.flat();
  }

  /** Does an act while the page’s own reloads are held back. */
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

  /** The browser’s complaints since the last page, except about the status of error pages. */
  #heard() {
    const isRefusal = ({ text, url }) => text.startsWith("Failed to load resource") && this.addresses.has(url);
    const heard = this.noise.filter((it) => !isRefusal(it));
    this.noise = [];
    return heard.map(({ text }) => `the browser says: ${text}`);
  }

  /** The text of the page’s main part. */
  async text() {
    return plain(await this.page.getByRole("main").innerText());
  }

  /** Asserts that the main part contains these texts. */
  async says(...texts) {
    const text = await this.text();
    for (const expected of texts) assert.ok(this.#isIn(text, expected), `“${expected}” is not in: ${text}`);
  }

  /** Asserts that the main part contains none of these texts. */
  async keepsQuiet(...texts) {
    const text = await this.text();
    for (const unexpected of texts) assert.ok(!this.#isIn(text, unexpected), `“${unexpected}” is in: ${text}`);
  }

  /** Asserts that the notice (`role=status`) contains this text. */
  async hears(expected) {
    await this.#note("status", expected);
  }

  /** Asserts that the alert (`role=alert`) contains this text. */
  async isWarned(expected) {
    await this.#note("alert", expected);
  }

  async #note(role, expected) {
    const notes = this.page.getByRole(role);
    await notes.first().waitFor();
    const said = plain((await notes.allInnerTexts()).join(" "));
    assert.ok(this.#isIn(said, expected), `“${expected}” is not in the ${role}: ${said}`);
  }

  /** Whether a text contains these words, in the page's language. */
  #isIn(text, english) {
    return this.words.all(english).some((it) => text.includes(plain(it)));
  }

  /** The texts of the list’s entries, their actions included. */
  async entries() {
    const items = this.control("region", "Your ways to verify").getByRole("listitem");
    const texts = await items.allInnerTexts();
    return texts.map(plain);
  }

  /** Asserts that the list has exactly these entries in this order, each given by its beginning, in one or more pieces. */
  async has(...expected) {
    const entries = await this.entries();
    const beginning = (pieces) => [pieces].flat().map((it) => plain(this.words.of(it))).join(" ");
    const fits = entries.length === expected.length && expected.every((it, at) => entries[at].startsWith(beginning(it)));
    assert.ok(fits, `the list has ${JSON.stringify(entries)}, not ${JSON.stringify(expected)}`);
  }
}

/** Whether a response is a page, and not an image, script or redirect. */
export function isDocument(response) {
  return response.request().isNavigationRequest() && response.headers()["content-type"]?.startsWith("text/html");
}
