// Every page in the settings of EVERY_PAGE. At the end, templates that no walk has shown are reported.

import assert from "node:assert/strict";
import { it } from "node:test";
import { addPerson, ALEX, app, EDDA, NORA, PIA } from "../lib/people.js";
import { sayItIsSaved, sendText, typeAppCode, typeCode } from "../lib/set_up.js";
import { EVERY_PAGE } from "../lib/settings.js";
import { signIn } from "../lib/sign_in.js";
import { seenIn } from "../lib/seen.js";
import { TEMPLATES } from "../lib/templates.js";
import { tryPushInVain } from "../lib/try_push.js";
import { walk as declare } from "../lib/walk.js";
import { hasLanguage } from "../lib/words.js";

const LIST = "Two-step verification";
const MANAGEMENT = {
  "auth0-management-client-id": "mfa-portal-management",
  "auth0-management-client-secret": "emulated-tenant-management-secret",
};

async function mistypes(visit, label, text, button) {
  await visit.type(label, text);
  await visit.press(button);
}

/** The walks of this file. */
const walks = [];
const walk = (...declared) => walks.push(declare(...declared));

// O-12
walk("pages of a person without authenticators", EVERY_PAGE, async (visit) => {
  await visit.open("/signed-out");
  await visit.on("Sign out?");
  await visit.follow("Help");
  await visit.on("Help");
  await visit.follow("Lost phone, or a new one");
  await visit.on("Lost phone, or a new one");
  await visit.follow("No code arrived");
  await visit.on("No code arrived");
  await visit.follow("What is an authenticator app?");
  await visit.on("What is an authenticator app?");
  await signIn(visit, NORA);
  await visit.on(LIST);
  await visit.open("/factors");
  await visit.on("Add a way to verify");
  await visit.follow(/^Add an authenticator app/);
  await visit.on("Set up an authenticator app");
  await visit.beginSetUp();
  await visit.on("Set up an authenticator app");
  await typeCode(visit, "000000");
  await visit.on("Set up an authenticator app");
  await typeAppCode(visit);
  await visit.on("Save your recovery code");
  await visit.press("Done");
  await visit.on("Save your recovery code");
  await visit.isWarned("Save the code first, then tick the box.");
  await visit.open();
  await visit.on(LIST);
  await visit.open("/recovery-code");
  await sayItIsSaved(visit);
  await visit.on(LIST);
  await visit.follow("Lost your recovery code?");
  await visit.on("Get a new recovery code");
  await visit.open("/sign-out");
  await visit.on("Sign out?");
  await visit.press("Sign out");
  await visit.on("You are signed out");
});

walk("pages for text messages, calls and e-mail", EVERY_PAGE, async (visit) => {
  const { stage } = visit;
  await signIn(visit, ALEX);
  await visit.on(LIST);
  await visit.open("/factors/sms");
  await visit.on("Add a phone number");
  await mistypes(visit, "Phone number", "call me", "Send the code");
  await visit.on("Add a phone number");
  await visit.open();
  await sendText(visit, "+44 7700 900123");
  await visit.on("Check your messages");
  await typeCode(visit, "000000");
  await visit.on("Check your messages");
  await visit.press("Send another code");
  await visit.on("Check your messages");
  await visit.isWarned("is still on its way");
  await stage.pass(30);
  await visit.press("Send another code");
  await visit.on("Check your messages");
  await visit.hears("We have sent another code.");
  await visit.press("Cancel this set-up");
  await visit.open("/factors/voice");
  await visit.on("Add a phone number");
  await mistypes(visit, "Phone number", "+44 7700 900124", "Call me now");
  await visit.on("Answer the call");
  await visit.open("/factors/email");
  await visit.on("Add an e-mail address");
  await mistypes(visit, "E-mail address", "nobody", "Send the code");
  await visit.on("Add an e-mail address");
  await mistypes(visit, "E-mail address", "alex.private@example.org", "Send the code");
  await visit.on("Check your e-mail");
});

