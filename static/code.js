// The field for a code: goes on a moment after the sixth digit, and takes the digits out of a text message where the
// browser can (WebOTP). The page is whole without: the code is typed and the button pressed.
const PAUSE = 1000; // long enough to see what was typed, and to press the button first
const field = document.querySelector("input.code");
if (field) {
  const hint = document.getElementById("code-goes-on");
  hint.hidden = false;
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} code-goes-on`.trim());
  let soon;
  const goOn = () => {
    clearTimeout(soon);
    if (/^\d{6}$/.test(field.value.replace(/[\s-]/g, ""))) soon = setTimeout(() => field.form.requestSubmit(), PAUSE);
  };
  field.addEventListener("input", goOn);
  if ("OTPCredential" in window) {
    const listening = new AbortController();
    field.form.addEventListener("submit", () => listening.abort());
    const message = navigator.credentials.get({ otp: { transport: ["sms"] }, signal: listening.signal });
    message.then(({ code }) => { field.value = code; goOn(); }, () => {});
  }
}
