// <mfa-portal> shows the portal inside a page of yours. One script tag and one element are all it takes:
//
//   <script src="https://mfa.example.com/embed.js" defer></script>
//   <mfa-portal><a href="https://mfa.example.com/">Two-step verification</a></mfa-portal>
//
// The link inside is what people see without script. Attributes: lang="de", theme="light" or "dark".
// Events: added and removed (detail.factor), resized (detail.height), signin-required.
(() => {
  const portal = new URL(".", document.currentScript.src);
  const EVENTS = ["added", "removed", "resized", "signin-required"];
  const TALLEST = 20_000; // pixels; nothing of ours is as long

  class MfaPortal extends HTMLElement {
    static observedAttributes = ["lang", "theme"];

    #frame = document.createElement("iframe");

    #listen = ({ data, origin, source }) => {
      const message = data?.["mfa-portal"];
      if (!message || origin !== portal.origin || source !== this.#frame.contentWindow) return;
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
      // Set by script, which a strict Content-Security-Policy allows, where a style attribute would be refused.
      Object.assign(frame.style, { display: "block", width: "100%", height: "30rem", border: "0" });
      frame.allow = "clipboard-write; otp-credentials";
      frame.addEventListener("load", () => {
        frame.contentWindow.postMessage({ "mfa-portal": { type: "hello" } }, portal.origin);
      });
      this.attachShadow({ mode: "open" });
    }

    connectedCallback() {
      this.style.display ||= "block";
      this.#frame.title = this.title || this.textContent.trim();
      addEventListener("message", this.#listen);
      this.#show();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#listen);
    }

    attributeChangedCallback() {
      if (this.isConnected) this.#show();
    }

    #show() {
      const address = new URL(portal);
      for (const name of MfaPortal.observedAttributes) {
        if (this.getAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      }
      address.searchParams.set("return_to", location.origin + location.pathname + location.search);
      if (this.#frame.src !== address.href) this.#frame.src = address.href;
      // Only now, so that it is never an empty page that nobody says hello to.
      if (!this.#frame.isConnected) this.shadowRoot.append(this.#frame);
    }
  }

  customElements.define("mfa-portal", MfaPortal);
})();
