// Debian's Firefox, headless, by WebDriver BiDi, which needs no driver of its own.

import { firefox } from "playwright-core";
import { only } from "./find.js";
import { Window } from "./place.js";

const EXECUTABLE = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

const PREFERENCES = {
  // Cookies of frames on other sites are kept apart, as in people's browsers.
  "network.cookie.cookieBehavior": 5,
  // One process for all sites: the driver's clicks do not reach frames in others.
  "fission.webContentIsolationStrategy": 0,
  // Nothing is asked of its maker.
  "app.normandy.enabled": false,
  "browser.chrome.site_icons": false,
  "services.settings.server": "data:,",
};

/** The browsers of this process by their preferences: script and the proxy are those of a whole browser. */
const running = new Map();

function browser(preferences) {
  const name = JSON.stringify(preferences);
  if (!running.has(name)) {
    const firefoxUserPrefs = { ...PREFERENCES, ...preferences };
    running.set(name, firefox.launch({ channel: "moz-firefox", executablePath: EXECUTABLE, firefoxUserPrefs }));
  }
  return running.get(name);
}

/** Closes the browsers that run. */
export async function quit() {
  await Promise.all([...running.values()].map(async (it) => (await it).close()));
}

/** A new profile; with the port of a proxy, for sites whose certificate nobody knows. */
export async function freshProfile(setting, proxy) {
  const way = proxy ? { "network.proxy.type": 1, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": proxy } : {};
  const size = { width: setting.width, height: setting.height };
  const options = { viewport: size, colorScheme: setting.scheme, locale: setting.locale, ignoreHTTPSErrors: Boolean(proxy) };
  const context = await (await browser({ "javascript.enabled": setting.script, ...way })).newContext(options);
  context.setDefaultTimeout(30_000);
  return context;
}

/** A new window in a profile of its own, as of `freshProfile`. */
export async function freshWindow(setting, proxy) {
  // Without script no promise is ever kept, not even that of the fonts, for which Playwright's pictures wait.
  if (!setting.script) process.env.PW_TEST_SCREENSHOT_NO_FONTS_READY = "1";
  const page = await (await freshProfile(setting, proxy)).newPage();
  return setting.script ? page : new Window(new Hand(page));
}

/** Drives a page without script, in which Playwright's own clicks would wait for ever. */
class Hand {
  constructor(page) {
    this.page = page;
  }

  url() {
    return this.page.url();
  }

  open(address) {
    return this.page.goto(address);
  }

  arrival() {
    return this.page.waitForNavigation();
  }

  run(inFrame, script, ...values) {
    const [top, framed] = this.page.frames();
    return (inFrame ? framed : top).evaluate(`(${script})(...${JSON.stringify(values)})`);
  }

  async press(place, steps) {
    const [at] = await place.look(only(middle), steps);
    const frame = place.inFrame ? await this.run(false, corner) : { x: 0, y: 0 };
    await this.page.mouse.click(frame.x + at.x, frame.y + at.y);
  }

  async type(place, steps, text) {
    await this.press(place, steps);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
  }

  picture(path) {
    return this.page.screenshot({ path, fullPage: true });
  }

  async isOpen() {
    return !this.page.isClosed();
  }

  end() {
    return this.page.context().close();
  }
}

/** Runs in the page: the middle of an element, in the window. */
function middle(element) {
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

/** Runs in the page: where its only frame begins, in the window. */
function corner() {
  const { x, y } = document.querySelector("iframe").getBoundingClientRect();
  return { x, y };
}
