// Two minutes before the visit ends shows the warning that stands on the page, and in the end that it has ended.
const warning = document.querySelector("[data-ends-in]");
if (warning) {
  const whole = Number(warning.dataset.endsIn) * 1000;
  const ends = Date.now() + whole; // a clock that goes on while the device sleeps
  const tick = () => {
    const left = ends - Date.now();
    warning.hidden = left <= 0 || left >= 120_000;
    document.querySelector("[data-ended]").hidden = left > 0;
    // What the footer said when the page came is no longer so.
    if (left < Math.max(whole - 60_000, 120_000)) document.querySelector("[data-minutes-left]").hidden = true;
  };
  setInterval(tick, 1000);
  addEventListener("visibilitychange", tick);
}
