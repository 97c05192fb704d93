// A record of the pages checked so far, so that no page is checked twice in the same setting and missed templates can be
// reported at the end.

import { EVERY_PAGE } from "./settings.js";
import { templateOf } from "./templates.js";

/** By the setting's name: the pages checked, their templates, and the heading of each title. */
const settings = new Map();

/** The record of this setting. */
export function seenIn(setting) {
  if (!settings.has(setting.name)) settings.set(setting.name, { pages: new Set(), templates: new Set(), titles: new Map() });
  return settings.get(setting.name);
}

/** Whether this page is new in this setting; `place` is a window or a frame. */
export async function isNew(place, setting) {
  const { pages } = seenIn(setting);
  const before = pages.size;
  return pages.add(sameForAll(await place.content())).size > before;
}

/** The pages that axe and html-validate have judged, in any setting. */
const judged = new Set();

/** Whether axe has yet to judge this page: once in each setting of EVERY_PAGE, and once for all other settings. */
export function isForAxe(html, setting) {
  return isFirst(`axe ${EVERY_PAGE.includes(setting) ? setting.name : ""} ${sameForAll(html)}`);
}

/** Whether html-validate has yet to judge this document, which is the same in every setting. */
export function isForValidator(html) {
  return isFirst(`html ${sameForAll(html)}`);
}

function isFirst(key) {
  const before = judged.size;
  return judged.add(key).size > before;
}

/** Records the page's template and title; returns a problem if another page has the same title, or names hold marks. */
export async function note(place, setting, words) {
  const { templates, titles } = seenIn(setting);
  const template = await templateOf(place, words);
  templates.add(template);
  const [title, heading] = await place.evaluate(() => [document.title, document.querySelector("h1").textContent]);
  const other = titles.get(title);
  titles.set(title, heading);
  const marked = (await place.evaluate(marks)).map((name) => `marks of direction are in the name “${name}”`);
  return other === undefined || other === heading ? marked : [...marked, `“${title}” is the title of “${heading}” and of “${other}”`];
}

/** Runs in the page: the title and the names that hold bidirectional isolates, which some screen readers read aloud. */
function marks() {
  const named = [...document.querySelectorAll("h1, h2, h3, a, button, label, summary, [aria-label]")];
  const names = named.map((it) => it.getAttribute("aria-label") ?? it.textContent);
  return [document.title, ...names].filter((name) => /[\u2066-\u2069]/.test(name));
}

/** Removes what differs between visits: tokens, ids, times, numbers. */
function sameForAll(html) {
  return html.replace(/[\w-]{16,}/g, "").replace(/\d+/g, "0");
}
