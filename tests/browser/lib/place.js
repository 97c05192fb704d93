// Windows and frames with the names of Playwright's, for browsers that it cannot drive: it looks into the page again and
// again, and leaves clicks and keys to the browser. A `hand` is the browser's side (firefox.js, webkit.js).

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AXE, only, wanted, WITHOUT_AXE, withFound } from "./find.js";

/** In milliseconds; generous, because the machine may be busy. */
const PATIENCE = 20_000;
const BETWEEN = 50;

/** Asks until there is an answer, over errors of pages that go away meanwhile; `what` is for the message when there is none. */
export async function until(ask, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask().catch((error) => error);
    if (answer && !(answer instanceof Error)) return answer;
    if (Date.now() > end) throw answer instanceof Error ? answer : new Error(`waited in vain for ${what()}`);
    await pause(BETWEEN);
  }
}

/** A window or the only frame in it. */
class Place {
  constructor(hand, inFrame) {
    Object.assign(this, { hand, inFrame });
  }

  locator(selector) {
    return new Found(this, [["css", selector]]);
  }

  getByRole(role, named) {
    return new Found(this, []).getByRole(role, named);
  }

  getByLabel(name) {
    return new Found(this, [["label", wanted(name)]]);
  }

  getByText(words) {
    return new Found(this, [["text", wanted(words)]]);
  }

  /** The value of a function of the page that waits for nothing. */
  evaluate(script, value) {
    return this.hand.run(this.inFrame, typeof script === "string" ? `() => ${script}` : script, value ?? null);
  }

  /** The answer of a function made by find.js, in a page that knows axe-core. */
  async look(script, ...values) {
    const answer = await this.hand.run(this.inFrame, script, ...values);
    if (answer !== WITHOUT_AXE) return answer;
    await this.hand.run(this.inFrame, AXE);
    return this.hand.run(this.inFrame, script, ...values);
  }
}

/** A window. */
export class Window extends Place {
  constructor(hand) {
    super(hand, false);
  }

  /** Playwright's events: these browsers tell nothing of requests and of the console. */
  on() {}

  context() {
    return { waitForEvent: () => this.hand.opened(), close: () => this.hand.end() };
  }

  url() {
    return this.hand.url();
  }

  async goto(address) {
    await this.hand.open(address);
    await this.waitForLoadState();
  }

  waitForNavigation() {
    return this.hand.arrival();
  }

  async waitForLoadState() {
    await until(() => this.evaluate("document.readyState === 'complete'"), () => `the whole of ${this.url()}`);
  }

  async waitForFunction(script) {
    await until(() => this.evaluate(script), () => script);
  }

  title() {
    return this.evaluate("document.title");
  }

  content() {
    return this.evaluate("document.documentElement.outerHTML");
  }

  frameLocator() {
    return new Place(this.hand, true);
  }

  async screenshot({ path }) {
    await mkdir(dirname(path), { recursive: true });
    await this.hand.picture(path);
  }

  /** Only asking the browser can tell. */
  isClosed() {
    return false;
  }

  /** Waits until the window is closed. */
  async waitForEvent() {
    await until(async () => !(await this.hand.isOpen()), () => `the end of ${this.url()}`);
  }
}

/** What steps lead to, now or later. */
class Found {
  constructor(place, steps) {
    Object.assign(this, { place, steps });
  }

  #and(...steps) {
    return new Found(this.place, [...this.steps, ...steps]);
  }

  getByRole(role, { name, level } = {}) {
    const named = name === undefined ? [] : [["name", wanted(name)]];
    return this.#and(["role", role], ...named, ...(level ? [["level", level]] : []));
  }

  locator(selector) {
    return this.#and(["css", selector]);
  }

  filter({ hasText }) {
    return this.#and(["hasText", wanted(hasText)]);
  }

  first() {
    return this.#and(["at", 0]);
  }

  toString() {
    return JSON.stringify(this.steps);
  }

  /** The answer of a function for the only element, once there is one that is shown. */
  async #ask(script, ...values) {
    return this.#askFor(PATIENCE, script, ...values);
  }

  async #askFor(patience, script, ...values) {
    let last;
    const ask = async () => {
      last = await this.place.look(only(script), this.steps, ...values);
      return Array.isArray(last) && last;
    };
    const [answer] = await until(ask, () => `${this} (${last})`, patience);
    return answer;
  }

  waitFor() {
    return this.#ask(() => true);
  }

  evaluate(script, value) {
    return this.#ask(script, value ?? null);
  }

  innerText() {
    return this.#ask((it) => it.innerText);
  }

  async textContent() {
    const [text] = await until(() => this.place.look(withFound((found) => found.map((it) => it.textContent)), this.steps), () => `${this}`);
    return text;
  }

  inputValue() {
    return this.#ask((it) => it.value);
  }

  getAttribute(name) {
    return this.#ask((it, name) => it.getAttribute(name), name);
  }

  allInnerTexts() {
    return this.place.look(withFound((found) => found.map((it) => it.innerText)), this.steps);
  }

  count() {
    return this.place.look(withFound((found) => found.length), this.steps);
  }

  async click({ timeout = PATIENCE } = {}) {
    await this.#askFor(timeout, () => true);
    await this.place.hand.press(this.place, this.steps);
  }

  tap() {
    return this.click();
  }

  check() {
    return this.click();
  }

  async fill(text) {
    await this.waitFor();
    await this.place.hand.type(this.place, this.steps, text);
  }

  selectOption(value) {
    return this.#ask((it, value) => {
      it.value = value;
      it.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    }, value);
  }
}
