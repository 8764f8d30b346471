import { millis, seconds, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { WedgeOptions } from "./wedge-options.ts";

// A reader or scanner that types: a keyboard of eight bytes a report, as every one is when it starts up [HID 1.11, B.1].

const knobs = ["scan", "card", "hold", "take-away", "garble", "silent", "slow", "press"] as const;

/** The boot keyboard's own descriptor [HID 1.11, E.6]. */
const descriptor = Uint8Array.from(
  [
    "05 01 09 06 A1 01", // keyboard: application
    "05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02", //   eight modifiers, a bit each
    "95 01 75 08 81 01", //   a byte kept back
    "95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01", //   five lamps
    "95 06 75 08 15 00 25 65 05 07 19 00 29 65 81 00 C0", //   six keys that are down
  ]
    .join(" ")
    .split(" "),
  (pair) => Number.parseInt(pair, 16),
);

/** The keyboard's reports have no number: 0 stands for it on the wire. */
const unnumbered = 0;
const reportLength = 8;
const shiftBit = 0x02;
/** A quick wedge at full speed. */
const betweenReports = millis(4);
/** Before a scanner types the same code again that is still held there. */
const sameCode = seconds(1);

interface Stroke {
  readonly usage: number;
  readonly shift: boolean;
}

const keys = new Map<string, Stroke>([
  ...Array.from("abcdefghijklmnopqrstuvwxyz", (letter, i) => [letter, { usage: 0x04 + i, shift: false }] as const),
  ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (letter, i) => [letter, { usage: 0x04 + i, shift: true }] as const),
  ...Array.from("1234567890", (digit, i) => [digit, { usage: 0x1e + i, shift: false }] as const),
  ["-", { usage: 0x2d, shift: false }],
  ["/", { usage: 0x38, shift: false }],
  [".", { usage: 0x37, shift: false }],
  [":", { usage: 0x33, shift: true }],
]);
const endKeys = { enter: 0x28, tab: 0x2b } as const;

const definition: PeerDefinition<WedgeOptions, Uint8Array, Uint8Array> = {
  knobs,
  descriptor: () => descriptor,
  peer(options, { clock }, send) {
    const shown: string[] = [];
    const timers = new Set<Timer>();
    let free = clock.mono();
    let held: Timer | undefined;
    let garbled = 0;
    let silent = false;
    let slow = 0;

    const later = (modifiers: number, usage: number) => {
      const report = new Uint8Array(1 + reportLength);
      report.set([unnumbered, modifiers, 0, usage]);
      free = millis(Math.max(free, clock.mono() + slow) + betweenReports);
      const timer = clock.after(millis(free - clock.mono()), "keyboard: a report", () => {
        timers.delete(timer);
        if (!silent) send(report);
      });
      timers.add(timer);
    };
    const press = ({ usage, shift }: Stroke) => {
      later(shift ? shiftBit : 0, usage);
      later(0, 0);
    };
    const strokesOf = (text: string) =>
      Array.from(text, (character) => {
        const stroke = keys.get(character);
        if (stroke === undefined) throw new Error(`a keyboard reader has no key for "${character}"`);
        return stroke;
      });
    const type = (strokes: readonly Stroke[]) => {
      const broken = garbled > 0;
      if (broken) garbled -= 1;
      for (const stroke of broken ? strokes.slice(0, strokes.length >> 1) : strokes) press(stroke);
      if (!broken) press({ usage: endKeys[options.suffix], shift: false });
    };
    const see = (value: string): readonly Stroke[] => {
      const strokes = strokesOf(options.reads === "codes" ? value : numberOf(value, options));
      if (!silent) {
        shown.push(value);
        type(strokes);
      }
      return strokes;
    };
    const takeAway = () => {
      held?.cancel();
      held = undefined;
    };
    const hold = (value: string) => {
      takeAway();
      const strokes = see(value);
      // A card is typed once, however long it lies there.
      if (options.reads !== "codes") return;
      const again = () => {
        if (!silent) type(strokes);
        held = clock.after(sameCode, "keyboard: the same code again", again);
      };
      held = clock.after(sameCode, "keyboard: the same code again", again);
    };
    const only = (reads: boolean, what: string) => {
      if (!reads) throw new Error(`this keyboard reader reads no ${what}`);
    };

    return {
      // Lamps for Num Lock and the like: there are none.
      hear() {},
      knobs,
      truth: () => shown,
      turn(knob, to) {
        switch (knob) {
          case "scan":
            only(options.reads === "codes", "codes");
            see(String(to));
            return;
          case "card":
            only(options.reads !== "codes", "cards");
            see(String(to).toUpperCase());
            return;
          case "hold":
            hold(String(to));
            return;
          case "take-away":
            takeAway();
            return;
          case "garble":
            garbled = Number(to);
            return;
          case "silent":
            silent = to === true;
            return;
          case "slow":
            slow = Number(to);
            return;
          case "press":
            press({ usage: Number(to), shift: false });
            return;
          default:
            throw new Error(`a keyboard reader has no knob "${knob}"`);
        }
      },
      stop() {
        takeAway();
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

/** What the reader types for a card; throws for a card that it could not read. */
function numberOf(uid: string, { reads, number, backwards }: WedgeOptions): string {
  const bytes = uid.match(/[\dA-F]{2}/g) ?? [];
  const lengths = reads === "em4100" ? [number === "decimal" ? 4 : 5] : number === "decimal" ? [4] : [4, 7, 10];
  if (bytes.join("") !== uid || !lengths.includes(bytes.length))
    throw new Error(`this reader cannot type a card of ${bytes.length} bytes`);
  const ordered = (backwards ? bytes.toReversed() : bytes).join("");
  return number === "hex" ? ordered : String(Number.parseInt(ordered, 16)).padStart(10, "0");
}

export default definition;
