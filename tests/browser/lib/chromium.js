// Debian's Chromium, headless, and fresh windows in it.

import { chromium } from "playwright-core";

export const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const ARGUMENTS = [
  "--no-sandbox", // in containers there is none
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser, started once a process, and again should it have crashed. */
let running;

async function browser() {
  if (!(await running)?.isConnected()) {
    running = chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  }
  return running;
}

/** Ends the browser, if there is one. */
export async function quit() {
  await (await running)?.close();
}

/** A window that has been nowhere yet, in a profile of its own. */
export async function freshWindow(setting) {
  const context = await (await browser()).newContext(options(setting));
  // Generous, for machines with other things to do.
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

/** A setting in the words of Playwright. */
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
