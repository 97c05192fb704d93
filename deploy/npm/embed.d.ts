// The types of the element <mfa-portal> and of its events.

/** A kind of factor. `phone` is a number that receives text messages and calls. */
export type Factor = "totp" | "sms" | "voice" | "phone" | "email" | "push";

/** What the frame begins with. */
export type Action = "list" | "recovery-code" | `${"add" | "replace" | "remove"}:${Exclude<Factor, "phone">}`;

/** The attributes besides those of every element, such as `lang` and `title`. */
export interface MfaPortalAttributes {
  /** The portal's address, such as `https://mfa.example.com/`. */
  portal?: string;
  /** What the frame begins with; by default the list. */
  action?: Action;
  /** `transparent` shows the ground of the page around the frame. */
  background?: "transparent" | "opaque";
  /** The organization to sign in to: an id or a name. */
  organization?: string;
  /** By default the system's setting. */
  theme?: "light" | "dark";
}

/** What each event tells. They are hints: only the tenant knows what is enrolled. */
export interface MfaPortalDetails {
  /** A new factor works. */
  added: { factor: Factor };
  /** A factor is gone. */
  removed: { factor: Factor };
  /** The old factor is gone, after `added` told of the new one. */
  replaced: { factor: Factor };
  /** A recovery code was saved, the first one or a new one. */
  "recovery-code": {};
  /** There was nothing to remove. */
  unchanged: {};
  /** The person gave up. */
  cancelled: {};
  /** The person signed out. */
  "signed-out": {};
  /** The frame asks to sign in instead of showing the page. */
  "signin-required": {};
  /** The frame has another height, in pixels. */
  resized: { height: number };
}

export type MfaPortalEvent<Name extends keyof MfaPortalDetails> = CustomEvent<MfaPortalDetails[Name]>;

export type MfaPortalEventMap = { [Name in keyof MfaPortalDetails]: MfaPortalEvent<Name> };

export declare class MfaPortal extends HTMLElement {
  /** The portal's address for elements without the attribute `portal`. */
  static portal: string | undefined;
  addEventListener<Name extends keyof MfaPortalEventMap>(
    type: Name,
    listener: (this: MfaPortal, event: MfaPortalEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: MfaPortal, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof MfaPortalEventMap>(
    type: Name,
    listener: (this: MfaPortal, event: MfaPortalEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: MfaPortal, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "mfa-portal": MfaPortal;
  }
}
