// The element <mfa-portal>, which shows the portal inside a page of yours. docs/embed.md explains it; embed.d.ts has the types.

const EVENTS = [
  "added", "removed", "replaced", "recovery-code", "unchanged", "cancelled", "signed-out", "signin-required", "resized",
];
const PARAMETERS = ["action", "background", "lang", "organization", "theme"];
const TALLEST = 20_000; // pixels, more than any page needs
const PATIENCE = 5_000; // milliseconds until a loaded page has answered

// On a server there are no elements, and the module can be imported all the same.
export class MfaPortal extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["portal", ...PARAMETERS];
  static portal; // the address for elements that name none

  #frame = document.createElement("iframe");
  #link = document.createElement("slot"); // what is inside the element, for when the frame does not work
  #origin;
  #patience;

  #listen = ({ data, origin, source }) => {
    const message = data?.["mfa-portal"];
    if (!message || origin !== this.#origin || source !== this.#frame.contentWindow) return;
    this.#reveal(this.#frame);
    const { type, ...detail } = message;
    if (!EVENTS.includes(type)) return;
    if (type === "resized") {
      if (!Number.isFinite(detail.height)) return;
      this.#frame.style.height = `${Math.min(Math.max(detail.height, 0), TALLEST)}px`;
    }
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  };

  constructor() {
    super();
    const frame = this.#frame;
    // By script, because a strict Content-Security-Policy refuses any other style.
    const host = new CSSStyleSheet();
    host.replaceSync(":host { display: block } :host([hidden]) { display: none }");
    Object.assign(frame.style, { display: "block", width: "100%", height: "30rem", border: "0" });
    frame.allow = "clipboard-write; otp-credentials";
    frame.addEventListener("load", () => {
      clearTimeout(this.#patience);
      this.#patience = setTimeout(() => this.#fail(
        `gets no answer from ${this.#origin} in its frame. Does EMBED_ORIGINS of the portal list ${location.origin}, does ` +
        `frame-src of this page allow the portal, and is this page free of Cross-Origin-Embedder-Policy?`,
      ), PATIENCE);
      frame.contentWindow.postMessage({ "mfa-portal": { type: "hello" } }, this.#origin);
    });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [host];
    root.append(this.#link);
  }

  connectedCallback() {
    addEventListener("message", this.#listen);
    this.#show();
  }

  disconnectedCallback() {
    removeEventListener("message", this.#listen);
    clearTimeout(this.#patience);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#show();
  }

  #show() {
    const portal = this.getAttribute("portal") || MfaPortal.portal;
    if (!/^https?:\/\//.test(portal)) return this.#fail('needs the address of the portal: portal="https://mfa.example.com/"');
    const address = new URL(portal);
    for (const name of PARAMETERS) {
      if (this.getAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
    }
    const theme = this.#theme();
    if (theme) address.searchParams.set("theme", theme);
    address.searchParams.set("return_to", location.origin + location.pathname + location.search);
    const frame = this.#frame;
    this.#origin = address.origin;
    frame.title = this.title || this.textContent.trim() || "Two-step verification";
    // Browsers paint a ground behind a page whose scheme is another than its frame's.
    frame.style.colorScheme = theme || "light dark";
    if (frame.src !== address.href) frame.src = address.href;
    this.#reveal(frame);
    // Only now, so that the first load event, which sends the hello, is never that of an empty page.
    if (!frame.isConnected) this.shadowRoot.append(frame);
  }

  // Without a ground of its own the frame needs colours that suit the ground of the page.
  #theme() {
    const theme = this.getAttribute("theme");
    if (theme || this.getAttribute("background") !== "transparent") return theme;
    const schemes = getComputedStyle(this).colorScheme.split(" ");
    if (schemes.includes("dark")) return schemes.includes("light") ? null : "dark";
    return "light";
  }

  #reveal(shown) {
    clearTimeout(this.#patience);
    this.#frame.style.display = shown === this.#frame ? "block" : "none";
    this.#link.hidden = shown !== this.#link;
  }

  #fail(reason) {
    console.error(`<mfa-portal> ${reason}`);
    this.#reveal(this.#link);
  }
}

/** Defines the element once. `script` is the address of the portal's script, if one is loaded from there. */
export function define(script) {
  if (!globalThis.customElements) return;
  const portal = script && new URL(".", script).href;
  const defined = customElements.get("mfa-portal");
  if (!defined) {
    MfaPortal.portal = portal;
    customElements.define("mfa-portal", MfaPortal);
  } else if (portal && portal !== (defined.portal ??= portal)) {
    console.warn(`<mfa-portal> shows ${defined.portal}. For another portal, name it: portal="${portal}"`);
  }
}
