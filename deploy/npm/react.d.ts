// The element in JSX, for React 19.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { MfaPortal, MfaPortalAttributes, MfaPortalEventMap } from "./embed.js";

export * from "./embed.js";

type Handlers = { [Name in keyof MfaPortalEventMap as `on${Name}`]?: (event: MfaPortalEventMap[Name]) => void };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "mfa-portal": DetailedHTMLProps<HTMLAttributes<MfaPortal>, MfaPortal> & MfaPortalAttributes & Handlers;
    }
  }
}
