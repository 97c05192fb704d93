// MDN's HTTP Observatory and Google's CSP evaluator on the portal's own pages, over https: prints a table, and fails below A+
// and on any finding above informational.

import { readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { CspEvaluator } from "csp_evaluator";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreDescription, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";
import { NORA } from "../lib/people.js";
import { PORTAL, Sites } from "../lib/sites.js";
import { PASSWORD } from "../lib/visit.js";

const POLICY = "content-security-policy";
/** A tenant's address as portals have it: the settings allow http on loopback only, where the emulated tenant is. */
const TENANT = "https://example.eu.auth0.com";

/** The browsers' list of preloaded hosts, which the Observatory downloads when it is installed. It has no `.test`. */
await writeFile(new URL("node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json", import.meta.url), "{}");

/** Leads this process' https connections to the sites. Nothing answers plain http, which the proxy in front redirects. */
async function reach(sites) {
  const ca = await readFile(join(sites.folder, "ca.pem"));
  const { createConnection } = https.Agent.prototype;
  const at = { host: "127.0.0.1", port: sites.port, ca };
  https.Agent.prototype.createConnection = function (options, done) {
    return createConnection.call(this, { ...options, ...at }, done);
  };
  http.Agent.prototype.createConnection = () => { throw new Error("no plain http"); };
}

/** Signs in and begins a set-up; returns the paths of pages by name, and the browser's cookies as a header. */
async function visit(sites) {
  const context = await sites.browser(true);
  const page = await context.newPage();
  await page.goto(PORTAL);
  await page.getByLabel("E-mail address").fill(NORA);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Two-step verification" }).waitFor();
  await page.goto(`${PORTAL}/factors/totp`);
  await page.getByRole("button", { name: "Show me the QR code" }).click();
  await page.waitForURL(/totp\/.+/);
  const cookies = (await context.cookies(PORTAL)).map(({ name, value }) => `${name}=${value}`).join("; ");
  const paths = { list: "/", "choose a factor": "/factors", "set-up": new URL(page.url()).pathname };
  return { paths, cookies };
}

/** What strangers see. */
const OUTSIDE = { "signed out": "/signed-out", "sign-in error": "/callback?code=x&state=y", "not found": "/nothing/here" };

/** The Observatory's grade of a page, its score, and what was deducted. */
async function graded(path, cookies, sites) {
  const headers = ["Accept: text/html", ...(cookies ? [`Cookie: ${cookies}`] : [])];
  const requests = await retrieve(new URL(PORTAL).host, { path, headers });
  const answer = requests.responses.auto;
  if (!answer) throw new Error(`no answer for ${path}`);
  answer.headers[POLICY] = answer.headers[POLICY].replace(new URL(sites.stage.tenant).origin, TENANT);
  const results = ALL_TESTS.map((test) => test(requests).result);
  const sum = (scores) => scores.reduce((all, it) => all + it, 0);
  const scores = results.map(getScoreModifier);
  const deducted = 100 + sum(scores.filter((it) => it < 0));
  const { score, grade } = getGradeForScore(deducted < MINIMUM_SCORE_FOR_EXTRA_CREDIT ? deducted : 100 + sum(scores));
  const faults = results.filter((it) => getScoreModifier(it) < 0).map(getScoreDescription);
  return { status: answer.status, title: title(answer.data), policy: answer.headers[POLICY], score, grade, faults };
}

function title(html) {
  return /<title>([^<]*)/.exec(html)?.[1] ?? "";
}

/** The CSP evaluator's findings that are more than information. */
function findings(policy) {
  const all = new CspEvaluator(new CspParser(policy).csp).evaluate();
  const grave = all.filter((it) => it.severity < Severity.INFO);
  return grave.map((it) => `${Severity[it.severity]} ${it.directive}: ${it.description}`);
}

const sites = await Sites.open();
try {
  await reach(sites);
  const { paths, cookies } = await visit(sites);
  for (const [name, path] of [...Object.entries(OUTSIDE), ...Object.entries(paths)]) {
    const { status, title, policy, score, grade, faults } = await graded(path, path === OUTSIDE[name] ? "" : cookies, sites);
    faults.push(...findings(policy));
    console.log(`${name.padEnd(16)} ${grade} ${score}  ${status} ${title}`);
    for (const fault of faults) console.log(`    ${fault}`);
    if (grade !== "A+" || faults.length > 0) process.exitCode = 1;
  }
} finally {
  await sites.close();
}
