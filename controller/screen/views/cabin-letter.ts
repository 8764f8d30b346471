import { createRequire } from "node:module";
import type * as qr from "qr";
import type * as letter from "../../takeaway/letter.ts";
import type { CabinPage } from "../cabin-model.ts";
import { html, type Html } from "../html.ts";
import { lines, railed, railKey } from "./cabin-frame.ts";
import type { Stand } from "./parts.ts";

/** Loaded when somebody wants a code: no start waits for what few ask for. */
const later = createRequire(import.meta.url);

type Page = Extract<CabinPage, { readonly is: "qr" }>;

/** White around it [ISO/IEC 18004, 9.1]. */
const quietModules = 4;

/** A QR code as one drawn path; read from glass, it needs little correction, and its modules shall be large. */
export function qrSquare(text: string): Html {
  const { encodeQR } = later("qr") as typeof qr;
  const modules = encodeQR(text, "raw", { ecc: "low", border: quietModules });
  const rows = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1Z`] : [])));
  return html`<svg
    class="qr"
    viewBox="0 0 ${modules.length} ${modules.length}"
    shape-rendering="crispEdges"
    aria-hidden="true"
  >
    <path d="${rows.join("")}" />
  </svg>`;
}

/** The values for the person's own telephone. */
export function letterView({ results }: Page, forgets: boolean, stand: Stand): Html {
  const { qr } = stand.words.cabin;
  const { letterOf } = later("../../takeaway/letter.ts") as typeof letter;
  const content = html`${qrSquare(letterOf(results, stand.face.station.station, stand.language))}${lines(qr.lines)}`;
  const keys = [railKey("results", "leave", "results", stand)];
  return railed({ of: "take-away", title: qr.title, tells: true, content, keys, forgets }, stand);
}
