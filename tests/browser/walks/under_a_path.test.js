// A portal under a path: every link, form and static file stays below it.

import assert from "node:assert/strict";
import { ALEX } from "../lib/people.js";
import { sendText, typeSentCode } from "../lib/set_up.js";
import { inTurn } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { walk } from "../lib/walk.js";

walk(
  "a number is added and removed under a path",
  inTurn(),
  async (visit) => {
    const elsewhere = [];
    visit.page.on("request", (request) => {
      const { host, pathname } = new URL(request.url());
      if (host === new URL(visit.stage.portal).host && !/^\/account\/mfa(\/|$)/.test(pathname)) elsewhere.push(pathname);
    });
    await signIn(visit, ALEX);
    await visit.on("Two-step verification");
    await sendText(visit, "+44 7700 900123");
    await typeSentCode(visit, ALEX);
    await visit.hears("Number for text messages added.");
    await visit.follow("Remove phone ending 0123");
    await visit.press("Remove the number");
    await visit.hears("Number ending 0123 removed.");
    await visit.follow("Sign out");
    await visit.press("Sign out");
    await visit.on("You are signed out");
    assert.deepEqual(elsewhere, []);
  },
  { "app-base-url": "http://127.0.0.1:{port}/account/mfa" },
);
