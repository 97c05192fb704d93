// Names the difference between a phone's clock and ours after several refused codes, because a wrong clock makes wrong
// codes. Without script the page asks people to look.
const CLOSE_ENOUGH = 30; // seconds: one code's life
const drift = document.querySelector("[data-now]");
if (drift) {
  const seconds = (Date.now() - Number(drift.dataset.now)) / 1000;
  const away = Math.abs(seconds);
  if (away > CLOSE_ENOUGH) {
    const [count, unit] = away < 90 ? [away, "second"] : away < 5400 ? [away / 60, "minute"] : [away / 3600, "hour"];
    const number = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" });
    const words = seconds < 0 ? drift.dataset.behind : drift.dataset.ahead;
    drift.querySelector("strong").textContent = words.replace("{}", number.format(Math.round(count)));
  }
}
