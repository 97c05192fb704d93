// A form goes out once: a second press while the first is under way does nothing. The portal counts it once anyway.
const LONGEST = 12_000; // a little more than the ten seconds that any answer takes
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.ariaBusy === "true") return event.preventDefault();
  form.ariaBusy = "true";
  setTimeout(() => { form.ariaBusy = null; }, LONGEST);
});
// Back to a page that the browser had kept.
addEventListener("pageshow", () => {
  for (const form of document.forms) form.ariaBusy = null;
});
