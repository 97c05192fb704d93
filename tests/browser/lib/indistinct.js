// Forced colours: controls that only colour distinguishes from text must still be recognizable.

/** Controls that look like plain text, a primary button that looks like a quiet one, and a QR code that no camera reads; one line each. */
export function indistinct(page) {
  return page.evaluate(look);
}

/** Runs in the page. */
function look() {
  const text = getComputedStyle(document.querySelector("main p")).color;
  const isDistinct = ({ color, borderTopWidth, textDecorationLine }) =>
    color !== text || Number.parseFloat(borderTopWidth) >= 1 || textDecorationLine.includes("underline");
  const controls = [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden], [type=checkbox]), select")];
  const lost = controls.filter((it) => it.checkVisibility() && !isDistinct(getComputedStyle(it)));
  const widths = (kind) => [...document.querySelectorAll(`.button${kind}`)].map((it) => getComputedStyle(it).borderTopWidth);
  const alike = widths(":not(.quiet)").filter((width) => widths(".quiet").includes(width));
  const code = document.querySelector("svg[role=img]");
  const [ground, ink] = ["rect", "path"].map((it) => code && getComputedStyle(code.querySelector(it)));
  const isReadable = !code || (ground.fill === "rgb(255, 255, 255)" && ink.stroke === "rgb(0, 0, 0)");
  return [...lost.map((it) => `looks like text: ${it.outerHTML.slice(0, 120)}`), ...alike.map((width) => `primary and quiet buttons have a border of ${width}`), ...(isReadable ? [] : ["the code is not black on white"])];
}
