import { millis, seconds, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// A scanner set to USB HID POS, as [B12] and [B13] tell of it: 64 bytes a report, 56 of them of the code.

const knobs = ["scan", "hold", "take-away", "garble", "silent", "slow", "symbology"] as const;

/** The usages of [B12] in the order of [B13]; two bytes of the maker's own come before the last. */
const descriptor = Uint8Array.from(
  [
    "05 8C 09 02 A1 01", // bar code scanner: application
    "09 12 A1 02 85 02", //   scanned-data report, number 2
    "15 00 26 FF 00 75 08", //     bytes
    "95 01 05 01 09 3B 81 02", //     byte count
    "95 03 05 8C 19 FB 29 FD 81 02", //     symbology identifiers 1 to 3
    "95 38 09 FE 82 02 01", //     56 bytes of decoded data
    "06 00 FF 95 02 09 01 81 02", //     2 bytes of the maker's own
    "05 8C 75 01 25 01 95 01 09 FF 81 02", //     data continued
    "95 07 81 03 C0 C0", //     7 bits of padding
  ]
    .join(" ")
    .split(" "),
  (pair) => Number.parseInt(pair, 16),
);

const reportNumber = 2;
const reportLength = 64;
const dataLength = 56;
const dataAt = 5;
const makersSymbologyAt = 61;
const makersQr = 0x73;
const continuedAt = 63;
/** How often its endpoint is asked: 1 to 10 ms are usual. */
const betweenReports = millis(8);
/** Before the same code, still held there, is read again. */
const sameCode = seconds(1);
/** All that a QR code holds of bytes, 40-L [ISO/IEC 18004]. */
const longest = 2953;

const definition: PeerDefinition<unknown, Uint8Array, Uint8Array> = {
  knobs,
  descriptor: () => descriptor,
  peer(_options, { clock }, send) {
    const shown: string[] = [];
    const timers = new Set<Timer>();
    let free = clock.mono();
    let symbology = "]Q0";
    let held: Timer | undefined;
    let garbled = 0;
    let silent = false;
    let slow = 0;

    /** Reports leave one behind the other. */
    const later = (report: Uint8Array) => {
      free = millis(Math.max(free, clock.mono() + slow) + betweenReports);
      const timer = clock.after(millis(free - clock.mono()), "scanner: a report", () => {
        timers.delete(timer);
        if (!silent) send(report);
      });
      timers.add(timer);
    };
    const tell = (text: string) => {
      const bytes = new TextEncoder().encode(text);
      for (let from = 0; from < bytes.length; from += dataLength) {
        const part = bytes.subarray(from, from + dataLength);
        const more = from + dataLength < bytes.length;
        const broken = !more && garbled > 0;
        const report = new Uint8Array(reportLength);
        report.set([reportNumber, part.length, ...new TextEncoder().encode(symbology)]);
        report.set(part, dataAt);
        report[makersSymbologyAt] = makersQr;
        report[continuedAt] = more || broken ? 1 : 0;
        // Damaged: half of the last part, and the rest never comes.
        if (broken) report.fill(0, dataAt + (part.length >> 1), makersSymbologyAt);
        if (broken) report[1] = part.length >> 1;
        later(report);
      }
      if (garbled > 0) garbled -= 1;
    };
    const see = (text: string) => {
      const { length } = new TextEncoder().encode(text);
      if (length === 0 || length > longest) throw new Error(`no code holds a text of ${length} bytes`);
      if (silent) return;
      shown.push(text);
      tell(text);
    };
    const takeAway = () => {
      held?.cancel();
      held = undefined;
    };
    const hold = (text: string) => {
      takeAway();
      see(text);
      const again = () => {
        if (!silent) tell(text);
        held = clock.after(sameCode, "scanner: the same code again", again);
      };
      held = clock.after(sameCode, "scanner: the same code again", again);
    };

    return {
      // The scanner works by itself: what it is told about beeps and triggers changes no code.
      hear() {},
      knobs,
      truth: () => shown,
      turn(knob, to) {
        switch (knob) {
          case "scan":
            see(String(to));
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
          case "symbology":
            symbology = String(to);
            return;
          default:
            throw new Error(`a HID POS scanner has no knob "${knob}"`);
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

export default definition;
