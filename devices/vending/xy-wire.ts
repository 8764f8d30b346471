import { xor } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import { searching, type Beginning } from "../kit/framer.ts";

/** FA FB · command · LEN · (PackNO · text) · XOR of every byte from FA [S-XY 2.1]. POLL and ACK have neither number nor text. */
export interface Frame {
  readonly command: number;
  /** 1 to 255; 0 where the command has none. */
  readonly pack: number;
  readonly text: Uint8Array;
}

/** Command bytes [S-XY 2.1]. V: from the machine, P: from us. */
export const command = {
  check: 0x01, // P: may this slot vend?
  usable: 0x02, // V: status1 slot2
  progress: 0x04, // V: status1 slot2 [microwave1]
  drive: 0x06, // P: drop1 lift1 slot2
  slot: 0x11, // V: slot2 price4 stock1 capacity1 product2 status1
  stock: 0x13, // V: slot2 stock1
  capacity: 0x14, // V: slot2 capacity1
  filled: 0x17, // V: "one-key fill" was pressed
  money: 0x21, // V: mode1 amount4 [card]
  accept: 0x28, // P: type1 mask2
  synchronise: 0x31, // both
  version: 0x32, // V: 15 ASCII
  poll: 0x41, // V
  ack: 0x42, // both
  ask: 0x51, // P: machine status?
  status: 0x52, // V
  filledToo: 0x68, // V: as 17
  menu: 0x70, // P: type1 operation1 …
  menuAnswer: 0x71, // V: type1 operation1 status1 …
} as const;

const head = 0xfa;
const second = 0xfb;
/** What stands before the text, its number not counted, and the XOR behind it. */
const around = 5;
/** The longest LEN that is believed [S-XY 2.1; the longest message of the document, 52, has 41]. */
const longest = 64;
/** 69 bytes take 12 ms at 57600 bit/s and a USB adapter adds 16 ms: a gap this long is within no frame. */
const quiet = millis(50);

/**
 * LEN of the commands whose length matters: the sum cannot see a length that lost a bit together with the byte that
 * then stands for the sum, and such a frame must not be taken for a motor's result.
 */
const lengths: Readonly<Record<number, readonly number[]>> = {
  [command.check]: [3],
  [command.usable]: [4],
  [command.progress]: [4, 5], // the fifth is the microwave's
  [command.drive]: [5],
  [command.slot]: [12],
  [command.stock]: [4],
  [command.capacity]: [4],
  [command.accept]: [4],
  [command.synchronise]: [1],
  [command.poll]: [0],
  [command.ack]: [0],
};
const believed = (what: number, length: number) => lengths[what]?.includes(length) ?? (length > 0 && length <= longest);

const bare = (command_: number) => command_ === command.poll || command_ === command.ack;

export function encode({ command, pack, text }: Frame): Uint8Array {
  const body = bare(command) ? [] : [pack, ...text];
  const bytes = [head, second, command, body.length, ...body];
  return Uint8Array.of(...bytes, xor(bytes));
}

const none = new Uint8Array();
export const poll: Uint8Array = encode({ command: command.poll, pack: 0, text: none });
export const ack: Uint8Array = encode({ command: command.ack, pack: 0, text: none });

export const framer = searching<Frame>(quiet, (bytes): Beginning<Frame> => {
  // By index: taking an array apart costs twenty times as much, and this runs for every poll of a board.
  const next = bytes[1];
  const what = bytes[2];
  const length = bytes[3];
  if (bytes[0] !== head || (next !== undefined && next !== second)) return { is: "noise" };
  if (what === undefined || length === undefined) return { is: "part" };
  if (!believed(what, length)) return { is: "noise" };
  const size = length + around;
  if (bytes.length < size) return { is: "part" };
  if (xor(bytes.subarray(0, size)) !== 0) return { is: "noise" };
  return {
    is: "frame",
    length: size,
    frame: { command: what, pack: length === 0 ? 0 : (bytes[4] ?? 0), text: bytes.slice(around, size - 1) },
  };
});

/** Numbers are written high byte first [S-XY 2.1]. */
export const high = (n: number): readonly [number, number] => [(n >> 8) & 0xff, n & 0xff];

/** The two-byte number at `at`, high byte first; the caller has looked at the length. */
export const word = (text: Uint8Array, at: number): number => ((text[at] ?? 0) << 8) | (text[at + 1] ?? 0);

/** PackNO runs from 1 to 255 and back to 1 [S-XY 2.1, 4]. */
export const following = (pack: number): number => (pack % 255) + 1;

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
