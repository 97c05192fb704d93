// A portal and an emulated tenant on one clock that the test moves: the program `stage` opens them, one pair a test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { built } from "./built.js";

/** The program, started once; it ends with this process. */
let program;

async function start() {
  const child = spawn(built("stage"), { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const line = once(lines, "line").then(([text]) => text);
  const end = once(child, "exit").then(() => Promise.reject(new Error("the stage did not start; its output is above")));
  const { control } = JSON.parse(await Promise.race([line, end]));
  end.catch(() => {});
  // It must not keep the tests from ending; its input closes with this process, and that ends it.
  child.unref();
  child.stdin.unref();
  child.stdout.unref();
  return control;
}

async function ask(path, method = "GET", body) {
  program ??= start();
  const headers = { "content-type": "application/json" };
  const response = await fetch(new URL(path, await program), { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text && JSON.parse(text);
}

export class Stage {
  /** Opens a stage; `flags` are settings of the portal, such as `{ factors: "totp" }`. */
  static async open(flags = {}) {
    return Object.assign(new Stage(), await ask("stages", "POST", flags));
  }

  async close() {
    await ask(`stages/${this.id}`, "DELETE");
  }

  /** Time passes. */
  pass(seconds) {
    return this.order({ pass: seconds });
  }

  /** Requests of this kind go wrong, `times` times or always; see `How` in the stage's order.rs. */
  fault(method, path, how, times) {
    return this.order({ fault: { method, path, how, times } });
  }

  /** From now on the tenant lists these authenticators, whatever is true. */
  lists(authenticators) {
    return this.fault("GET", "/mfa/authenticators", { json: { status: 200, body: authenticators } });
  }

  /** Nothing goes wrong any more. */
  heal() {
    return this.order("heal");
  }

  /** Settles somebody in; see `Seed` in the stage's person.rs. */
  person(seed) {
    return this.order({ person: seed });
  }

  /** The phone's answer to the last push request. */
  async push(email, approve) {
    if (!(await this.order({ push: { email, approve } }))) throw new Error(`nothing waits on the phone of ${email}`);
  }

  /** Changes the tenant's dashboard; see `Dashboard` in the stage's order.rs. */
  tenant(settings) {
    return this.order({ tenant: settings });
  }

  order(order) {
    return ask(`stages/${this.id}`, "POST", order);
  }

  /** What somebody has enrolled and what reached their devices; see `View` in the stage's person.rs. */
  look(email) {
    return ask(`stages/${this.id}/people/${email}`);
  }

  /** What an authenticator app with this key shows now. */
  appCode(key) {
    return ask(`stages/${this.id}/codes/${key.replace(/\s/g, "")}`);
  }

  /** The code of the last text, call or e-mail. */
  async sentCode(email) {
    return (await this.look(email)).messages.at(-1).code;
  }

  /** The path of the link in the last notice of a change, which is sent after its page is answered. */
  async noticeLink(email) {
    for (let tries = 0; tries < 100; tries += 1) {
      const path = (await this.look(email)).letters.at(-1)?.match(/\/notices\/\S+/)?.[0];
      if (path) return path;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no mail reached ${email}`);
  }

  /** The portal's calls to the tenant so far, as `POST /mfa/associate`. */
  requests() {
    return ask(`stages/${this.id}/requests`);
  }
}
