// Finds the template of a page by the messages that the template always shows.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plain } from "./words.js";

const FOLDER = new URL("../../../templates", import.meta.url).pathname;

/** A template with this many messages may miss one. */
const MANY = 5;

/** Every page template, with the ids of its unconditional messages. */
export const TEMPLATES = readdirSync(FOLDER, { recursive: true }).sort().flatMap((name) => {
  const source = name.endsWith(".html") ? readFileSync(join(FOLDER, name), "utf8") : "";
  return source.includes('{% extends "layout.html" %}') ? [{ name, ids: certain(source) }] : [];
});

/**
 * The template whose messages are on the page; if several fit, the one with the most messages. One of many messages may be
 * missing, because a script may have replaced it.
 */
export async function templateOf(place, words) {
  const text = plain(await place.evaluate(everything));
  const missing = ({ ids }) => ids.filter((id) => !says(text, words, id)).length;
  const fits = TEMPLATES.filter((it) => missing(it) <= (it.ids.length >= MANY ? 1 : 0));
  const [first, second] = fits.sort((one, other) => other.ids.length - one.ids.length);
  if (first?.ids.length === second?.ids.length) throw new Error(`is this page ${first?.name} or ${second?.name}? ${text}`);
  return first.name;
}

/** An id that ends with a hyphen stands for every id with this prefix: one message for each kind of factor. */
function says(text, words, id) {
  const ids = id.endsWith("-") ? words.ids().filter((it) => it.startsWith(id)) : [id];
  return ids.some((it) => text.includes(plain(words.message(it))));
}

/** Runs in the page: its text, and its attributes, which hold texts for scripts. */
function everything() {
  const main = document.querySelector("main");
  const attributes = [...main.querySelectorAll("*")].flatMap((element) => [...element.attributes].map(({ value }) => value));
  return [document.title, main.textContent, ...attributes].join(" ");
}

function certain(source) {
  let depth = 0;
  const ids = [];
  for (const [, begins, ends, how, id] of source.matchAll(/\{%-?\s*(?:(if|for|match)\b|(endif|endfor|endmatch)\b)|page\.t(_of)?\(\s*"([^"]+)"/g)) {
    if (begins) depth += 1;
    else if (ends) depth -= 1;
    else if (depth === 0) ids.push(how ? `${id}-` : id);
  }
  return [...new Set(ids)];
}
