// WebKit as in Debian's WebKitGTK, by WebDriver (https://www.w3.org/TR/webdriver2/), on a screen that nobody sees.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { only } from "./find.js";
import { until, Window } from "./place.js";
import { freePort } from "./port.js";

const BINARY = ["4.1", "4.0"].map((it) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${it}/MiniBrowser`).find(existsSync);
/** How WebDriver names an element in its answers. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** The screen, started once a process, and its number. */
let screen;
const programs = new Set();

function start(command, words, options) {
  const program = spawn(command, words, options);
  programs.add(program);
  return program;
}

async function display() {
  const program = start("Xvfb", ["-displayfd", "1", "-screen", "0", "1400x1400x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const [number] = await once(createInterface(program.stdout), "line");
  return `:${number}`;
}

/** Ends the drivers and the screen. */
export function quit() {
  for (const program of programs) program.kill();
}
process.once("exit", quit);

/** A new window in a profile of its own; `words` are more of its command line. */
export async function freshWindow(setting, words = []) {
  screen ??= display();
  const port = await freePort();
  // One driver a window, because each has only one session.
  const driver = start("WebKitWebDriver", [`--port=${port}`], { env: { ...process.env, DISPLAY: await screen, LANG: `${setting.locale.replace("-", "_")}.UTF-8` }, stdio: "ignore" });
  const session = new Session(`http://127.0.0.1:${port}`, driver);
  await session.begin(words);
  const window = await session.window();
  await session.order("POST", "/window/rect", { width: setting.width, height: setting.height });
  return window;
}

/** A browser. Its orders are carried out one after another. */
class Session {
  constructor(address, driver) {
    Object.assign(this, { address, driver });
    this.last = Promise.resolve();
    this.known = new Set();
  }

  async begin(words) {
    const alwaysMatch = { "webkitgtk:browserOptions": { binary: BINARY, args: ["--automation", ...words] } };
    const { sessionId } = await until(() => this.#ask("POST", "/session", { capabilities: { alwaysMatch } }));
    this.address += `/session/${sessionId}`;
  }

  /** The next window that is not known yet. */
  async window() {
    const handle = await until(async () => (await this.order("GET", "/window/handles")).find((it) => !this.known.has(it)), () => "a window");
    this.known.add(handle);
    return new Window(new Hand(this, handle));
  }

  /** Carries out one order. */
  order(method, path, body) {
    return this.turn((ask) => ask(method, path, body));
  }

  /** Carries out several orders with no other in between. */
  turn(act) {
    const turn = this.last.then(() => act((...words) => this.#ask(...words)));
    this.last = turn.catch(() => {});
    return turn;
  }

  async #ask(method, path, body) {
    const response = await fetch(this.address + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async end() {
    await this.order("DELETE", "");
    this.driver.kill();
  }
}

/** Drives one window of a browser. */
class Hand {
  constructor(session, handle) {
    Object.assign(this, { session, handle, address: "about:blank", closed: false });
  }

  url() {
    return this.address;
  }

  /** Does something in this window, or in the only frame in it. */
  #in(inFrame, act) {
    return this.session.turn(async (ask) => {
      await ask("POST", "/window", { handle: this.handle });
      await ask("POST", "/frame", { id: null });
      this.address = await ask("GET", "/url");
      if (inFrame) await ask("POST", "/frame", { id: await execute(ask, theFrame) });
      return act(ask);
    });
  }

  async open(address) {
    await this.#in(false, (ask) => ask("POST", "/url", { url: address }));
  }

  /** Waits for another document than the present one. */
  async arrival() {
    const shown = () => this.run(false, () => document.readyState === "complete" && performance.timeOrigin);
    const before = await this.run(false, () => performance.timeOrigin);
    await until(async () => ![false, before].includes(await shown()), () => `another page than ${this.address}`);
  }

  run(inFrame, script, ...values) {
    return this.#in(inFrame, (ask) => execute(ask, script, values));
  }

  press(place, steps) {
    return this.#use(place, steps, (ask, id) => ask("POST", `/element/${id}/click`, {}));
  }

  type(place, steps, text) {
    return this.#use(place, steps, async (ask, id) => {
      await ask("POST", `/element/${id}/clear`, {});
      if (text) await ask("POST", `/element/${id}/value`, { text });
    });
  }

  async #use(place, steps, act) {
    const [element] = await place.look(only((it) => it), steps);
    await this.#in(place.inFrame, (ask) => act(ask, element[ELEMENT]));
  }

  async picture(path) {
    const whole = await this.#in(false, async (ask) => {
      const { [ELEMENT]: id } = await execute(ask, () => document.documentElement);
      return ask("GET", `/element/${id}/screenshot`);
    });
    await writeFile(path, Buffer.from(whole, "base64"));
  }

  /** The next window that a page of this browser opens. */
  opened() {
    return this.session.window();
  }

  async isOpen() {
    return (await this.session.order("GET", "/window/handles")).includes(this.handle);
  }

  end() {
    return this.session.end();
  }
}

function execute(ask, script, values = []) {
  return ask("POST", "/execute/sync", { script: `return (${script})(...arguments)`, args: values });
}

/** Runs in the page. */
function theFrame() {
  const roots = [document, ...[...document.querySelectorAll("*")].map((it) => it.shadowRoot).filter(Boolean)];
  return roots.flatMap((it) => [...it.querySelectorAll("iframe")])[0];
}
