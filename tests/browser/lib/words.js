// The pages' words in any language, found by their English ones: walks are written in English and run in every language.

import { existsSync, readFileSync } from "node:fs";
import { FluentBundle, FluentNumber, FluentResource } from "@fluent/bundle";

const LOCALES = new URL("../../../templates/locales/", import.meta.url);

/** The pseudo-locale of debug builds: English with accents and brackets (src/i18n/pseudo.rs). */
export const PSEUDO = "en-XA";

/** The arguments that come from the portal's settings, which are the same on every page. */
const SETTINGS = { app: "Auth0 Guardian", brand: "Northwind" };

/** The Fluent bundle of each language, and the messages of the English file. */
const bundles = new Map();
const ENGLISH = resource("en").body;
const FIXED = ENGLISH.filter(({ value }) => argumentsOf(value).length === 0);

/** Whether the pages have this language. */
export function hasLanguage(language) {
  return language === PSEUDO || existsSync(new URL(`${language}.ftl`, LOCALES));
}

function bundle(language) {
  if (!bundles.has(language)) {
    const made = new FluentBundle(language);
    made.addResource(resource(language));
    bundles.set(language, made);
  }
  return bundles.get(language);
}

function resource(language) {
  return new FluentResource(readFileSync(new URL(`${language}.ftl`, LOCALES), "utf8"));
}

/** Parts of a text that may be arguments of a message: numbers, addresses, times. */
const DATA = /[\p{L}\p{N}+:.@]*[\p{N}@][\p{L}\p{N}:.@]*[\p{L}\p{N}]|\p{N}/gu;

/** A count for each plural form of any language, for messages that do not show the number. */
const COUNTS = ["0", "1", "2", "3", "11", "100"];

/** The words of one language. */
export class Words {
  constructor(language) {
    if (!hasLanguage(language)) throw new Error(`the pages have no language ${language}`);
    this.language = language;
    this.known = new Map();
  }

  /** The translations of these English words; several when messages that are equal in English differ here. */
  all(english) {
    if (this.language === "en" || !/\p{L}/u.test(english)) return [english];
    if (!this.known.has(english)) this.known.set(english, this.#translate(english));
    return this.known.get(english);
  }

  /** The first translation, for texts that have only one. */
  of(english) {
    return this.all(english)[0];
  }

  /** The message in this language. */
  message(id, values = {}) {
    const text = formatted(this.language === PSEUDO ? "en" : this.language, id, values);
    return this.language === PSEUDO ? pseudo(text) : text;
  }

  /** The ids of all messages without arguments. */
  ids() {
    return FIXED.map(({ id }) => id);
  }

  #translate(english) {
    const found = uses(english).map(({ id, values }) => this.message(id, values));
    if (found.length === 0) throw new Error(`no message says “${english}” in English`);
    return [...new Set(found)];
  }

  /** An expression that matches exactly this text, or, if `english` is an expression, the messages that match it. */
  name(english) {
    if (!(english instanceof RegExp)) return new RegExp(`^[\u2066-\u2069]*(?:${this.all(english).map(loosely).join("|")})[\u2066-\u2069]*$`);
    if (this.language === "en") return english;
    const found = matches(english).map((id) => loosely(this.message(id)));
    return new RegExp(`${english.source.startsWith("^") ? "^" : ""}(?:${found.join("|")})`);
  }
}

/** The messages with this text and the arguments that give it; if there is none, those that contain it. */
function uses(english) {
  const texts = candidates(english).map(({ id, values }) => ({ id, values, text: plain(formatted("en", id, values)) }));
  const exact = texts.filter(({ text }) => text === english);
  return exact.length > 0 ? exact : texts.filter(({ text }) => text.includes(english));
}

function candidates(english) {
  const data = english.match(DATA) ?? [];
  return ENGLISH.flatMap(({ id, value: pattern }) => {
    const names = argumentsOf(pattern);
    if (names.length === 0) return [{ id, values: {} }];
    return [...data, ...COUNTS].map((value) => ({ id, values: Object.fromEntries(names.map((name) => [name, argument(name, value)])) }));
  });
}

/** The ids of the messages without arguments that match. */
function matches(expression) {
  return FIXED.map(({ id }) => id).filter((id) => expression.test(formatted("en", id, {})));
}

function argument(name, value) {
  return name === "count" ? new FluentNumber(Number(value) || 0, { useGrouping: false, numberingSystem: "latn" }) : value;
}

function argumentsOf(part) {
  if (Array.isArray(part)) return [...new Set(part.flatMap(argumentsOf))];
  if (part?.type === "select") return [...new Set([part.selector, ...part.variants.map((it) => it.value)].flatMap(argumentsOf))];
  return part?.type === "var" && !(part.name in SETTINGS) ? [part.name] : [];
}

function formatted(language, id, values) {
  const message = bundle(language).getMessage(id) ?? bundle("en").getMessage(id);
  const errors = [];
  const text = bundle(language).formatPattern(message.value, { ...SETTINGS, ...values }, errors);
  return errors.length === 0 ? text : "";
}

/** The same transformation as the portal's: accents, a third longer, in brackets. */
function pseudo(text) {
  const letters = Object.fromEntries([..."aceinosuyACEINOSUY"].map((it, at) => [it, [..."áçéíñóšúýÁÇÉÍÑÓŠÚÝ"][at]]));
  const accented = text.replace(/\u2068[^\u2069]*\u2069|./gsu, (it) => letters[it] ?? it);
  return `[${accented}${" one two".repeat(Math.ceil([...text].length / 24))}]`;
}

/** Unicode’s marks around text of unknown direction. */
const ISOLATION = /[\u2066-\u2069]/g;

/** A text as people read it: without isolates, and with single spaces. */
export function plain(text) {
  return text.replace(ISOLATION, "").replace(/\s+/g, " ").trim();
}

/** A pattern for this text with or without isolates, in Western or Arabic digits, with any white space. */
function loosely(text) {
  const letters = [...plain(text)].map((it) => {
    if (/\d/.test(it)) return `[${it}${String.fromCodePoint(0x660 + Number(it))}]`;
    return it === " " ? "\\s+" : it.replace(/[.*+?^${}()|[\]\\/]/, "\\$&");
  });
  return letters.join("[\u2066-\u2069]*");
}
