// A person with only a keyboard: Tab until the control has the focus, then Enter, Space or letters. The focus must be
// visible at each stop.

import assert from "node:assert/strict";

/** More stops than any page has. */
const STOPS = 120;

/** Presses Tab until this control has the focus; `report` gets each stop whose focus is not visible. */
export async function reach(page, control, report) {
  const wanted = await control.elementHandle();
  for (let stops = 0; stops <= STOPS; stops++) {
    const { isThere, problem } = await page.evaluate(look, wanted);
    if (problem) report(problem);
    if (isThere) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${control}`);
}

/** After a mistake its field must have the focus; returns a problem if it has not. */
export function lostFocus(page) {
  return page.evaluate(() => {
    const summary = document.querySelector("[role=alert]:has(a[href^='#'])");
    const rightly = summary === null || document.activeElement.matches("[aria-invalid=true]");
    return rightly ? [] : ["the focus is not at what is wrong"];
  });
}

/** Tabs once through the page: problems with the stops and their order, one line each. */
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

/** Runs in the page: moves the focus to the start; returns the controls that Tab should reach. */
function begin() {
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute("tabindex");
  const all = [...document.querySelectorAll("*")];
  const takesFocus = (element) => element.matches("a[href], button, input:not([type=hidden]), select, textarea, summary");
  const expected = all.filter((element) => takesFocus(element) && element.checkVisibility({ visibilityProperty: true }));
  return expected.map((element) => ({ at: all.indexOf(element), name: element.outerHTML.slice(0, 160) }));
}

/** Runs in the page: the focused element, and whether its focus is visible (WCAG 2.2, 2.4.7, 2.4.11 and 2.4.13). */
function look(wanted) {
  const element = document.activeElement;
  if (!element || element === document.body) return { isThere: false };
  const name = element.outerHTML.slice(0, 160);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  // A link in running text may wrap over several lines.
  const isOnTop = [...element.getClientRects()].some(({ left, top, width, height }) => {
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    return element.contains(above) || above?.closest("label")?.control === element;
  });
  const problem = isOutlined ? isOnTop ? undefined : `focus behind something: ${name}` : `no visible focus: ${name}`;
  return { isThere: element === wanted, at: [...document.querySelectorAll("*")].indexOf(element), problem };
}

/** Runs in the page: stops that stand before the previous stop in visual order. */
function disorder(stops) {
  scrollTo(0, 0); // so that sticky elements are at their place in the page
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
