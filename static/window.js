// A page in a window that our frame may have opened. When its task is done, it hands its session to the frame and closes.
// Any other opener gets no answer, because messages go to our own origin only.
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
