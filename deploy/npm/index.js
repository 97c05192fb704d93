// Defines the element when it is imported.

import { define } from "./element.js";

export { MfaPortal } from "./element.js";
define();
