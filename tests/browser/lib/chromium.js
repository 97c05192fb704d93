// Debian's Chromium, headless, and new windows in it.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** The whole browser, which knows settings such as the one for cookies of third parties. */
export const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** The same engine without the window around its pages: drawing the window costs more than drawing the pages. */
const SHELL = "/usr/bin/chromium-headless-shell";
const LIGHTEST = !process.env.CHROMIUM && existsSync(SHELL) ? SHELL : EXECUTABLE;

export const ARGUMENTS = [
  "--no-sandbox", // containers have none
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser, started once a process, and again after a crash. */
let running;

async function browser() {
  if (!(await running)?.isConnected()) {
    running = chromium.launch({ executablePath: LIGHTEST, args: ARGUMENTS });
  }
  return running;
}

/** Closes the browser if it runs. */
export async function quit() {
  await (await running)?.close();
}

/** A new window in a profile of its own. */
export async function freshWindow(setting) {
  const context = await (await browser()).newContext(options(setting));
  // Generous, because the machine may be busy.
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

/** A setting as options of Playwright. */
export function options(setting) {
  return {
    viewport: { width: setting.width, height: setting.height },
    deviceScaleFactor: setting.sharpness,
    userAgent: setting.agent,
    isMobile: setting.touch,
    hasTouch: setting.touch,
    colorScheme: setting.scheme,
    locale: setting.locale,
    javaScriptEnabled: setting.script,
    timezoneId: "UTC",
  };
}
