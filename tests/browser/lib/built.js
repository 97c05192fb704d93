// Where Cargo puts a program, and whether it is what the sources say. No test builds it, so that nothing is compiled
// while tests run.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const TARGET = process.env.CARGO_TARGET_DIR ?? new URL("../../../target", import.meta.url).pathname;

/** The path of a program of the workspace; `RELEASE=1` takes the one that is built for release. */
export function built(name) {
  const isRelease = Boolean(process.env.RELEASE);
  const program = join(TARGET, isRelease ? "release" : "debug", name);
  const problem = outOfDate(program);
  const command = isRelease ? `cargo build --release --package ${name}` : "cargo build --workspace --all-targets";
  if (problem) throw new Error(`${problem}; \`${command}\` builds it`);
  return program;
}

/** Why a program is not what its sources say, which Cargo lists in `NAME.d` beside it. */
export function outOfDate(program) {
  const time = modified(program);
  const list = modified(`${program}.d`) && readFileSync(`${program}.d`, "utf8");
  if (!time || !list) return `${program} is missing`;
  const files = list.slice(list.indexOf(": ") + 2).trimEnd().split(/(?<!\\) /);
  const newer = files.map((file) => file.replaceAll("\\ ", " ")).find((file) => !(modified(file) <= time));
  return newer && `${program} is older than ${newer}`;
}

/** In milliseconds; undefined when there is no such file. */
function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
