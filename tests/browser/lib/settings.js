// How people look at the pages. A walk names the settings that it is made at; adding a setting here adds it to the
// matrix.

/** What a phone says that it is; the pages offer it links that open its apps. */
const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36";

const desk = { width: 1100, height: 900, touch: false, scheme: "light", locale: "en-US", script: true };
const phone = { agent: ANDROID, width: 360, height: 740, touch: true, scheme: "light", locale: "en-US", script: true };

export const DESK = { ...desk, name: "desk" };
export const DESK_PLAIN = { ...desk, name: "desk, no script", script: false };
export const PHONE = { ...phone, name: "phone" };
export const PHONE_PLAIN = { ...phone, name: "phone, no script", script: false };
/** The smallest width at which nothing may be cut (WCAG 2.2, 1.4.10). */
export const NARROW_DARK = { ...phone, name: "narrow dark, no script", width: 320, height: 640, scheme: "dark", script: false };
export const DESK_DARK = { ...desk, name: "desk dark", scheme: "dark" };

/** Where every page is looked at, whatever else walks there. */
export const EVERY_PAGE = [DESK, NARROW_DARK];

/** Every setting, for `MATRIX=full`. */
export const MATRIX = [DESK, DESK_PLAIN, PHONE, PHONE_PLAIN, NARROW_DARK, DESK_DARK];
