// The page with the portal; with ?events, the page that shows every event.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { EveryEvent } from "./EveryEvent";
import { Security } from "./Security";

const root = document.getElementById("root");
const page = location.search === "?events" ? <EveryEvent /> : <Security />;
if (root) createRoot(root).render(<StrictMode>{page}</StrictMode>);
