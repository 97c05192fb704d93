// Asks whether the phone has answered, without drawing the page anew, so that what is read or opened on it stays. Without
// script the page refreshes itself.
const question = { headers: { Prefer: "return=minimal" }, redirect: "manual" }; // sign-in is a page, nothing to fetch
// Nothing yet, or something on the way there is out of order for a while.
const isForLater = (answer) => !answer || answer.status === 204 || answer.status === 429 || answer.status >= 500;
const wait = (seconds) => setTimeout(async () => {
  const answer = await fetch(location.href, question).catch(() => null);
  if (isForLater(answer)) wait(Number(answer?.headers.get("Retry-After")) || seconds);
  else location.reload();
}, seconds * 1000);
wait(Number(document.querySelector("[data-waiting]").dataset.waiting));
