import type { ToldFigure } from "../../domain/cabin/results.ts";
import type { DrawnBand } from "../../domain/health/classify.ts";
import { html, type Html } from "../html.ts";

/** All bands are drawn equally wide: what matters is in which of them the value lies, and how near to its edge. */
const width = 120;

/** The bands from low to high, those of the reference taller, and a mark where the value lies. */
export function bandBar({ bands, shown, class: own }: ToldFigure): Html | undefined {
  if (bands.length === 0) return undefined;
  const each = width / bands.length;
  const at = Math.round((positionOf(bands, shown.value, own) + Number.EPSILON) * each * 10) / 10;
  const bar = ({ place }: DrawnBand, i: number): Html =>
    place === "within"
      ? html`<rect class="${place}" x="${i * each + 0.5}" y="6" width="${each - 1}" height="10" />`
      : html`<rect class="${place}" x="${i * each + 0.5}" y="8" width="${each - 1}" height="6" />`;
  return html`<svg class="bands" viewBox="-5 0 130 17" aria-hidden="true">
    ${bands.map(bar)}
    <path class="mark" d="M${at - 5} 0h10l-5 7ZM${at - 1} 5h2v12h-2Z" />
  </svg>`;
}

/** Where a value lies, in bands from the left: 1.5 is the middle of the second. */
function positionOf(bands: readonly DrawnBand[], value: number, own: ToldFigure["class"]): number {
  const holds = bands.filter(
    ({ low, high }) => (low === undefined || value >= low) && (high === undefined || value <= high),
  );
  const band = holds.find((one) => one.class === own) ?? holds.at(-1);
  const index = band === undefined ? 0 : bands.indexOf(band);
  return index + shareOf(bands, band, value);
}

/** The outermost bands are open: they are drawn as if they were as wide as a band beside them. */
function shareOf(bands: readonly DrawnBand[], band: DrawnBand | undefined, value: number): number {
  if (band === undefined) return 0.5;
  const { low, high } = band;
  const closed = bands.find((one) => one.low !== undefined && one.high !== undefined);
  const usual = closed === undefined ? (low ?? high ?? 1) / 4 : (closed.high ?? 0) - (closed.low ?? 0);
  const from = low ?? (high ?? 0) - usual;
  const to = high ?? (low ?? 0) + usual;
  return Math.min(0.88, Math.max(0.12, (value - from) / (to - from)));
}
