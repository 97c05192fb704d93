// A person who has a keyboard and nothing else: Tab until the control has the focus, then Enter, Space or letters. Each stop
// on the way must be seen.

import assert from "node:assert/strict";

/** More stops than any page has. */
const STOPS = 120;

/** Comes to this control, as Tab does; `seen` is told of stops whose focus cannot be seen. */
export async function reach(page, control, seen) {
  const wanted = await control.elementHandle();
  for (let stops = 0; stops <= STOPS; stops++) {
    const { isThere, problem } = await page.evaluate(look, wanted);
    if (problem) seen(problem);
    if (isThere) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${control}`);
}

/** After a mistake the focus is at what says so; gives what is wrong with that, one line each. */
export function lostFocus(page) {
  return page.evaluate(() => {
    const summary = document.querySelector("[role=alert]:has(a[href^='#'])");
    return summary === null || summary === document.activeElement ? [] : ["the focus is not at what says what is wrong"];
  });
}

/** One round with Tab from the top to the end: what is wrong with the stops and their order, one line each. */
export async function round(page) {
  const expected = await page.evaluate(begin);
  const stops = [];
  const problems = [];
  while (stops.length <= STOPS) {
    await page.keyboard.press("Tab");
    const { at, problem } = await page.evaluate(look, null);
    if (at === undefined || stops.includes(at)) break;
    if (problem) problems.push(problem);
    stops.push(at);
  }
  const left = expected.filter(({ at }) => !stops.includes(at)).map(({ name }) => `Tab does not come by: ${name}`);
  return [...problems, ...left, ...(await page.evaluate(disorder, stops))];
}

/** Runs in the page: puts the focus before everything; gives what Tab should come by. */
function begin() {
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute("tabindex");
  const all = [...document.querySelectorAll("*")];
  const takesFocus = (element) => element.matches("a[href], button, input:not([type=hidden]), select, textarea, summary");
  const expected = all.filter((element) => takesFocus(element) && element.checkVisibility({ visibilityProperty: true }));
  return expected.map((element) => ({ at: all.indexOf(element), name: element.outerHTML.slice(0, 160) }));
}

/** Runs in the page: what has the focus, and whether that can be seen (WCAG 2.2, 2.4.7, 2.4.11 and 2.4.13). */
function look(wanted) {
  const element = document.activeElement;
  if (!element || element === document.body) return { isThere: false };
  const name = element.outerHTML.slice(0, 160);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  // A link in running text may have a piece on each of several lines.
  const isOnTop = [...element.getClientRects()].some(({ left, top, width, height }) => {
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    return element.contains(above) || above?.closest("label")?.control === element;
  });
  const problem = isOutlined ? isOnTop ? undefined : `focus behind something: ${name}` : `no visible focus: ${name}`;
  return { isThere: element === wanted, at: [...document.querySelectorAll("*")].indexOf(element), problem };
}

/** Runs in the page: stops that are seen before the one that Tab came by before them. */
function disorder(stops) {
  scrollTo(0, 0); // where what stays in sight stands in its own place
  const all = document.querySelectorAll("*");
  const isRightToLeft = document.documentElement.dir === "rtl";
  const isBefore = (one, other) => {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    if (a.bottom <= b.top + 1 || b.bottom <= a.top + 1) return a.bottom <= b.top + 1;
    return isRightToLeft ? a.left >= b.left : a.left <= b.left;
  };
  const pairs = stops.slice(1).map((stop, at) => [all[stops[at]], all[stop]]);
  const wrong = pairs.filter(([one, other]) => !isBefore(one, other));
  return wrong.map(([one, other]) => `out of order: ${other.outerHTML.slice(0, 100)} after ${one.outerHTML.slice(0, 100)}`);
}
