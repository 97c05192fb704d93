// Finds elements as people do, by role, name, label or text, in one look at the page. Browsers that cannot wait inside a
// page, because it has no script or because they are no Playwright's, are asked again and again (place.js).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The source of axe-core, which knows the roles and names of all elements. */
export const AXE = `() => { ${readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")} }`;

/** The answer of a page that has no axe-core yet. */
export const WITHOUT_AXE = "without axe";

/** A function for the page that finds the elements of these steps and calls `use` with them. */
export function withFound(use) {
  return `(steps, ...values) => window.axe ? (${use})((${find})(steps), ...values) : "${WITHOUT_AXE}"`;
}

/** The only element that is found; a text says what is in the way. */
export function only(use) {
  return withFound(`(found, ...values) => {
    const shown = found.filter((it) => it.checkVisibility({ visibilityProperty: true }));
    return shown.length === 1 ? [(${use})(shown[0], ...values)] : \`\${found.length} found, \${shown.length} shown\`;
  }`);
}

/** A step's text: an expression, or words that are contained in any case, as Playwright reads them. */
export function wanted(text) {
  return text instanceof RegExp ? { source: text.source, flags: text.flags } : { source: RegExp.escape?.(text) ?? escaped(text), flags: "iu" };
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Runs in the page. Each step is a way with its value, and goes on from what the previous one found. */
function find(steps) {
  const { aria, text } = window.axe.commons;
  const fits = (said, { source, flags }) => new RegExp(source, flags).test(said.replace(/\s+/g, " ").trim());
  const under = (places, selector) => [...new Set(places.flatMap((it) => [...it.querySelectorAll(selector)]))];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const isRole = (element, role) => aria.getRole(element) === role;
  const level = (element) => Number(element.getAttribute("aria-level") ?? element.localName.slice(1));
  const ways = {
    css: under,
    role: (places, role) => under(places, "*").filter((it) => isRole(it, role) && isShown(it)),
    name: (found, name) => found.filter((it) => fits(text.accessibleText(it), name)),
    level: (found, wanted) => found.filter((it) => level(it) === wanted),
    label: (places, name) => under(places, "input, select, textarea").filter((it) => fits(text.accessibleText(it), name)),
    text: (places, words) => {
      const all = under(places, "*").filter((it) => it.innerText !== undefined && fits(it.innerText, words));
      return all.filter((it) => !all.some((other) => other !== it && it.contains(other)));
    },
    hasText: (found, words) => found.filter((it) => fits(it.textContent, words)),
    at: (found, place) => found.slice(place, place + 1),
  };
  window.axe.setup(document);
  try {
    return steps.reduce((found, [way, value]) => ways[way](found, value), [document]);
  } finally {
    window.axe.teardown();
  }
}
