// Shows the warning two minutes before the session ends, and the message that it has ended. Keys and codes go with it;
// what was typed stays.
const warning = document.querySelector("[data-ends-in]");
if (warning) {
  const whole = Number(warning.dataset.endsIn) * 1000;
  const ends = Date.now() + whole; // wall clock, because it also runs while the device sleeps
  const tick = () => {
    const left = ends - Date.now();
    warning.hidden = left <= 0 || left >= 120_000;
    document.querySelector("[data-ended]").hidden = left > 0;
    if (left <= 0) for (const secret of document.querySelectorAll("[data-secret]")) secret.remove();
    // By then the minutes in the bar are out of date.
    if (left < Math.max(whole - 60_000, 120_000)) document.querySelector("[data-minutes-left]").hidden = true;
  };
  setInterval(tick, 1000);
  addEventListener("visibilitychange", tick);
}
