// Copies what the page shows, and says so. The page is whole without: it can be selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { copy, done, failed } = button.dataset;
    const texts = [...document.querySelectorAll(copy)].map((it) => it.textContent.replace(/\s/g, ""));
    const said = button.nextElementSibling;
    said.textContent = "";
    const text = await navigator.clipboard.writeText(texts.join("\n")).then(() => done, () => failed);
    // A moment later, so that a second time is spoken as well.
    setTimeout(() => { said.textContent = text; }, 100);
  });
}
