// Steps that many walks share: type a code, add a number, save the recovery code.

/** Types six digits. With script the page submits them by itself after a second, so no button is pressed. */
export async function typeCode(visit, code, button = "Confirm") {
  const type = () => visit.type("Six-digit code", code);
  if (visit.setting.script) return visit.leaves(type);
  await type();
  await visit.press(button);
}

/** The summary of the error for a wrong app code. */
export const WRONG_APP_CODE = "That code is wrong or expired.";

/** On the enrollment page of an authenticator app: types the code that the app shows. */
export async function typeAppCode(visit) {
  await visit.unfoldKey();
  const code = await visit.stage.appCode(await visit.page.locator("p[translate=no]").innerText());
  await typeCode(visit, code);
}

/** On the page for a code that was sent: types it. */
export async function typeSentCode(visit, email, button) {
  await typeCode(visit, await visit.stage.sentCode(email), button);
}

/** From the list: has a text message sent to this number. */
export async function sendText(visit, number) {
  await visit.follow(/^Add a phone number/);
  await visit.type("Phone number", number);
  await visit.press("Send the code");
}

/** On the page with the recovery code: confirms that it is saved. */
export async function sayItIsSaved(visit) {
  await visit.tick(/^I have saved it/);
  await visit.press("Done");
}
