import type { Station } from "../../config/schema.ts";

/** The glass in front of the worker, in millimetres. */
export interface Glass {
  /** large: keys of 26 mm, as at 10.1 inches. small: keys of 19 mm, as at 7 inches. */
  readonly size: "large" | "small";
  readonly widthMm: number;
  /** Below this the keypad would not fit: four keys, three gaps and two margins. */
  readonly least: { readonly heightMm: number };
}

/** Glass as wide as this has room for keys that a glove cannot miss. */
const largeFrom = 200;
/** The narrowest glass for which the screens are laid out: 7 inches. On a narrower one all is scaled down. */
const narrowest = 150;

export function glassOf({ screen }: Station): Glass {
  const widthMm = Math.max(screen.widthMm, narrowest);
  return widthMm >= largeFrom
    ? { size: "large", widthMm, least: { heightMm: 4 * 26 + 3 * 3 + 2 * 3 } }
    : { size: "small", widthMm, least: { heightMm: 4 * 19 + 3 * 2 + 2 * 2 } };
}
