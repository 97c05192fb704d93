// Lists the events of the frame on the page.

const names = ["added", "removed", "replaced", "recovery-code", "unchanged", "cancelled", "signed-out", "signin-required"];

for (const name of names) {
  document.querySelector("mfa-portal").addEventListener(name, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = detail.factor ? `${name} ${detail.factor}` : name;
    document.querySelector("ul").append(line);
  });
}
