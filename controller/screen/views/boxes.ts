import { html, type Html } from "../html.ts";

/** A code as it is typed. The boxes never change their place. */
export interface Typed {
  readonly typed: string;
  /** As the message groups them: 3-3-4 or 4-4-4. */
  readonly groups: readonly number[];
}

/** The box that waits is marked: the next, or after a slip the last digit. */
export function boxes({ typed, groups }: Typed, marked = typed.length): Html {
  const starts = groups.map((_, i) => groups.slice(0, i).reduce((sum, size) => sum + size, 0));
  const box = (at: number): Html => html`<b class="box${at === marked && " next"}">${typed[at]}</b>`;
  return html`<div class="boxes d${groups.reduce((sum, size) => sum + size, 0)}">
    ${groups.map(
      (size, i) =>
        html`<span class="group">${Array.from({ length: size }, (_, n) => box((starts[i] ?? 0) + n))}</span>`,
    )}
  </div>`;
}
