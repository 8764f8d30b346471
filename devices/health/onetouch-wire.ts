import { crc16 } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { searching, type Framer } from "../kit/framer.ts";

// The envelope that OneTouch UltraEasy, UltraMini and Verio IQ share [S19; instruments.md 2.3.6]: 02, length, link, message,
// 03 and a CRC-16 over all of it. Only the Ultra meters use the link byte.

export interface Packet {
  readonly link: number;
  /** Empty where a packet only acknowledges. */
  readonly message: Uint8Array;
}

/** Bits of the link byte [S19]. */
export const link = {
  /** Last bit of the number of the packet that is sent. */
  sent: 0x01,
  /** Last bit of the number of the packet that is expected next. */
  expected: 0x02,
  acknowledge: 0x04,
  /** Ends what was before: both count from 0 again. */
  disconnect: 0x08,
} as const;

const stx = 0x02;
const etx = 0x03;
/** 02, length, link, 03 and two bytes of CRC. */
const envelope = 6;
/** The longest known answer is that of the version: 27 bytes. */
const longest = 64;

/** The five bits that the link byte has. */
const allLinkBits = 0x1f;
/** The first bytes of messages: Verio, Ultra [S19]. */
const prefixes: ReadonlySet<number> = new Set([0x03, 0x05]);

const firstOfCrc = 0xffff;

export function encode({ link, message }: Packet): Uint8Array {
  const body = Uint8Array.of(stx, message.length + envelope, link, ...message, etx);
  const crc = crc16(body, firstOfCrc);
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
}

export const framer: Framer<Packet, Uint8Array> = searching(millis(300), (bytes) => {
  if (bytes[0] !== stx) return { is: "noise" };
  const length = bytes[1];
  if (length === undefined) return { is: "part" };
  if (length < envelope || length > longest) return { is: "noise" };
  // What cannot be a packet is seen at once: else a 02 in the noise would hold up a true packet behind it.
  if ((bytes[2] ?? 0) > allLinkBits) return { is: "noise" };
  if (bytes.length > 3 && !(length === envelope ? bytes[3] === etx : prefixes.has(bytes[3] ?? 0)))
    return { is: "noise" };
  if (bytes.length < length) return { is: "part" };
  const frame = bytes.subarray(0, length);
  const crc = (frame[length - 2] ?? 0) | ((frame[length - 1] ?? 0) << 8);
  if (frame[length - 3] !== etx || crc16(frame.subarray(0, -2), firstOfCrc) !== crc) return { is: "noise" };
  return { is: "frame", frame: { link: frame[2] ?? 0, message: frame.slice(3, -3) }, length };
});

/** A packet and which of the meter's packets is its answer. */
export interface Question {
  readonly packet: Packet;
  answers(packet: Packet): boolean;
}

/** An answer of 64 bytes takes 67 ms at 9600 baud; the rest is the meter's. */
export const patience = millis(1000);

export const dialect: Dialect<Question, Packet, Uint8Array> = {
  framer,
  encode: ({ packet }) => encode(packet),
  answers: (question, packet) => question.answers(packet),
  // No answer says which question it answers.
  unnamed: { longest: () => patience, gap: millis(30) },
};
