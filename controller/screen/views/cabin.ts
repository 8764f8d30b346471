import type { CabinBody } from "../cabin-model.ts";
import { html, type Html } from "../html.ts";
import type { Stand } from "./parts.ts";

/** The pages of the health cabin. */
export const cabinView = (_body: CabinBody, _stand: Stand): Html => html`<section class="main wide"></section>`;
