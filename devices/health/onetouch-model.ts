import type { Note } from "./capability.ts";

// How the meters of the family differ, as data [S19; instruments.md 2.3.6]. All of them tell mg/dL, whatever they show.
// 1A, which erases the memory, stands nowhere here.

export type ModelName = "ultraeasy" | "verio-iq";

export interface Stored {
  /** Seconds by the meter's own clock: only to tell one record from another, and which is later. */
  readonly at: number;
  readonly glucose: number;
  /** Of control solution, not of a person. */
  readonly control: boolean;
  readonly notes: readonly Note[];
}

export interface Model {
  readonly name: string;
  /** The first byte of every message. */
  readonly prefix: number;
  /** Packets are numbered and acknowledged; else the link byte is always 0. */
  readonly numbered: boolean;
  readonly ask: {
    readonly version: readonly number[];
    readonly serial: readonly number[];
    readonly count: readonly number[];
    /** Behind it the index, 16 bits, low byte first; 0 is the newest. */
    readonly record: readonly number[];
  };
  /** The byte after the prefix where a count is told. */
  readonly countMark: number;
  /** Bytes of a record, behind prefix and mark. */
  readonly recordLength: number;
  record(data: DataView): Stored;
}

/** What is right is marked so, behind the prefix [S19]. */
export const success = 0x06;

/** Verio IQ: 0 none, 1 before, 2 after a meal. */
const meals: readonly (readonly Note[])[] = [[], ["before-meal"], ["after-meal"]];

export const models: Readonly<Record<ModelName, Model>> = {
  // Also sold as UltraMini.
  ultraeasy: {
    name: "OneTouch UltraEasy",
    prefix: 0x05,
    numbered: true,
    ask: {
      version: [0x0d, 0x02],
      serial: [0x0b, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      // Record 501, which there is not, stands for their number: F5 01.
      count: [0x1f, 0xf5, 0x01],
      record: [0x1f],
    },
    countMark: 0x0f,
    recordLength: 8,
    record: (data) => ({
      at: data.getUint32(0, true),
      glucose: data.getUint32(4, true),
      control: false,
      notes: [],
    }),
  },
  "verio-iq": {
    name: "OneTouch Verio IQ",
    prefix: 0x03,
    numbered: false,
    ask: { version: [0x0d, 0x01], serial: [0x0b, 0x01, 0x02], count: [0x27, 0x00], record: [0x21] },
    countMark: success,
    recordLength: 10,
    // Seconds since 2000.
    record: (data) => ({
      at: data.getUint32(0, true),
      glucose: data.getUint16(4, true),
      control: data.getUint8(6) !== 0,
      notes: meals[data.getUint8(7)] ?? [],
    }),
  },
};
