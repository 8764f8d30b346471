import { millis } from "../../../devices/kit/clock.ts";
import { readReportDescriptor } from "../../../devices/kit/hid-descriptor.ts";
import scanner from "../../../devices/reader/hid-pos.peer.ts";
import { readLayout, scans, type HalfScan } from "../../../devices/reader/hid-pos-report.ts";
import { entries, readKeyboard, type HalfEntry } from "../../../devices/reader/wedge-keys.ts";
import keyboard from "../../../devices/reader/wedge.peer.ts";
import driver from "../../../devices/reader/wedge.ts";
import { dice, type Dice } from "../../kit/dice.ts";
import { unhex } from "../../kit/wire.ts";

// What a HID device may say, and what it never says unless it is broken or evil. Half of the inputs are true ones with
// some bytes changed, dropped, doubled or put in, the rest noise.

const options = driver.options({ reads: "codes" });
const boot = (options.ok && keyboard.descriptor?.(options.value)) || new Uint8Array();
const pos = scanner.descriptor?.({}) ?? new Uint8Array();
/** A numbered keyboard with a bit a key, and power keys on another report. */
const bitAKey = unhex(
  "05 01 09 06 A1 01 85 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 19 04 29 6B 95 68 81 02 C0 " +
    "05 01 09 80 A1 01 85 02 19 81 29 83 95 03 81 02 95 05 81 03 C0",
);

function like(genuine: Uint8Array, { between, chance }: Dice): Uint8Array {
  if (chance(0.5)) return new Uint8Array(between(0, 70)).map(() => between(0, 256));
  let bytes = genuine;
  for (let left = between(1, 5); left > 0; left--) {
    const at = between(0, bytes.length + 1);
    const put = chance(0.5) ? [between(0, 256)] : bytes.subarray(between(0, at + 1), at);
    bytes = Uint8Array.of(...bytes.subarray(0, at), ...put, ...bytes.subarray(at + between(0, 3)));
  }
  return bytes;
}

const must = (so: boolean, what: string, input: Uint8Array) => {
  if (!so) throw new Error(`${what}: ${input.toString()}`);
};

function layout(descriptor: Uint8Array) {
  const read = readLayout(descriptor);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}
function keysOf(descriptor: Uint8Array) {
  const read = readKeyboard(descriptor);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** Each takes one input after another and throws where what it concludes cannot be. */
export const parsers: Readonly<Record<string, () => (chance: Dice) => void>> = {
  "report descriptors": () => (chance) => {
    const input = like(chance.chance(0.5) ? pos : bitAKey, chance);
    const read = readReportDescriptor(input);
    if (read.ok) for (const { at, bits, count } of read.value) must(at + bits * count <= 131_072, "too long", input);
    readLayout(input);
    readKeyboard(input);
  },
  "reports of a scanner": () => {
    const framer = scans(layout(pos));
    let state: HalfScan = framer.start;
    const genuine = new Uint8Array(64).fill(0x39).with(0, 2).with(1, 56);
    let given = 0;
    return (chance) => {
      const input = like(genuine.with(63, chance.chance(0.9) ? 1 : 0), chance);
      const pushed = framer.push(state, input);
      state = pushed.state;
      given += 56;
      must(state.bytes.length <= 7089, "held too much", input);
      for (const scan of pushed.frames)
        if (scan.is === "scan") must(scan.bytes.length > 0 && scan.bytes.length <= given, "more than was said", input);
      if (pushed.frames.length > 0) given = state.bytes.length;
    };
  },
  "reports of a boot keyboard": () => keys(boot, Uint8Array.of(0, 0, 0, 0x1e, 0, 0, 0, 0, 0)),
  "reports of a keyboard with a bit a key": () => keys(bitAKey, new Uint8Array(15).with(0, 1).with(5, 4)),
};

function keys(descriptor: Uint8Array, genuine: Uint8Array) {
  const framer = entries(keysOf(descriptor), "enter", millis(100));
  let state: HalfEntry = framer.start;
  return (chance: Dice) => {
    const input = like(genuine, chance);
    const pushed = framer.push(state, input);
    state = pushed.state;
    must(state.text.length <= 7089, "held too much", input);
    for (const one of pushed.frames)
      if (one.is === "entry") must(/^[0-9A-Za-z]{4,7089}$/.test(one.text), "no such entry", input);
  };
}

export function fuzz(name: string, times: number, seed: number): void {
  const parse = parsers[name]?.();
  if (parse === undefined) throw new Error(`no parser ${name}`);
  const chance = dice(seed);
  for (let i = 0; i < times; i++) parse(chance);
}
