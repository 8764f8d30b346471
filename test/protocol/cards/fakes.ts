import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Exchange } from "../../../protocol/cards/exchange.ts";
import { bytesOf, hexOf } from "./hex.ts";

// The smallest cards that hold the conversations of these tests: an answer to each command, word by word.

/** What was said, as capital hex digits. */
export interface Told {
  readonly exchange: Exchange;
  readonly commands: string[];
}

/** A card with one answer to each command it knows; undefined: it leaves. To all others it says 6A82. */
export function scripted(answers: Readonly<Record<string, string | undefined>>): Told {
  const commands: string[] = [];
  return {
    commands,
    exchange: async (command) => {
      const asked = hexOf(command);
      commands.push(asked);
      if (asked in answers && answers[asked] === undefined) return { ok: false };
      return { ok: true, value: bytesOf(answers[asked] ?? "6A82") };
    },
  };
}

export const selectNdef = "00A4040007D276000085010100";
const container = "000F20010000FF0406E1040100000E";

/** A Type 4 tag whose file holds this message; it gives its file in the pieces in which it is asked for. */
export function type4Tag(message: Uint8Array, changed: Readonly<Record<string, string | undefined>> = {}): Told {
  const file = new Uint8Array(256);
  new DataView(file.buffer).setUint16(0, message.length);
  file.set(message.subarray(0, 254), 2);
  const files: Readonly<Record<string, Uint8Array>> = { E103: bytesOf(container), E104: file };
  const selecting = { [selectNdef]: "9000", "00A4000C02E103": "9000", "00A4000C02E104": "9000" };
  const { exchange, commands } = scripted({ ...selecting, ...changed });
  let selected = new Uint8Array();
  return {
    commands,
    exchange: async (command) => {
      const asked = hexOf(command);
      if (asked.startsWith("00A4000C02")) selected = Uint8Array.from(files[asked.slice(10)] ?? []);
      if (!asked.startsWith("00B0") || asked in changed) return exchange(command);
      commands.push(asked);
      const [, , high = 0, low = 0, length = 0] = command;
      const from = high * 256 + low;
      return { ok: true, value: Uint8Array.of(...selected.subarray(from, from + length), 0x90, 0x00) };
    },
  };
}

/** An address as an NDEF message of one URI record; the address begins with "https://". */
export function addressMessage(address: string): Uint8Array {
  const rest = Buffer.from(address.slice("https://".length));
  return Uint8Array.of(0xd1, 0x01, rest.length + 1, 0x55, 0x04, ...rest);
}

/** A DESFire card with this key and application 595A01, which draws these numbers. */
export function desfireCard(key: Uint8Array, rndB: Uint8Array): Told {
  const commands: string[] = [];
  const zeros = new Uint8Array(16);
  const seal = (vector: Uint8Array, text: Uint8Array) =>
    new Uint8Array(createCipheriv("aes-128-cbc", key, vector).setAutoPadding(false).update(text));
  const challenge = seal(zeros, rndB);
  const answer = (text: Uint8Array, word: string) =>
    ({ ok: true, value: Uint8Array.of(...text, ...bytesOf(word)) }) as const;
  return {
    commands,
    exchange: async (command) => {
      commands.push(hexOf(command));
      if (hexOf(command) === "905A000003015A5900") return answer(new Uint8Array(), "9100");
      if (hexOf(command) === "90AA0000010000") return answer(challenge, "91AF");
      if (command[1] !== 0xaf || command.length !== 38) return answer(new Uint8Array(), "911C");
      const sent = command.subarray(5, 37);
      const opened = createDecipheriv("aes-128-cbc", key, challenge).setAutoPadding(false).update(sent);
      if (hexOf(opened.subarray(16)) !== hexOf(Uint8Array.of(...rndB.subarray(1), rndB[0] ?? 0)))
        return answer(new Uint8Array(), "91AE");
      const rndA = opened.subarray(0, 16);
      return answer(seal(sent.subarray(16), Uint8Array.of(...rndA.subarray(1), rndA[0] ?? 0)), "9100");
    },
  };
}
