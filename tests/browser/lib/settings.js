// Settings: window size, theme, language, script and keyboard. A walk names the settings that it runs in; a setting added
// to MATRIX applies to every walk of the full matrix.

import { readdirSync } from "node:fs";
import { PSEUDO } from "./words.js";

/** Whether the long versions run. */
export const FULL = process.env.FULL === "1";

/** Whether pictures of the pages are saved. They take a sixth of a walk's time. */
export const TAKES_PICTURES = FULL || process.env.PICTURES === "1";

/** The user agent of an Android phone, for which pages offer links that open apps. */
const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36";

const plain = { scheme: "light", language: "en", locale: "en-US", script: true, keyboard: false };
const desk = { ...plain, width: 1100, height: 900, touch: false };
const phone = { ...plain, agent: ANDROID, width: 360, height: 740, touch: true };
/** The smallest width at which no content may be cut (WCAG 2.2, 1.4.10). */
const narrow = { ...phone, width: 320, height: 640 };

export const DESK = { ...desk, name: "desk" };
const DESK_PLAIN = { ...desk, name: "desk, no script", script: false };
const DESK_DARK = { ...desk, name: "desk dark", scheme: "dark" };
const DESK_PSEUDO = { ...desk, name: "desk dark, pseudo-locale", scheme: "dark", language: PSEUDO, locale: PSEUDO };
export const PHONE = { ...phone, name: "phone" };
export const PHONE_PLAIN = { ...phone, name: "phone, no script", script: false };
const NARROW_DARK = { ...narrow, name: "narrow dark, no script", scheme: "dark", script: false };
export const NARROW_ARABIC = { ...narrow, name: "narrow, Arabic", language: "ar", locale: "ar-EG" };
const NARROW_DARK_ARABIC = { ...NARROW_ARABIC, name: "narrow dark, Arabic", scheme: "dark" };

/** Only Tab, Enter, Space and letters; no clicks. */
export const KEYS = { ...desk, name: "keyboard", keyboard: true };
export const KEYS_PLAIN = { ...KEYS, name: "keyboard, no script", script: false };

/** Other engines: Firefox at the width of a phone, and WebKit at its least width. WebKit's window is as tall as its screen,
 *  because pictures show only what is in the window, and its driver scrolls no page around a frame. */
export const FIREFOX = { ...plain, engine: "firefox", width: 360, height: 740, touch: false, name: "Firefox" };
export const FIREFOX_PLAIN = { ...FIREFOX, name: "Firefox, no script", script: false };
export const WEBKIT = { ...FIREFOX, engine: "webkit", width: 450, height: 1400, name: "WebKit" };
export const OTHER_ENGINES = FULL ? [FIREFOX, FIREFOX_PLAIN, WEBKIT] : [FIREFOX];

let taken = 0;

/** The setting of most walks: in turn a phone with script, and the keyboard without; with `FULL=1` both. */
export const inTurn = () => (FULL ? [PHONE, KEYS_PLAIN] : [[PHONE, KEYS_PLAIN][taken++ % 2]]);

/** The settings of walks that wait long, for phones or limits. */
export const PATIENT = FULL ? [PHONE, KEYS_PLAIN] : [KEYS_PLAIN];

/** The settings in which every page is checked: at the least width, right to left and in the dark; with `FULL=1` also wide and
 *  light, without script, and in words that are all longer. Most walks are light. */
export const EVERY_PAGE = FULL ? [DESK, NARROW_DARK, NARROW_ARABIC, DESK_PSEUDO] : [NARROW_DARK_ARABIC];

/** A phone in every other language that the portal has, in its likeliest country (CLDR, likely subtags). */
const LANGUAGES = readdirSync(new URL("../../../templates/locales", import.meta.url))
  .filter((file) => file.endsWith(".ftl") && !["en.ftl", "ar.ftl"].includes(file))
  .map((file) => file.replace(".ftl", ""))
  .map((language) => ({ ...phone, name: `phone, ${language}`, language, locale: `${language}-${new Intl.Locale(language).maximize().region}` }));

/** Every setting, for `MATRIX=full`. */
export const MATRIX = [DESK, DESK_PLAIN, DESK_DARK, DESK_PSEUDO, PHONE, PHONE_PLAIN, KEYS, KEYS_PLAIN, NARROW_DARK, NARROW_ARABIC, ...LANGUAGES];