walk("pages for trying, replacing and removing", EVERY_PAGE, async (visit) => {
  const tryPhone = "Test your phone ending 0167";
  await signIn(visit, ALEX);
  await visit.follow(tryPhone);
  await visit.on(tryPhone);
  await visit.press("Send me a text message");
  await visit.on("Check your messages");
  await typeCode(visit, "000000", "Check code");
  await visit.on("Check your messages");
  await visit.press("Send another code");
  await visit.on("Check your messages");
  await visit.follow("Back to my list");
  await visit.follow("Replace phone ending 0167");
  await visit.on("Change your number");
  await visit.open();
  await visit.follow("Remove authenticator app");
  await visit.on("Remove the authenticator app?");
  await visit.open("/recovery-code");
  await visit.on("Get a new recovery code");
  await visit.press("Get a new recovery code");
  await visit.on("Save your recovery code");
}, MANAGEMENT);

walk("pages for push notifications", EVERY_PAGE, async (visit) => {
  const { stage } = visit;
  await signIn(visit, PIA);
  await visit.on(LIST);
  await tryPushInVain(visit);
  await visit.open("/factors/push");
  await visit.on("Set up push notifications");
  await visit.beginSetUp();
  await visit.on("Set up push notifications");
  await stage.push(PIA, false);
  await stage.pass(5);
  await visit.on("The request was denied on your phone");
});

walk("pages of an account with many authenticators and of an ended visit", EVERY_PAGE, async (visit) => {
  await signIn(visit, EDDA);
  await visit.on(LIST);
  await visit.stage.pass(485);
  await visit.open();
  await visit.on(LIST);
  await visit.stage.pass(120);
  await visit.press("Clear them");
  await visit.on("Your visit has ended");
  await visit.open("/nothing/here");
  await visit.on("Page not found");
});

walk("pages for choosing one of several apps", EVERY_PAGE, async (visit) => {
  const email = await addPerson(visit.stage, "Anna", [app("dev_one"), app("dev_two")]);
  await signIn(visit, email);
  await visit.open("/authenticators/name?id=totp%7Cdev_one");
  await visit.on("What is it called?");
  await visit.open("/lost-phone");
  await visit.on("Lost your phone, or got a new one?");
  await visit.press("Move to my new phone");
  await visit.on("Your new phone");
  await visit.press("Stop these steps");
  await visit.on(LIST);
  await visit.open("/authenticators/replace/totp");
  await visit.on("Which one do you want to replace?");
  await visit.open("/authenticators/remove/totp");
  await visit.on("Which one do you want to remove?");
  await visit.go(visit.control("link", /^Authenticator app/).first());
  await visit.press("Remove the authenticator app");
  await visit.on(LIST);
  await visit.follow("Remove authenticator app");
  await visit.on("Remove the authenticator app?");
  await visit.press("Remove the authenticator app");
  await visit.on("Are you sure?");
  await visit.follow("Keep it");
  await visit.follow("Replace authenticator app");
  await visit.press("Set up the new one");
  await visit.beginSetUp();
  await typeAppCode(visit);
  await visit.on("Remove the old app");
});

walk("pages behind the link in a notice of a change", EVERY_PAGE, async (visit) => {
  await signIn(visit, ALEX);
  await visit.follow("Remove authenticator app");
  await visit.press("Remove the authenticator app");
  await visit.on(LIST);
  await visit.open(await visit.stage.noticeLink(ALEX));
  await visit.on("Was this you?");
  await visit.press("This was not me");
  await visit.on("Your visits here have ended");
}, { "smtp-url": "{smtp}", "mail-from": "security@northwind.example" });

/** Pages shown only in frames of other sites (embed/frames.test.js), and the gallery, which only the demo has. */
const ELSEWHERE = ["frame/never_framed.html", "frame/sign_in.html", "gallery.html"];

for (const setting of EVERY_PAGE) {
  it(`no page was left out: ${setting.name}`, { skip: !hasLanguage(setting.language) }, async () => {
    // Walks are made two at once, so the last one may go on beside this.
    await Promise.all(walks);
    const { templates } = seenIn(setting);
    const left = TEMPLATES.map(({ name }) => name).filter((name) => !templates.has(name) && !ELSEWHERE.includes(name));
    assert.deepEqual(left, []);
  });
}
