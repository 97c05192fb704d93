// Asks whether the phone has answered, without drawing the page anew, so that what is read or opened on it stays. Without
// script the page refreshes itself.
const question = { headers: { Prefer: "return=minimal" } };
const wait = (seconds) => setTimeout(async () => {
  const answer = await fetch(location.href, question).catch(() => null);
  if (answer && answer.status !== 204) location.reload();
  else wait(Number(answer?.headers.get("Retry-After")) || seconds);
}, seconds * 1000);
wait(Number(document.querySelector("[data-waiting]").dataset.waiting));
