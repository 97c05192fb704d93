// Every event without React, and what the types refuse.

import { MfaPortal, type Factor, type MfaPortalEventMap } from "@mfa-portal/element";

type Tell = (what: string) => void;

/** Tells every event of the element on this page. */
export function listen(tell: Tell): void {
  const portal: MfaPortal | null = document.querySelector("mfa-portal");
  portal?.addEventListener("added", ({ detail }) => tell(detail.factor));
  portal?.addEventListener("removed", ({ detail }) => tell(detail.factor));
  portal?.addEventListener("replaced", ({ detail }) => tell(detail.factor));
  portal?.addEventListener("recovery-code", ({ type }) => tell(type));
  portal?.addEventListener("unchanged", ({ type }) => tell(type));
  portal?.addEventListener("cancelled", ({ type }) => tell(type));
  portal?.addEventListener("signed-out", ({ type }) => tell(type));
  portal?.addEventListener("signin-required", ({ type }) => tell(type));
  portal?.addEventListener("resized", ({ detail }) => tell(detail.height.toFixed()));
  portal?.addEventListener("click", ({ clientX }) => tell(clientX.toFixed()));
  // @ts-expect-error There is no such event.
  portal?.addEventListener("deleted", ({ type }) => tell(type));
  // @ts-expect-error A height is a number.
  portal?.addEventListener("resized", ({ detail }) => tell(detail.height));
  // @ts-expect-error Nobody can enroll a fax.
  const fax: Factor = "fax";
  tell(fax);
}

/** No event is missing above, and none is too many. */
export const names = {
  added: 1, removed: 1, replaced: 1, "recovery-code": 1, unchanged: 1, cancelled: 1, "signed-out": 1, "signin-required": 1, resized: 1,
} satisfies Record<keyof MfaPortalEventMap, 1>;
