import { ago } from "../collector/ago.ts";
import type { Overview, StationStatus } from "../collector/status.ts";

/** From this width on there is room for the stations' names. */
const wide = 100;
const gap = "  ";

/** What the staff see, in lines of at most `width` columns; a word that is longer stands alone. */
export function table({ at, trouble, stations }: Overview, width: number): readonly string[] {
  const heads = ["KIOSK", ...(width >= wide ? ["NAME"] : []), "STATE", "SINCE", "WHAT IS WRONG, AND WHAT TO DO"];
  const rows = stations.map((station) => cells(station, at, width >= wide));
  const widths = heads
    .slice(0, -1)
    .map((head, n) => Math.max(...[head, ...rows.map((row) => row[n] ?? "")].map(columns)));
  const before = widths.reduce((sum, one) => sum + one + gap.length, 0);
  const lines = (row: readonly string[]): readonly string[] => {
    const left = widths.map((one, n) => padded(row[n] ?? "", one)).join(gap);
    const [first = "", ...more] = wrapped(row.at(-1) ?? "", Math.max(20, width - before));
    return [`${left}${gap}${first}`.trimEnd(), ...more.map((line) => `${" ".repeat(before)}${line}`)];
  };
  return [
    ...trouble.flatMap((sentence) => wrapped(`! ${sentence}`, width)),
    ...(trouble.length > 0 ? [""] : []),
    ...(stations.length === 0
      ? ["No kiosk is registered: npx yizhan centre kiosk add."]
      : [heads, ...rows].flatMap(lines)),
    "",
    summary(stations),
  ];
}

const cells = ({ kiosk, name, state, since, causes, todo }: StationStatus, now: number, isWide: boolean) => [
  kiosk,
  ...(isWide ? [shortened(name?.zh ?? "", 24)] : []),
  state,
  since === null ? "-" : ago(now - since),
  causes.length === 0 ? "" : `${capital(causes.join("; "))}. ${todo}`.trim(),
];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function summary(stations: readonly StationStatus[]): string {
  const count = (state: StationStatus["state"]) => stations.filter((one) => one.state === state).length;
  const states = (["online", "unstable", "offline", "never", "unknown"] as const).filter((state) => count(state) > 0);
  const wrong = stations.filter(({ causes }) => causes.length > 0).length;
  return [
    `${stations.length} kiosks`,
    ...states.map((state) => `${count(state)} ${state}`),
    `${wrong} to look at`,
  ].join(", ");
}

/** Chinese characters, full-width signs and such take two columns [Unicode, UAX 11]. */
const twoColumns =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text takes. */
export const columns = (text: string): number =>
  Array.from(text).reduce((sum, sign) => sum + (twoColumns.test(sign) ? 2 : 1), 0);

const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - columns(text)));

function shortened(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let kept = "";
  for (const sign of text) {
    if (columns(kept) + columns(sign) > width - 1) break;
    kept += sign;
  }
  return `${kept}…`;
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && columns(line) + 1 + columns(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
