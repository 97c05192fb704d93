// Polls for the phone's answer without reloading the page, so that focus and opened details stay. Without script, the
// page refreshes itself.
const question = { headers: { Prefer: "return=minimal" }, redirect: "manual" }; // a redirect leads to sign-in, which needs a reload
// Not answered yet, or a temporary failure on the way.
const isForLater = (answer) => !answer || answer.status === 204 || answer.status === 429 || answer.status >= 500;
const wait = (seconds) => setTimeout(async () => {
  const answer = await fetch(location.href, question).catch(() => null);
  if (isForLater(answer)) wait(Number(answer?.headers.get("Retry-After")) || seconds);
  else location.reload();
}, seconds * 1000);
wait(Number(document.querySelector("[data-waiting]").dataset.waiting));
