// The code field: submits the form shortly after the sixth digit, and fills in the code from a text message where the
// browser supports WebOTP. Without script, people type the code and press the button.
const PAUSE = 1000; // milliseconds, enough to see what was typed and to press the button first
const field = document.querySelector("input.code");
if (field) {
  const hint = document.getElementById("code-goes-on");
  hint.hidden = false;
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} code-goes-on`.trim());
  let soon;
  const stop = () => clearTimeout(soon);
  const goOn = () => {
    stop();
    // Must accept what the portal accepts: digits of several scripts, with separators from pasting.
    const isWhole = /^[0-9٠-٩۰-۹０-９]{6}$/.test(field.value.replace(/[\s.\-‐‑–\p{DI}]/gu, ""));
    if (isWhole) soon = setTimeout(() => field.form.requestSubmit(), PAUSE);
  };
  field.addEventListener("input", goOn);
  // Pressing anything else in that second cancels the submission.
  addEventListener("click", ({ target }) => target.closest("a, button") && stop());
  addEventListener("submit", stop);
  addEventListener("pagehide", stop);
  if (field.dataset.texted !== undefined && "OTPCredential" in window) {
    const listening = new AbortController();
    field.form.addEventListener("submit", () => listening.abort());
    const message = navigator.credentials.get({ otp: { transport: ["sms"] }, signal: listening.signal });
    message.then(({ code }) => { field.value = code; goOn(); }, () => {});
  }
}
