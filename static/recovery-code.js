// Copying and printing the recovery code. The page is whole without: the code can be selected, downloaded and printed.
for (const button of document.querySelectorAll("[data-copy], [data-print]")) {
  if (button.dataset.copy !== undefined && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (button.dataset.copy === undefined) return window.print();
    const texts = [...document.querySelectorAll(button.dataset.copy)].map((it) => it.textContent.replace(/\s/g, ""));
    await navigator.clipboard.writeText(texts.join("\n"));
    button.textContent = button.dataset.done;
  });
}
