import type { StepId } from "../domain/cabin/steps.ts";
import { Html, html } from "./html.ts";

// How to sit, stand and hold. 120 by 100, lines in the colour of the text; "mark" is what to look at.

/** From the side: back against the chair, feet flat, the forearm on the table. */
const seated = `<path class="thing" d="M6 96h108M32 32v64M32 68h34v28M82 50h32M106 50v46"/>
  <circle cx="46" cy="15" r="10"/><path d="M43 28v36h31v28h11M43 35l18 14h34"/>`;
const heart = (x: number, y: number): string =>
  `<path class="mark full" d="M${x} ${y + 8}c-7-5-9-8-9-12a5 5 0 0 1 9-2 5 5 0 0 1 9 2c0 4-2 7-9 12Z"/>`;
/** From the front, on a platform. */
const platform = '<path class="thing" d="M22 88h64v8H22Z"/>';
const upright = '<circle cx="54" cy="22" r="9"/><path d="M54 31v29M54 60 47 84h-8M54 60l7 24h8"/>';
/** A finger from the left. */
const finger =
  '<path d="M4 30h62a10 10 0 0 1 0 20H46M46 50h6a6 6 0 0 1 0 12h-8M44 62h5a6 6 0 0 1 0 12h-8M41 74h3a5 5 0 0 1 0 11H4M20 46c8 1 14 5 16 13"/>';
const drop = '<path class="mark full" d="M78 38c4 6 7 9 7 13a7 7 0 0 1-14 0c0-4 3-7 7-13Z"/>';

const prick = `${finger}${drop}
  <path class="thing" d="M84 52 98 64M88 48l14 12"/><rect class="thing" x="90" y="60" width="26" height="34" rx="4"/>
  <path class="thing" d="M96 68h14v9H96Z"/>`;

const drawings = {
  rest: `${seated}<path class="mark" d="M14 46l4 5 8-9M92 84l4 5 8-9"/>`,
  pressure: `${seated}<path class="mark full" d="M51 34 65 45 58 54 44 43Z"/>${heart(16, 42)}
    <path class="mark" stroke-dasharray="4 5" d="M28 43h14M68 43h34"/>`,
  oxygen: `${finger}<rect class="mark full" x="52" y="24" width="52" height="40" rx="12"/>
    <path class="mark" d="M64 44h8l4-9 6 18 4-9h8"/><path d="M30 39h12"/>`,
  temperature: `<path d="M26 96V80C14 70 10 50 17 33c7-19 36-23 46-6l2 14 7 11-6 3v10c0 7-8 6-15 5v26"/>
    <path class="thing" d="M84 22h30v16H84ZM98 38l-4 26h13l3-26"/><path class="mark" stroke-dasharray="4 5" d="M80 30H67"/>`,
  body: `<path class="thing" d="M94 6v86M94 92h-8"/><path class="mark" d="M94 10H44"/>${platform}${upright}
    <path d="M54 37 42 58M54 37l12 21"/><path class="mark" d="M34 80l4 4M70 84l4-4"/>`,
  composition: `<path class="thing" d="M100 30v62M84 30h16"/>${platform}${upright}<path d="M54 37 32 50M54 37l22 13"/>
    <path class="mark full" d="M24 44h8v14h-8ZM76 44h8v14h-8Z"/><path class="mark" d="M36 84h12M60 84h12"/>`,
  glucose: prick,
  urate: prick,
  lipids: prick,
  haemoglobin: prick,
  ketone: prick,
  lactate: prick,
  waist: `<path d="M38 4c4 22-4 28-2 44 2 18-6 30-6 48M82 4c-4 22 4 28 2 44-2 18 6 30 6 48M60 70v26"/>
    <path class="mark full" d="M35 40q25 10 50 0v12q-25 10-50 0Z"/><path class="mark" d="M48 45v5M60 47v6M72 45v5"/>`,
  grip: `<path d="M46 2v28M74 2v28"/><path class="thing" d="M38 40h44v50H38Z"/><circle class="mark full" cx="60" cy="78" r="9"/>
    <path class="mark" d="M60 78l4-5"/><path d="M46 30c-8 2-12 8-12 14h52c0-6-4-12-12-14M34 44v12h52V44M47 44v12M60 44v12M73 44v12"/>`,
  vision: `<rect class="thing" x="6" y="6" width="48" height="88" rx="3"/>
    <path d="M22 16v16M22 16h16M22 24h16M22 32h16M16 44v10M16 44h10M16 49h10M16 54h10M44 44v10M34 44h10M34 49h10M34 54h10M16 66h7M16 66v7M16 73h7M28 66h7M35 66v7M28 73h7M47 66h-7M47 66v7M47 73h-7"/>
    <circle cx="92" cy="34" r="18"/><path d="M92 52v42M86 32v.5"/><path class="mark full" d="M94 24h14v16H94Z"/>
    <path d="M104 40 96 66"/>`,
  wipe: `<rect class="thing" x="20" y="52" width="80" height="36" rx="8"/><path class="thing" d="M32 64h20v12H32Z"/>
    <path class="mark full" d="M50 34 88 26l8 26-38 8Z"/><path d="M64 30c-4-8-2-18 4-20s10 6 12 14M92 18l8-10M100 30l12-4M38 34 28 28"/>`,
  sharps: `<path class="thing" d="M28 44h64l-8 50H36ZM40 44V32h40v12"/><path class="mark" d="M60 4v34M52 28l8 10 8-10"/><path d="M50 62h20M52 76h16"/>`,
} as const satisfies Readonly<Record<StepId | "rest" | "wipe" | "sharps", string>>;

export type Picture = keyof typeof drawings;

export const picture = (name: Picture): Html =>
  html`<svg class="picture" viewBox="0 0 120 100" aria-hidden="true">${new Html(drawings[name])}</svg>`;

/** What is left of a wait, as a ring that empties. */
export const ring = (left: number, of: number): Html => {
  const share = Math.round(Math.min(1, Math.max(0, left / of)) * 1000) / 10;
  return html`<svg class="ring" viewBox="0 0 100 100" aria-hidden="true">
    <circle cx="50" cy="50" r="44" />
    <circle
      class="left"
      cx="50"
      cy="50"
      r="44"
      pathLength="100"
      stroke-dasharray="${share} 100"
      transform="rotate(-90 50 50)"
    />
  </svg>`;
};

/** The pulse as it came, the newest at the right edge. */
export function wave(samples: readonly number[], shown: number): Html {
  const latest = samples.slice(-shown);
  const first = shown - latest.length;
  const points = latest.map((sample, i) => `${first + i},${100 - Math.round(sample)}`).join(" ");
  return html`<svg class="wave" viewBox="0 -4 ${shown} 108" preserveAspectRatio="none" aria-hidden="true">
    <polyline points="${points}" vector-effect="non-scaling-stroke" />
  </svg>`;
}

/** A bar that is filled as far as `share`, from 0 to 1. */
export const gauge = (share: number): Html =>
  html`<svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect width="100" height="8" />
    <rect class="full" width="${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}" height="8" />
  </svg>`;
