// What a person does again and again on the way to something else: add an app, add a number, save the recovery code.

/** On the page of an authenticator app's set-up: types what the app shows. */
export async function typeAppCode(visit) {
  await visit.unfold("Can’t scan it?");
  const code = await visit.stage.appCode(await visit.page.locator("p[translate=no]").innerText());
  await visit.type("Six-digit code", code);
  await visit.press("Confirm");
}

/** On the page that waits for a code that was sent: types it. */
export async function typeSentCode(visit, email, button = "Confirm") {
  await visit.type("Six-digit code", await visit.stage.sentCode(email));
  await visit.press(button);
}

/** From the list to a text message on its way. */
export async function sendText(visit, number) {
  await visit.follow(/^Add text message/);
  await visit.type("Phone number", number);
  await visit.press("Send the code");
}

/** On the page with the recovery code: says that it is saved. */
export async function sayItIsSaved(visit) {
  await visit.tick(/^I have saved it/);
  await visit.press("Done");
}
