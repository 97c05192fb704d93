// Prevents double submits. The portal collapses them too.
const LONGEST = 12_000; // milliseconds, a little more than the longest response
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.ariaBusy === "true") return event.preventDefault();
  form.ariaBusy = "true";
  setTimeout(() => { form.ariaBusy = null; }, LONGEST);
});
// The browser may restore the page from its back/forward cache.
addEventListener("pageshow", () => {
  for (const form of document.forms) form.ariaBusy = null;
});
