import { html } from "./html.ts";
import type { Name } from "./model.ts";

/** What somebody who tries the simulation may do besides pressing keys. The real kiosk has no drawer. */
export interface Drawer {
  readonly sections: readonly {
    readonly name: Name;
    readonly items: readonly { readonly id: string; readonly name: Name }[];
  }[];
  /** False where there is no such item. */
  play(id: string): boolean;
  /** Shows a code with this text to the scanner. */
  scan(text: string): void;
}

/** The longest text of a QR code is 2,953 bytes [ISO/IEC 18004, table 7]. */
export const longestScan = 2953;

const both = ({ zh, en }: Name) => html`<span lang="zh-CN">${zh}</span> <span lang="en">${en}</span>`;

/** The drawer's content. Its words are for whoever tries the simulation; a worker never sees them. */
export const drawerView = ({ sections }: Drawer): string =>
  html`${sections.map(
      ({ name, items }) =>
        html`<section>
          <h2>${both(name)}</h2>
          ${items.map((item) => html`<button data-play="${item.id}">${both(item.name)}</button>`)}
        </section>`,
    )}
    <form>
      <input name="text" maxlength="${String(longestScan)}" placeholder="QR / barcode" autocomplete="off" /><button>
        OK
      </button>
    </form>`.text;

/** What the drawer says: an item, or a text to scan. */
export function playedIn(drawer: Drawer, said: unknown): boolean {
  if (typeof said !== "object" || said === null) return false;
  const { item, text } = said as { readonly item?: unknown; readonly text?: unknown };
  if (typeof item === "string") return drawer.play(item);
  if (typeof text !== "string" || text === "" || text.length > longestScan) return false;
  drawer.scan(text);
  return true;
}
