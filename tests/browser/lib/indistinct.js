// In a reader’s own colours everything that was told by colour alone must still be told.

/** What can be pressed and looks like what cannot, and a code that no camera reads; one line each. */
export function indistinct(page) {
  return page.evaluate(look);
}

/** Runs in the page. */
function look() {
  const text = getComputedStyle(document.querySelector("main p")).color;
  const stands = ({ color, borderTopWidth, textDecorationLine }) =>
    color !== text || Number.parseFloat(borderTopWidth) >= 1 || textDecorationLine.includes("underline");
  const controls = [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden], [type=checkbox]), select")];
  const hidden = controls.filter((it) => it.checkVisibility() && !stands(getComputedStyle(it)));
  const code = document.querySelector("svg[role=img]");
  const [ground, ink] = ["rect", "path"].map((it) => code && getComputedStyle(code.querySelector(it)));
  const isRead = !code || (ground.fill === "rgb(255, 255, 255)" && ink.stroke === "rgb(0, 0, 0)");
  return [...hidden.map((it) => `looks like text: ${it.outerHTML.slice(0, 120)}`), ...(isRead ? [] : ["the code is not black on white"])];
}
