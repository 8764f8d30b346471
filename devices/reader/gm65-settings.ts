import type { Result } from "../kit/result.ts";
import type { Gm65Options } from "./gm65-options.ts";
import { address, mode, type Question } from "./gm65-wire.ts";

/** Some bits of one byte of the module's memory, and what they shall be. */
export interface Setting {
  readonly name: string;
  readonly address: number;
  readonly mask: number;
  readonly value: number;
}

/** The firmware that garbles binary codes unless raw output is set; no other shall be given that byte [B9]. */
const needsRaw = 0x69;
const raw = 0x08;

/** In command mode one reading is waited for so long, then the kiosk starts the next [GM65 9.7, 0006: tenths of a second]. */
export const readTimeSeconds = 5;
const intervalSeconds = 0.3;

/** What the kiosk wants of the module [GM65 9.7]. Bits that are not named stay as the technician set them. */
export function wanted(options: Gm65Options, firmware: number): readonly Setting[] {
  const settings: Setting[] = [
    // A printed code must not change the module: bit 1 shuts that door, bit 0 off keeps such codes from being told as texts.
    { name: "setup codes", address: address.setupCodes, mask: 0x03, value: 0x02 },
    { name: "mode", address: address.mode, mask: 0x03, value: mode[options.mode] },
    { name: "interval", address: address.interval, mask: 0xff, value: tenths(intervalSeconds) },
    { name: "same-code delay", address: address.sameCode, mask: 0xff, value: 0x80 | tenths(options.sameCodeSeconds) },
    // Asleep it hears no first command.
    { name: "sleep", address: address.sleep, mask: 0x80, value: 0x00 },
    // CR behind the text, nothing before it but the letter of the code, and no word where nothing was read.
    { name: "ending", address: address.ending, mask: 0x7f, value: options.codeId ? 0x05 : 0x01 },
    { name: "whole text", address: address.cut, mask: 0x03, value: 0x00 },
  ];
  if (options.mode === "command")
    settings.push({ name: "reading time", address: address.readTime, mask: 0xff, value: tenths(readTimeSeconds) });
  if (firmware === needsRaw) settings.push({ name: "raw output", address: address.raw, mask: 0xff, value: raw });
  return settings;
}

const tenths = (seconds: number) => Math.round(seconds * 10);

/** USB keyboard and reserved; serial line (0) and virtual serial line (3) are both heard by us [GM65 9.7, 000D]. */
const elsewhere = [1, 2];

export interface SetUp {
  /** Names of what the module does not take. */
  readonly refused: readonly string[];
  readonly changed: boolean;
}

/** Sets what differs, reads it back, and saves once if anything changed: the module's flash wears. */
export async function setUp(
  ask: (question: Question) => Promise<Result<number>>,
  options: Gm65Options,
  firmware: number,
): Promise<SetUp> {
  const refused: string[] = [];
  let changed = false;
  const bring = async ({ name, address: at, mask, value }: Setting) => {
    const before = await ask({ do: "read", address: at });
    if (before.ok && (before.value & mask) === value) return;
    if (before.ok) await ask({ do: "write", address: at, value: (before.value & ~mask) | value });
    const after = before.ok ? await ask({ do: "read", address: at }) : before;
    if (!after.ok || (after.value & mask) !== value) refused.push(name);
    else changed = true;
  };

  const output = await ask({ do: "read", address: address.output });
  if (!output.ok) return { refused: ["output"], changed };
  if (elsewhere.includes(output.value & 0x03))
    await bring({ name: "output", address: address.output, mask: 0x03, value: 0 });
  for (const setting of wanted(options, firmware)) await bring(setting);
  if (changed && !(await ask({ do: "save" })).ok) refused.push("saving");
  return { refused, changed };
}
