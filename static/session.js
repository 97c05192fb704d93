// Shows the warning that stands on the page two minutes before the visit ends, and the end itself when it comes.
const warning = document.querySelector("[data-ends-in]");
if (warning) {
  const ends = performance.now() + Number(warning.dataset.endsIn) * 1000;
  const tick = () => {
    const left = ends - performance.now();
    if (left < 120_000) {
      // What the footer said when the page came is no longer so.
      if (warning.hidden) document.querySelector("[data-minutes-left]").hidden = true;
      warning.hidden = false;
    } else setTimeout(tick, Math.min(left - 119_000, 30_000));
  };
  tick();
}
