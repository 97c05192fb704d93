// Checks a document as received with html-validate.

import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": "off", // HTML allows either case
    "no-redundant-for": "off", // voice control finds a field more reliably by `for` than by the label around it
    "long-title": "off", // a concern of search engines, which never come here
    "no-implicit-button-type": "off", // our buttons in forms submit them, which is the default
  },
});

/** The problems, one line each. */
export async function invalid(html) {
  const { results } = await validator.validateString(html);
  const lines = html.split("\n");
  const messages = results.flatMap((result) => result.messages).map((it) => ({ ...it, line: lines[it.line - 1]?.trim() }));
  return messages.filter((it) => !isMeantForNoScript(it)).map((it) => `HTML ${it.ruleId}: ${it.message}: ${it.line}`);
}

/** See WITHOUT_SCRIPT in accessible.js. */
function isMeantForNoScript({ ruleId, line }) {
  return ruleId === "meta-refresh" && line.startsWith("<noscript>");
}
