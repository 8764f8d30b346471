import { kindOf, uidIn } from "../../../devices/reader/pcsc.ts";
import { readTarget } from "../../../devices/reader/pn532-chip.ts";
import { ack, encode, frames, nack, speaker, type Frame } from "../../../devices/reader/pn532-wire.ts";
import { dice, type Dice } from "../../kit/dice.ts";
import { unhex } from "../../kit/wire.ts";

// What a PN532 or a PC/SC reader may say, and what it says only when it is broken.

const poll = unhex("00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 FB 0E E2 0B D8 00");
const spoken = unhex("00 00 FF 15 EB D5 4B 01 01 03 44 20 07 04 1E 20 61 80 1D 80 06 75 77 81 02 80 BB 00");
const long = encode(speaker.chip, 0x41, new Uint8Array(258).fill(0x2a));
export const genuine: readonly Uint8Array[] = [poll, spoken, long, ack, nack, unhex("00 00 FF 01 FF 7F 81 00")];
const targets = [poll.slice(7, -2), spoken.slice(7, -2), Uint8Array.of(0)];
const edges = [0x00, 0x01, 0x04, 0x07, 0x20, 0x4b, 0x55, 0x7f, 0x80, 0xd4, 0xd5, 0xfe, 0xff];

const someByte = ({ between, chance }: Dice) =>
  chance(0.5) ? (edges[between(0, edges.length)] ?? 0) : between(0, 256);
const one = <T>(of: readonly T[], fallback: T, { between }: Dice): T => of[between(0, of.length)] ?? fallback;

/** A true one with bytes changed, dropped or put in, or mere noise. */
function like(model: Uint8Array, chance: Dice): Uint8Array {
  if (chance.chance(0.3)) return new Uint8Array(chance.between(0, 60)).map(() => someByte(chance));
  const bytes = [...model];
  for (let left = chance.between(1, 5); left > 0; left--) {
    const put = chance.chance(0.6) ? [someByte(chance)] : [];
    bytes.splice(chance.between(0, bytes.length + 1), chance.between(0, 3), ...put);
  }
  return Uint8Array.from(bytes);
}

const asText = (found: readonly Frame[]) => JSON.stringify(found);

function framed(
  bytes: Uint8Array,
  cuts: readonly number[],
): { readonly frames: readonly Frame[]; readonly left: number } {
  let state = frames.start;
  const found: Frame[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    const pushed = frames.push(state, bytes.subarray(from, cut));
    state = pushed.state;
    found.push(...pushed.frames);
    from = cut;
  }
  return { frames: found, left: state.length };
}

function frame(chance: Dice): void {
  const bytes = like(one(genuine, poll, chance), chance);
  const whole = framed(bytes, []);
  const middle = chance.between(0, bytes.length + 1);
  if (asText(whole.frames) !== asText(framed(bytes, [middle]).frames)) throw new Error("another cut, other frames");
  // Longer than the longest frame, it would never be given up.
  if (whole.left > 280) throw new Error(`${whole.left} bytes are held`);
  for (const found of whole.frames) {
    if (found.is !== "told") continue;
    // Whatever passes has come over the wire so, byte for byte.
    const again = Buffer.from(encode(found.by, found.code, found.data));
    const short = found.data.length + 2 < 256;
    if (short && !Buffer.from(bytes).includes(again) && !extended(bytes, again))
      throw new Error("a frame from nowhere");
  }
}

/** Short contents may come in an extended frame too. */
const extended = (bytes: Uint8Array, normal: Buffer): boolean =>
  Buffer.from(bytes).includes(Buffer.from([0x00, 0x00, 0xff, 0xff, 0xff])) &&
  Buffer.from(bytes).includes(normal.subarray(5));

function target(chance: Dice): void {
  const data = like(one(targets, poll, chance), chance);
  const found = readTarget(data);
  if (found.is !== "card") return;
  const { uid, speaks } = found.target;
  if (![4, 7, 10].includes(uid.length)) throw new Error(`a UID of ${uid.length} bytes`);
  if (data.length !== 6 + uid.length + (speaks ? (data[6 + uid.length] ?? 0) : 0))
    throw new Error("a length that does not fit");
  if (!Buffer.from(data).includes(Buffer.from(uid))) throw new Error("a UID from nowhere");
}

const atr = unhex("3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A");
const uidAnswer = unhex("04 1E 20 61 80 1D 80 90 00");

function pcscWords(chance: Dice): void {
  const said = kindOf(like(atr, chance));
  if (!["speaks", "stores", "other"].includes(said)) throw new Error(`a kind ${said}`);
  const answer = like(uidAnswer, chance);
  const uid = uidIn(answer);
  if (uid === undefined) return;
  if (!/^([0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/.test(uid)) throw new Error("no UID");
  if (`${uid}9000` !== Buffer.from(answer).toString("hex").toUpperCase()) throw new Error("a UID from nowhere");
}

export const parsers: Readonly<Record<string, (chance: Dice) => void>> = {
  "the frames of a PN532": frame,
  "the card that a PN532 lists": target,
  "a PC/SC reader's answers": pcscWords,
};

export function fuzz(parse: (chance: Dice) => void, times: number, seed: number): void {
  const chance = dice(seed);
  for (let i = 0; i < times; i++) parse(chance);
}
