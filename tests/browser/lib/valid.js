// What html-validate finds in a document as it came.

import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": "off", // HTML does not care
    "no-redundant-for": "off", // voice control finds a label by it more often than by what it surrounds
    "long-title": "off", // what search engines cut; they never come here
    "no-implicit-button-type": "off", // a button in a form sends it, which is what ours are for
  },
});

/** What is wrong, one line each. */
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
