// A page of ours that a frame of ours may have opened in a window. Where the window's errand ends, it hands its session
// over and closes. Whoever else opened it gets no answer: messages go to our own origin alone.
const { handOver, csrfToken, notice, done } = document.currentScript.dataset;

async function ticketFor(challenge) {
  const body = new URLSearchParams({ challenge, csrf_token: csrfToken, notice });
  const answer = await fetch(handOver, { method: "POST", body });
  return answer.ok ? { ticket: await answer.text() } : { failed: true };
}

if (opener && top === window && (handOver ?? done) !== undefined) {
  const say = (message) => opener.postMessage({ "mfa-portal": message }, location.origin);
  addEventListener("message", async ({ data, origin, source }) => {
    const message = data?.["mfa-portal"];
    if (!message || origin !== location.origin || source !== opener) return;
    if (message.type === "frame") say({ type: "ticket", ...(handOver && (await ticketFor(message.challenge))) });
    if (message.type === "close") close();
  });
  say({ type: "done" });
}
