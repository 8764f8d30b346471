import { closeSync, constants, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { leftovers } from "./telling.ts";

// What the console and the browser would hear: the key events of an input device.

const inputs = "/sys/class/input";
/** struct input_event on 64 bits: time, type, code, value. */
const eventLength = 24;
const keyEvent = 1;

export interface Ear {
  /** Codes of the keys that went down, in order. */
  readonly keys: readonly number[];
  close(): void;
}

/** Folders of the inputs that a device of this name brought. */
export const inputsOf = (name: string): readonly string[] =>
  readdirSync(inputs)
    .filter((entry) => /^input\d+$/.test(entry) && readFileSync(`${inputs}/${entry}/name`, "utf8").trim() === name)
    .map((entry) => `${inputs}/${entry}`);

/** Listens as any program with the right to do so may. */
export function listenTo(name: string): Ear {
  const [folder = ""] = inputsOf(name);
  const entry = readdirSync(folder).find((one) => one.startsWith("event")) ?? "";
  const file = openSync(`/dev/input/${entry}`, constants.O_RDONLY | constants.O_NONBLOCK);
  const keys: number[] = [];
  const heard = Buffer.alloc(eventLength * 64);
  const listening = setInterval(() => {
    let length = 0;
    try {
      length = readSync(file, heard);
    } catch {
      return;
    }
    for (let at = 0; at < length; at += eventLength) {
      const down = heard.readUInt16LE(at + 16) === keyEvent && heard.readInt32LE(at + 20) === 1;
      if (down) keys.push(heard.readUInt16LE(at + 18));
    }
  }, 5);
  const close = () => {
    if (!leftovers.delete(close)) return;
    clearInterval(listening);
    closeSync(file);
  };
  leftovers.add(close);
  return { keys, close };
}
