// The layout of a page: one first heading, no wider than the window, no text cut or over another, and no control that is
// too small to press.

/** The layout problems in this window or frame, one line each. */
export function badlyLaidOut(place, width) {
  return place.evaluate(measure, width);
}

/** Runs in the page. */
function measure(width) {
  /** The smallest target, in CSS pixels (WCAG 2.2, 2.5.5). */
  const SMALLEST = 44;
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 200)}`);
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1;
  const ownText = (element) => [...element.childNodes].filter((it) => it.nodeType === Node.TEXT_NODE && it.data.trim());

  function headings() {
    const count = document.querySelectorAll("h1").length;
    if (count !== 1) found.push(`${count} first headings`);
  }

  function widths() {
    const own = document.documentElement.scrollWidth;
    if (own <= width) return;
    found.push(`${own} pixels wide in a window of ${width}`);
    const [widest] = all("body *").sort((one, other) => other.getBoundingClientRect().right - one.getBoundingClientRect().right);
    say("the widest", widest);
  }

  /** Text wider than its box overflows it; text higher than its box is cut when overflow is hidden. */
  function cuts() {
    for (const element of all("body :not(svg, svg *)")) {
      const { display, overflowY } = getComputedStyle(element);
      if (display === "inline" || ownText(element).length === 0) continue;
      if (element.scrollWidth > element.clientWidth + 1) say("text wider than its box", element);
      if (overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1) say("text higher than its box", element);
    }
  }

  function overlaps() {
    const rects = all("body :not(svg, svg *)").flatMap((element) => ownText(element).flatMap((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      return [...range.getClientRects()].map((rect) => ({ rect, text, element }));
    }));
    const depth = (a, b) => Math.min(
      Math.min(a.right, b.right) - Math.max(a.left, b.left),
      // Lines of the same text may touch with their ascenders.
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) - Math.min(a.height, b.height) / 3,
    );
    for (const [at, one] of rects.entries()) {
      const other = rects.slice(at + 1).find((it) => it.text !== one.text && depth(it.rect, one.rect) > 1);
      if (other) say(`text over “${other.text.data.trim().slice(0, 40)}”`, one.element);
    }
  }

  /** Links in running text are exempt from the target size (WCAG 2.2, 2.5.8, “inline”). */
  function isInRunningText(link) {
    const block = link.closest("p, li, div, dd");
    return getComputedStyle(link).display === "inline" && block.textContent.trim() !== link.textContent.trim();
  }

  function targets() {
    for (const element of all("a[href], button, summary, select, input:not([type=hidden])")) {
      if (element.matches("a") && isInRunningText(element)) continue;
      const target = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element;
      const { width, height } = target.getBoundingClientRect();
      if (height < SMALLEST - 0.5) say(`${height} pixels high`, element);
      if (width < SMALLEST - 0.5 && element.matches(".button, .action, .link")) say(`${width} pixels wide`, element);
    }
  }

  for (const check of [headings, widths, cuts, overlaps, targets]) check();
  return found;
}
