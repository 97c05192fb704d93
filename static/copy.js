// Copy buttons, which also report success. Without script, people select the text.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  const name = button.textContent;
  button.addEventListener("click", async () => {
    const { copy, done, failed } = button.dataset;
    const texts = [...document.querySelectorAll(copy)].map((it) => it.textContent.replace(/\s/g, ""));
    const said = button.nextElementSibling;
    said.textContent = "";
    const text = await navigator.clipboard.writeText(texts.join("\n")).then(() => done, () => failed);
    // Seen on the button itself, so that nothing beside it moves.
    said.classList.toggle("unseen", text === done);
    if (text === done) button.textContent = done;
    setTimeout(() => { button.textContent = name; }, 3000);
    // Delayed, so that screen readers announce a repeated success too.
    setTimeout(() => { said.textContent = text; }, 100);
  });
}
