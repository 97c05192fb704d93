// Three sites over https, behind Debian's nginx with a certificate of a private CA: the portal on mfa.company.test, another
// portal under a path of account.company.test, and pages on all sites that link to the portal or frame it. Chromium
// resolves every host to loopback and blocks third-party cookies.

import { execFile, spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { built } from "./built.js";
import { ARGUMENTS, EXECUTABLE, options } from "./chromium.js";
import * as firefox from "./firefox.js";
import { freePort } from "./port.js";
import { NORA } from "./people.js";
import { Stage } from "./stage.js";
import * as webkit from "./webkit.js";

export const PORTAL = "https://mfa.company.test";
export const SAME_SITE = "https://account.company.test";
export const OTHER_SITE = "https://account.other.test";
export const STRANGER = "https://www.stranger.test";
/** The pages in examples, on the same site as OTHER_SITE. */
export const EXAMPLES = { html: "https://html.other.test", react: "https://react.other.test", vue: "https://vue.other.test", django: "https://django.other.test" };

const PROBE = "https://probe.company.test";

/** The Content-Security-Policy of a careful account portal: no inline code, only our script and our frame from elsewhere. */
const POLICY = `default-src 'none'; script-src 'self' ${PORTAL}; frame-src ${PORTAL} ${PROBE}; require-trusted-types-for 'script'`;
/** The same where the element is part of the page's own script. */
const OWN_SCRIPT = `default-src 'none'; script-src 'self'; frame-src ${PORTAL}; require-trusted-types-for 'script'`;
const EVENTS = [
  "added", "removed", "replaced", "recovery-code", "unchanged", "cancelled", "signed-out", "signin-required", "resized",
];

/** A page with the element and this script. */
const withElement = (script, attributes = 'theme="dark"') => `<!doctype html><html lang="en"><title>Account</title><h1>Account</h1>
${script}
<mfa-portal ${attributes}><a href="${PORTAL}/">Two-step verification</a></mfa-portal>
<script src="/heard.js" defer></script>`;

const FILES = {
  "element.html": withElement(`<script src="${PORTAL}/embed.js" defer></script>`),
  "module.html": withElement(`<script type="module" src="${PORTAL}/embed.mjs" integrity="HASH embed.mjs"></script>`),
  "thrice.html": withElement(`<script src="${PORTAL}/embed.js" crossorigin="anonymous" integrity="HASH embed.js"></script>
<script src="${PORTAL}/embed.js" defer></script>
<script type="module" src="${PORTAL}/embed.js"></script>
<script type="module" src="${PORTAL}/embed.mjs"></script>`),
  "attributes.html": withElement(
    `<style>html { background: #00ff00 }</style><script src="${PORTAL}/embed.js" defer></script>`,
    'action="add:totp" lang="de" background="transparent"',
  ),
  "hidden.html": withElement(`<script src="${PORTAL}/embed.js" defer></script>`).replace("<mfa-portal", "<mfa-portal hidden"),
  "isolated.html": withElement(`<script src="${PORTAL}/embed.js" defer></script>`),
  "heard.js": `window.heard = [];
for (const name of ${JSON.stringify(EVENTS)}) document.addEventListener(name, (event) => heard.push([name, event.detail]));`,
  "frame.html": `<!doctype html><html lang="en"><title>Account</title><h1>Account</h1>
<iframe src="${PORTAL}/" title="Two-step verification" width="900" height="900"></iframe>`,
  "probe.html": `<!doctype html><html lang="en"><title>Probe</title><iframe src="${PROBE}/"></iframe>`,
  "removal.html": `<!doctype html><html lang="en"><title>Account</title>
<iframe src="${PORTAL}/authenticators/remove?id=x" title="Remove" width="900" height="900"></iframe>`,
  "link.html": ["add:totp", "remove:totp"]
    .map((action) => `<a href="${PORTAL}/?return_to=${SAME_SITE}/link.html&amp;action=${action}">${action}</a>`)
    .join("\n"),
  "window.html": `<!doctype html><html lang="en"><title>Stranger</title><button>Open</button><script src="/window.js"></script>`,
  "window.js": `window.heard = [];
addEventListener("message", (event) => heard.push(event.data));
document.querySelector("button").addEventListener("click", () => { window.opened = window.open("${PORTAL}/"); });`,
};

const run = promisify(execFile);

/** The lines for nginx that serve the files of this folder under a policy for pages with scripts of their own. */
export const ownScript = (folder) => `root ${folder}; add_header Content-Security-Policy "${OWN_SCRIPT}";`;

/** The sites, with one stage behind the portal and another behind the portal under a path. */
export class Sites {
  /** `hosts` are further hosts of other.test with the lines of each for nginx. */
  static async open(hosts = {}) {
    const sites = new Sites();
    sites.hosts = hosts;
    sites.folder = await mkdtemp(join(tmpdir(), "sites-"));
    sites.port = await freePort();
    const flags = {
      "app-base-url": PORTAL,
      "embed-origins": [SAME_SITE, OTHER_SITE, ...Object.values(EXAMPLES)].join(),
      "return-origins": `${SAME_SITE},${OTHER_SITE}`,
    };
    sites.stage = await Stage.open(flags);
    sites.prefixed = await Stage.open({ "app-base-url": `${SAME_SITE}/mfa` });
    await sites.#certify();
    await sites.#serve();
    return sites;
  }

  /** Starts over: everybody is signed out at the tenant, Nora has no authenticators, and what was done is a while ago. */
  async startOver() {
    for (const stage of [this.stage, this.prefixed]) {
      await stage.order("sign_out_everywhere");
      await stage.person({ name: "Nora", email: NORA });
      await stage.pass(31);
    }
  }

  /** Stops nginx, the stages and the browser, and removes the files. */
  async close() {
    await this.context?.close();
    this.proxy?.close();
    this.nginx.kill();
    await this.ended;
    await Promise.all([this.stage.close(), this.prefixed.close()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Makes a certificate for all hosts, signed by a new CA. */
  async #certify() {
    const at = (name) => join(this.folder, name);
    const openssl = (...words) => run("openssl", words, { cwd: this.folder });
    await writeFile(at("hosts"), "subjectAltName=DNS:*.company.test,DNS:*.other.test,DNS:*.stranger.test");
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    await openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=CA of this test");
    await openssl("req", ...key, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=sites of this test");
    const signer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
    await openssl("x509", "-req", "-in", "request.pem", ...signer, "-out", "leaf.pem", "-days", "2", "-extfile", "hosts");
    const { publicKey } = new X509Certificate(await readFile(at("leaf.pem")));
    this.pin = createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest("base64");
  }

  async #serve() {
    await mkdir(join(this.folder, "pages"));
    const { stdout } = await run(built("mfa-portal"), ["embed-hash"]);
    const hashes = Object.fromEntries(stdout.trim().split("\n").map((line) => line.split(" ")));
    const hashed = (text) => text.replaceAll(/HASH ([a-z.]+)/g, (_, name) => hashes[name]);
    await Promise.all(Object.entries(FILES).map(([name, text]) => writeFile(join(this.folder, "pages", name), hashed(text))));
    const behind = (stage) => new URL(stage.portal).host;
    const server = (host, body) => `server {
      listen 127.0.0.1:${this.port} ssl; server_name ${host};
      ssl_certificate leaf.pem; ssl_certificate_key key.pem;
      ${body}
    }`;
    const proxied = (stage) => `proxy_pass http://${behind(stage)}; proxy_set_header Host $host;`;
    const pages = `root pages; add_header Content-Security-Policy "${POLICY}";`;
    // Works as root and without privileges, and writes only into the folder.
    const scratch = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((it) => `${it}_temp_path ${it};`).join(" ");
    await writeFile(join(this.folder, "nginx.conf"), `${process.getuid() === 0 ? "user root;" : ""}
      pid nginx.pid; error_log stderr crit; daemon off; worker_processes 1;
      events {}
      http {
        types { text/html html; text/javascript js; } access_log off; ${scratch}
        ${server("mfa.company.test", `location / { ${proxied(this.stage)} }`)}
        ${server("account.company.test", `${pages} location /mfa/ { ${proxied(this.prefixed)} } location = /mfa { ${proxied(this.prefixed)} }`)}
        ${server("account.other.test", `${pages}
          location = /attributes.html { add_header Content-Security-Policy "${POLICY}; style-src 'unsafe-inline'"; }
          location = /isolated.html { add_header Content-Security-Policy "${POLICY}"; add_header Cross-Origin-Embedder-Policy require-corp; }`)}
        ${Object.entries(this.hosts).map(([host, body]) => server(host, body)).join("\n")}
        ${server("www.stranger.test", "root pages;")}
        ${server("probe.company.test", `location / { default_type text/plain; add_header Set-Cookie "seen=1; SameSite=None; Secure"; return 200 "<$http_cookie>"; }`)}
      }`);
    this.nginx = spawn("nginx", ["-p", this.folder, "-c", join(this.folder, "nginx.conf"), "-e", "stderr"], { stdio: ["ignore", "inherit", "inherit"] });
    this.ended = once(this.nginx, "exit");
    const failed = this.ended.then(() => Promise.reject(new Error("nginx has ended; what it said is above")));
    await Promise.race([listening(this.port), failed]);
    failed.catch(() => {});
  }

  /** A proxy that leads every host to nginx, for browsers that cannot be told where a host is. */
  async #lead() {
    this.proxy = createServer().on("connect", (_request, socket) => {
      const there = connect(this.port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      there.on("error", () => socket.destroy()).pipe(socket);
      socket.on("error", () => there.destroy()).pipe(there);
    });
    await once(this.proxy.listen(0, "127.0.0.1"), "listening");
    return this.proxy.address().port;
  }

  /** Opens a window of Firefox or WebKit in a new profile; closes the previous browser. */
  async otherBrowser(setting) {
    await this.context?.close();
    this.lead ??= await this.#lead();
    const words = [`--proxy=http://127.0.0.1:${this.lead}`, "--ignore-host=127.0.0.1", "--ignore-tls-errors"];
    const open = { firefox: () => firefox.freshWindow(setting, this.lead), webkit: () => webkit.freshWindow(setting, words) };
    const page = await open[setting.engine]();
    this.context = page.context();
    return page;
  }

  /** Opens a browser in a new profile, with or without script or in this setting; closes the previous one. */
  async browser(script, setting) {
    await this.context?.close();
    const profile = await mkdtemp(join(this.folder, "profile-"));
    await mkdir(join(profile, "Default"));
    const privacy = { profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } };
    await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(privacy));
    const hosts = [`--host-resolver-rules=MAP *.test 127.0.0.1:${this.port}`];
    const trust = [`--ignore-certificate-errors-spki-list=${this.pin}`];
    const args = [...ARGUMENTS, ...hosts, ...trust];
    this.context = await chromium.launchPersistentContext(profile, {
      executablePath: EXECUTABLE,
      args,
      ...(setting ? options(setting) : { javaScriptEnabled: script }),
    });
    // On an idle machine it takes a second.
    this.context.setDefaultTimeout(60_000);
    return this.context;
  }
}

export async function listening(port) {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(() => true, () => false);
    socket.destroy();
    if (open) return;
    await pause(50);
  }
  throw new Error("nginx does not listen; what it said is above");
}
