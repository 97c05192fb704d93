// What was looked at so far: no page is looked at twice in the same setting, and at the end it shows what was left out.

import { EVERY_PAGE } from "./settings.js";
import { templateOf } from "./templates.js";

/** By setting: what its pages were, their templates by title, and the addresses that were opened. */
const settings = new Map();

/** What was looked at in this setting. */
export function seenIn(setting) {
  if (!settings.has(setting.name)) settings.set(setting.name, { pages: new Set(), templates: new Set(), titles: new Map() });
  return settings.get(setting.name);
}

/** Whether nobody has looked at this page in this setting; `place` is a window or a frame. */
export async function isNew(place, setting) {
  const { pages } = seenIn(setting);
  const before = pages.size;
  return pages.add(sameForAll(await place.content())).size > before;
}

/** What axe and html-validate were shown, in whatever setting. */
const judged = new Set();

/** Whether axe is to judge this page: once in each of the settings for every page, and anything else once. */
export function isForAxe(html, setting) {
  return isFirst(`axe ${EVERY_PAGE.includes(setting) ? setting.name : ""} ${sameForAll(html)}`);
}

/** Whether html-validate is to judge this document: it is the same however it is looked at. */
export function isForValidator(html) {
  return isFirst(`html ${sameForAll(html)}`);
}

function isFirst(key) {
  const before = judged.size;
  return judged.add(key).size > before;
}

/** Notes what page this is; gives what is wrong with its title, one line each. */
export async function note(place, setting, words) {
  const { templates, titles } = seenIn(setting);
  const template = await templateOf(place, words);
  templates.add(template);
  const [title, heading] = await place.evaluate(() => [document.title, document.querySelector("h1").textContent]);
  const other = titles.get(title);
  titles.set(title, heading);
  return other === undefined || other === heading ? [] : [`“${title}” is the title of “${heading}” and of “${other}”`];
}

/** Without what is another one at each visit: tokens, ids, times, numbers. */
function sameForAll(html) {
  return html.replace(/[\w-]{16,}/g, "").replace(/\d+/g, "0");
}
