import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { leftovers } from "./telling.ts";

// HID devices that the kernel takes for real, made by writing to /dev/uhid [linux/uhid.h].

const event = {
  destroy: 1,
  output: 6,
  getReport: 9,
  getReportReply: 10,
  create2: 11,
  input2: 12,
  setReport: 13,
  setReportReply: 14,
} as const;
const busUsb = 3;
const longestReport = 4096;

export interface Made {
  readonly name: string;
  readonly vendor: number;
  readonly product: number;
  readonly serial?: string;
  readonly descriptor: Uint8Array;
  /** What the device answers to the question for a feature report; its id first. */
  readonly feature?: Uint8Array;
}

export interface VirtualHid {
  /** Sends an input report as it goes over the bus: without an id where the descriptor has none. */
  send(report: Uint8Array): void;
  /** Output and feature reports that the kernel was told to send, id first. */
  readonly took: Uint8Array[];
  unplug(): void;
}

export function plugHid({ name, vendor, product, serial = "", descriptor, feature }: Made): VirtualHid {
  const file = openSync("/dev/uhid", constants.O_RDWR | constants.O_NONBLOCK);
  const took: Uint8Array[] = [];
  const create = Buffer.alloc(4 + 128 + 64 + 64 + 2 + 2 + 16 + longestReport);
  create.writeUInt32LE(event.create2, 0);
  create.write(name, 4, 127);
  create.write("yizhan/test", 132, 63);
  create.write(serial, 196, 63);
  create.writeUInt16LE(descriptor.length, 260);
  create.writeUInt16LE(busUsb, 262);
  create.writeUInt32LE(vendor, 264);
  create.writeUInt32LE(product, 268);
  create.set(descriptor, 280);
  writeSync(file, create);

  const answer = (head: readonly [kind: number, id: number], tail: Uint8Array) => {
    const reply = Buffer.alloc(8 + tail.length);
    reply.writeUInt32LE(head[0], 0);
    reply.writeUInt32LE(head[1], 4);
    reply.set(tail, 8);
    writeSync(file, reply);
  };
  const heard = Buffer.alloc(4 + longestReport + 16);
  const next = (): boolean => {
    try {
      readSync(file, heard);
    } catch {
      return false;
    }
    const kind = heard.readUInt32LE(0);
    const body = heard.subarray(4);
    if (kind === event.output) took.push(Uint8Array.from(body.subarray(0, body.readUInt16LE(longestReport))));
    if (kind === event.setReport) {
      took.push(Uint8Array.from(body.subarray(8, 8 + body.readUInt16LE(6))));
      answer([event.setReportReply, body.readUInt32LE(0)], new Uint8Array(2));
    }
    if (kind === event.getReport) {
      const bytes = feature ?? new Uint8Array();
      const head = Buffer.alloc(4);
      head.writeUInt16LE(bytes.length, 2);
      answer([event.getReportReply, body.readUInt32LE(0)], Buffer.concat([head, bytes]));
    }
    return true;
  };
  const serving = setInterval(() => {
    while (next());
  }, 3);

  const unplug = () => {
    if (!leftovers.delete(unplug)) return;
    clearInterval(serving);
    const end = Buffer.alloc(4);
    end.writeUInt32LE(event.destroy, 0);
    writeSync(file, end);
    closeSync(file);
  };
  leftovers.add(unplug);

  return {
    took,
    send(report) {
      const input = Buffer.alloc(6 + report.length);
      input.writeUInt32LE(event.input2, 0);
      input.writeUInt16LE(report.length, 4);
      input.set(report, 6);
      writeSync(file, input);
    },
    unplug,
  };
}

const bytes = (hex: string) => Uint8Array.from(hex.split(" "), (pair) => Number.parseInt(pair, 16));

/** A keyboard of all 256 keys, also those that no reader needs: a power key among them. */
export const keyboard = bytes(
  "05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 95 06 75 08 15 00 26 FF 00 05 07 19 00 2A FF 00 81 00 C0",
);
/** 64 bytes in, 64 out, 8 as a feature, none of them numbered: a maker's own kind of reader. */
export const makersOwn = bytes(
  "06 00 FF 09 01 A1 01 09 02 15 00 26 FF 00 75 08 95 40 81 02 09 03 75 08 95 40 91 02 09 04 75 08 95 08 B1 02 C0",
);
