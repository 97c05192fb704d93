// Finds untranslated text: in the pseudo-locale every text is in brackets, and in languages with another script no Latin
// word is left but names.

import { PSEUDO } from "./words.js";

/** In a language with another script a Latin word is untranslated. */
const hasOtherScript = (language) => new Intl.Locale(language).maximize().script !== "Latn";
/** Languages whose text runs from right to left (CLDR). */
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

/** Names that no language translates; longer ones first. */
const NAMES = [
  "Google Authenticator", "Microsoft Authenticator", "1Password", "Apple Passwords", // apps
  "Auth0 Guardian", "Guardian", "Auth0", "App Store", "Google Play", "Android", "iPhone", "iPad",
  "Northwind", "Emulated phone", "Pia's phone", "Desk", // what a company and a person call something
  "QR", "SMS", "UTC", "name@example.com",
];

/** Fluent's isolates around arguments (addresses, numbers, names), which are not translated. */
const ARGUMENT = /\u2068[^\u2068\u2069]*\u2069/g;
const ADDRESS = /https?:\/\/\S+|[^\s[\]]+@[^\s[\]]+/g;

/** Texts that are not in the page's language, one line each. */
export async function untranslated(place, language) {
  if (language !== PSEUDO && !hasOtherScript(language)) return [];
  const { direction, texts } = await place.evaluate(read);
  const wrong = texts.filter((text) => !isTranslated(language, withoutData(text))).map((it) => `untranslated: ${it}`);
  const expected = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  return direction === expected ? wrong : [`written ${direction}`, ...wrong];
}

function isTranslated(language, text) {
  if (!/\p{L}{2}/u.test(text)) return true;
  return language === PSEUDO ? /^(\P{L}*\[[^\]]*\])+\P{L}*$/u.test(text) : !/[a-z]{2}/i.test(text);
}

function withoutData(text) {
  const plain = text.replace(ARGUMENT, "").replace(ADDRESS, "").replace(/\s+/g, " ");
  return NAMES.reduce((rest, name) => rest.replaceAll(name, ""), plain).replace(/–\s*$/, "").trim();
}

/** Runs in the page: every visible or spoken text, except elements marked as untranslatable or as another language. */
function read() {
  const mine = document.documentElement.lang;
  const isMine = (element) => !element.closest(`[translate=no], [lang]:not([lang="${mine}"]), style, script, noscript`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [document.title];
  // Arguments of a message stand in elements of their own, within its text.
  const isMixed = (element) => element.querySelector(":scope > bdi") && [...element.childNodes].some((it) => it.data?.trim());
  const whole = (element) => [...element.childNodes].map((it) => (it.nodeName === "BDI" ? `\u2068${it.textContent}\u2069` : it.data ?? "")).join("");
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!data.trim() || !isMine(parentElement)) continue;
    if (parentElement.matches("bdi") && isMixed(parentElement.parentElement)) continue;
    texts.push(isMixed(parentElement) ? whole(parentElement) : data);
  }
  for (const element of document.querySelectorAll("[aria-label], [alt], [title], [placeholder]")) {
    if (!isMine(element)) continue;
    for (const name of ["aria-label", "alt", "title", "placeholder"]) texts.push(element.getAttribute(name) ?? "");
  }
  return { direction: document.documentElement.dir, texts };
}
