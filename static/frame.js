// A page in another site's frame. Reports its height and events to the embedding page, and takes over the session of a
// window that it opened. Without script, the frame works if the browser sends our cookies to it.
const { challenge, redeem, next, embedOrigins } = document.currentScript.dataset;
const embedders = embedOrigins.split(" ");
let embedder; // the embedding page's origin, once it has said hello

const tell = (message) => parent.postMessage({ "mfa-portal": message }, embedder);

function meet(origin) {
  if (embedder) return;
  embedder = origin;
  tell({ type: "hello" }); // a hidden frame has no height to tell of
  const height = () => Math.ceil(document.body.getBoundingClientRect().height);
  new ResizeObserver(() => tell({ type: "resized", height: height() })).observe(document.body);
  for (const { dataset } of document.querySelectorAll("[data-event]")) {
    tell({ type: dataset.event, factor: dataset.factor });
  }
}

// A window that signed out sends no ticket. `failed` means that a ticket could not be issued.
async function takeOver({ ticket, failed }, opened) {
  if (!ticket && !failed && embedder) tell({ type: "signed-out" });
  const answer = ticket && (await fetch(redeem, { method: "POST", body: new URLSearchParams({ ticket }) }));
  const trouble = document.querySelector("[data-trouble]")?.dataset.trouble;
  if ((failed || (answer && !answer.ok)) && trouble) {
    location.replace(trouble); // the window stays open, because everything works there
    return;
  }
  opened.postMessage({ "mfa-portal": { type: "close" } }, location.origin);
  location.replace(next);
}

addEventListener("message", ({ data, origin, source }) => {
  const message = data?.["mfa-portal"];
  if (!message) return;
  if (source === parent) {
    if (embedders.includes(origin)) meet(origin);
  } else if (origin === location.origin) {
    if (message.type === "done") source.postMessage({ "mfa-portal": { type: "frame", challenge } }, origin);
    if (message.type === "ticket") takeOver(message, source);
  }
});

if (document.querySelector("[data-needs-https]")) {
  const hosts = `${location.hostname}, and the page around it on another host`;
  console.error(`mfa-portal is on ${hosts}. Without https, browsers keep no sign-in there: use one host name for both, or https.`);
}

document.querySelector("[data-focus]")?.focus();

for (const link of document.querySelectorAll("[data-in-window]")) {
  link.hidden = false;
  link.nextElementSibling.classList.add("quiet");
}
