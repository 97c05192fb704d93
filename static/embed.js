// <mfa-portal> shows the portal inside a page of yours. One script tag and one element are all it takes:
//
//   <script src="https://mfa.example.com/embed.js" defer></script>
//   <mfa-portal><a href="https://mfa.example.com/">Two-step verification</a></mfa-portal>
//
// Without script, people see the link inside. Attributes: lang="de", theme="light" or "dark".
// Events: added and removed (detail.factor), resized (detail.height), signin-required.
(() => {
  const portal = new URL(".", document.currentScript.src);
  const EVENTS = ["added", "removed", "resized", "signin-required"];
  const TALLEST = 20_000; // pixels, more than any page needs

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
      // By script, because a strict Content-Security-Policy refuses a style attribute.
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
      // Only now, so that the first load event, which sends the hello, is never that of an empty page.
      if (!this.#frame.isConnected) this.shadowRoot.append(this.#frame);
    }
  }

  customElements.define("mfa-portal", MfaPortal);
})();
