// The field for a code: goes on a moment after the sixth digit, and takes the digits out of a text message where the
// browser can (WebOTP). The page is whole without: the code is typed and the button pressed.
const PAUSE = 1000; // long enough to see what was typed, and to press the button first
const field = document.querySelector("input.code");
if (field) {
  const hint = document.getElementById("code-goes-on");
  hint.hidden = false;
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} code-goes-on`.trim());
  let soon;
  const stop = () => clearTimeout(soon);
  const goOn = () => {
    stop();
    // What the portal takes for a code: digits of several keyboards, with what comes along when one is pasted.
    const isWhole = /^[0-9٠-٩۰-۹０-９]{6}$/.test(field.value.replace(/[\s.\-‐‑–]/g, ""));
    if (isWhole) soon = setTimeout(() => field.form.requestSubmit(), PAUSE);
  };
  field.addEventListener("input", goOn);
  // Whatever else is pressed within that moment is meant.
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
