import { Html, html } from "../html.ts";

/** Drawn, not taken from a font: a Raspberry Pi has no emoji. 48 by 48, in the colour of the text. */
const drawings = {
  check: '<path d="M8 26 19 37 41 12"/>',
  used: '<rect x="8" y="6" width="32" height="36" rx="4"/><path d="m16 25 6 6 11-13"/>',
  look: '<circle cx="21" cy="21" r="13"/><path d="m31 31 11 11M17 18a4 4 0 1 1 6 4c-2 1-2 2-2 3M21 29v.5"/>',
  card: '<rect x="4" y="10" width="40" height="28" rx="4"/><path d="M4 19h40M11 30h10"/>',
  scan: '<path d="M5 15V6h9M34 6h9v9M43 33v9h-9M14 42H5v-9M12 15v18M19 15v18M25 15v18M30 15v18M36 15v18"/>',
  pencil: '<path d="M7 41l3-11L33 7l8 8-23 23ZM27 13l8 8"/>',
  clock: '<circle cx="24" cy="24" r="18"/><path d="M24 13v12l8 5"/>',
  calendar:
    '<rect x="6" y="10" width="36" height="32" rx="4"/><path d="M6 20h36M15 5v10M33 5v10M18 27l12 9M30 27l-12 9"/>',
  pin: '<path d="M24 44C14 32 9 25 9 18a15 15 0 0 1 30 0c0 7-5 14-15 26Z"/><circle cx="24" cy="18" r="5"/>',
  box: '<path d="M6 16 24 7l18 9v18l-18 9-18-9ZM6 16l18 9 18-9M24 25v18"/>',
  wrench: '<path d="M41 13a11 11 0 0 1-15 13L13 40a5 5 0 0 1-6-6l14-14A11 11 0 0 1 34 6l-6 7 1 6 6 1Z"/>',
  plug: '<path d="M17 5v11M31 5v11M11 16h26v6a13 13 0 0 1-26 0ZM24 35v9"/>',
  offline: '<path d="M14 36a9 9 0 0 1 0-18 12 12 0 0 1 22 3 8 8 0 0 1 0 15ZM7 6l36 37"/>',
  unlinked: '<path d="M4 24h12l4-10 8 20 4-10h12"/>',
  sun: '<circle cx="24" cy="24" r="9"/><path d="M24 4v5M24 39v5M4 24h5M39 24h5M10 10l3 3M35 35l3 3M10 38l3-3M35 13l3-3"/>',
  pause: '<circle cx="24" cy="24" r="18"/><path d="M19 16v16M29 16v16"/>',
  unseen:
    '<path d="M4 24c5-9 12-13 20-13s15 4 20 13c-5 9-12 13-20 13S9 33 4 24ZM21 21a4 4 0 1 1 5 5c-2 1-2 1-2 2M24 33v.5"/>',
  hourglass: '<path d="M12 5h24M12 43h24M15 5v7c0 5 9 8 9 12s-9 7-9 12v7M33 5v7c0 5-9 8-9 12s9 7 9 12v7"/>',
  bottle: '<path d="M20 4h8v7c0 4 6 6 6 13v17a3 3 0 0 1-3 3H17a3 3 0 0 1-3-3V24c0-7 6-9 6-13ZM14 26h20M14 36h20"/>',
  below: '<path d="M24 5v34M10 26l14 14 14-14"/>',
  right: '<path d="M6 24h34M27 10l14 14-14 14"/>',
  back: '<path d="M18 10h24v28H18L5 24ZM25 18l10 12M35 18 25 30"/>',
  clear: '<path d="M12 12l24 24M36 12 12 36"/>',
  leave: '<path d="M42 24H8M21 10 7 24l14 14"/>',
  phone: '<path d="M14 5l7 10-5 5c3 6 6 9 12 12l5-5 10 7c0 5-3 9-8 9C19 41 7 29 5 13c0-5 4-8 9-8Z"/>',
  good: '<circle cx="24" cy="24" r="19"/><path d="M17 17v3M31 17v3M14 28c4 9 16 9 20 0"/>',
  fair: '<circle cx="24" cy="24" r="19"/><path d="M17 17v3M31 17v3M14 31c6 3 14 3 20 0"/>',
  poor: '<circle cx="24" cy="24" r="19"/><path d="M17 17v3M31 17v3M14 34c4-8 16-8 20 0"/>',
} as const;

export type Icon = keyof typeof drawings;

export const icon = (name: Icon): Html =>
  html`<svg class="icon" viewBox="0 0 48 48" aria-hidden="true">${new Html(drawings[name])}</svg>`;
