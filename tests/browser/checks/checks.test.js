// Tests of the checks: each finds its fault on a page that has this one fault, and no check finds any on the good page.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { problems } from "../lib/check.js";
import { freshWindow, quit } from "../lib/chromium.js";
import { indistinct } from "../lib/indistinct.js";
import { lostFocus, round } from "../lib/keyboard.js";
import { DESK, NARROW_ARABIC } from "../lib/settings.js";
import { untranslated } from "../lib/translated.js";
import { PSEUDO } from "../lib/words.js";

const GOOD = `<!doctype html>
<html lang="en" dir="ltr">
<head>
  <title>A page</title>
  <style>a, button { display: inline-flex; min-block-size: 3rem; align-items: center } :focus { outline: 3px solid }</style>
</head>
<body>
  <main>
    <h1>A page</h1>
    <p>Some text.</p>
    <p><a href="#one">One link</a></p>
    <form action="/"><button>One button</button></form>
  </main>
</body>
</html>
`;

/** Faults by name: the text of the good page, its replacement, and the problem that must be reported. */
const FAULTS = {
  "text without contrast": ["<p>Some text", '<p style="color: #ccc">Some text', /axe color-contrast/],
  "a page that refreshes itself": ["<title>", '<meta http-equiv="refresh" content="300"><title>', /axe meta-refresh[^]*HTML meta-refresh/],
  "a tag that is not closed": ["Some text.</p>", "Some text.<b></p>", /HTML close-order/],
  "two first headings": ["<p>Some", "<h1>More</h1><p>Some", /2 first headings/],
  "a page that is too wide": ["<p>Some", '<p style="width: 2000px">Some', /2008 pixels wide in a window of 1100/],
  "text wider than its box": ["<p>Some", '<p style="width: 2rem">Uninterruptedly some', /text wider than its box/],
  "text cut at the bottom": ["<p>Some", '<p style="height: .5rem; overflow: hidden">Some', /text higher than its box/],
  "text over text": ["<p>Some", '<p style="margin-top: -4rem">Some', /text over “/],
  "a small button": ["<button>", '<button style="min-block-size: 2rem">', /32 pixels high/],
  "a small link outside running text": ["<a ", '<a style="display: inline" ', /pixels high: <a/],
};

let page;
before(async () => { page = await freshWindow(DESK); });
after(quit);

async function show(original, replacement) {
  assert.ok(GOOD.includes(original), original);
  const html = GOOD.replace(original, replacement);
  await page.setContent(html);
  return html;
}

async function found(check, expected) {
  const lines = await check(page);
  assert.match(lines.join("\n"), expected);
}

it("a good page has no problems", async () => {
  const html = await show("", "");
  assert.deepEqual([...(await problems(page, DESK, html.replace(/ *<style>.*\n/, ""))), ...(await round(page)), ...(await lostFocus(page))], []);
});

for (const [name, [original, replacement, expected]] of Object.entries(FAULTS)) {
  it(name, async () => {
    const html = await show(original, replacement);
    await found(() => problems(page, DESK, html), expected);
  });
}

it("a focused control without an outline", async () => {
  await show("<button>", '<button style="outline: none">');
  await found(round, /no visible focus: <button/);
});

it("a focused control behind another element", async () => {
  await show("<main>", '<main><div style="position: fixed; inset: 0"></div>');
  await found(round, /focus behind something: <a/);
});

it("a control that Tab does not reach", async () => {
  await show("<button>", '<button tabindex="-1">');
  await found(round, /Tab does not come by: <button/);
});

it("tab stops out of visual order", async () => {
  await show("<main>", '<main style="display: flex; flex-direction: column-reverse">');
  await found(round, /out of order: <button/);
});

it("a mistake whose field has not the focus", async () => {
  await show("<p>Some", '<div role="alert" tabindex="-1"><a href="#one">Wrong</a></div><p>Some');
  await found(lostFocus, /the focus is not at what is wrong/);
});

it("untranslated text", async () => {
  await show("Some text.", "[Šómé téxt one two] to \u2068Nora\u2069");
  await found(() => untranslated(page, PSEUDO), /untranslated: \[Šómé téxt one two\] to/);
  await show("Some text.", "نص مع Google Authenticator و nora@example.com");
  await found(() => untranslated(page, NARROW_ARABIC.language), /^written ltr\nuntranslated: A page\nuntranslated: A page\nuntranslated: One link\nuntranslated: One button$/);
});

it("controls and QR codes lost in forced colours", async () => {
  await show("<a ", '<a style="color: inherit; text-decoration: none" ');
  await found(indistinct, /looks like text: <a/);
  await show("<p>Some", '<svg role="img"><rect fill="#000"></rect><path stroke="#000"></path></svg><p>Some');
  await found(indistinct, /the code is not black on white/);
});
