import { decipher, encipher } from "./aes.ts";
import { answer, readCommand, sameBytes, status } from "./apdu.ts";
import type { Card, Chance } from "./card.ts";

// DESFire EV1: gives nothing away before it has seen that the other side knows its key, and shows that it knows it too.
// Its own commands wrapped in ISO 7816-4 (class 90), AES keys only [E39, E40].

export interface Desfire {
  /** 7 bytes. */
  readonly uid: Uint8Array;
  /** The one application on it, three bytes as they are sent. */
  readonly application: Uint8Array;
  /** AES keys of the application, by their numbers. */
  readonly keys: readonly Uint8Array[];
  /** Its half of the challenge, 16 bytes. */
  readonly chance: Chance;
}

/** Second status byte; the first is 91. */
const said = {
  good: 0x9100,
  more: 0x91af,
  unknownCommand: 0x911c,
  noSuchKey: 0x9140,
  wrongLength: 0x917e,
  notAllowed: 0x919d,
  noSuchApplication: 0x91a0,
  wrongProof: 0x91ae,
  abandoned: 0x91ca,
} as const;

const command = { select: 0x5a, authenticate: 0xaa, more: 0xaf } as const;
const zeros = new Uint8Array(16);
/** The card itself, before an application is selected. */
const master = Uint8Array.of(0, 0, 0);
const turned = (bytes: Uint8Array) => Uint8Array.of(...bytes.subarray(1), bytes[0] ?? 0);

export function desfire({ uid, application, keys, chance }: Desfire): Card {
  let selected = false;
  let challenge: { readonly key: Uint8Array; readonly ours: Uint8Array; readonly sealed: Uint8Array } | undefined;

  const begin = (data: Uint8Array): Uint8Array => {
    if (data.length !== 1) return answer(said.wrongLength);
    const key = keys[data[0] ?? 0];
    if (!selected || key === undefined) return answer(said.noSuchKey);
    const ours = chance(16);
    const sealed = encipher(key, zeros, ours);
    challenge = { key, ours, sealed };
    return answer(said.more, sealed);
  };

  /** Each message continues the chain of the one before. */
  const finish = (data: Uint8Array): Uint8Array => {
    const asked = challenge;
    challenge = undefined;
    if (asked === undefined) return answer(said.abandoned);
    if (data.length !== 32) return answer(said.wrongLength);
    const plain = decipher(asked.key, asked.sealed, data);
    if (!sameBytes(plain.subarray(16), turned(asked.ours))) return answer(said.wrongProof);
    return answer(said.good, encipher(asked.key, data.subarray(16), turned(plain.subarray(0, 16))));
  };

  const select = (data: Uint8Array): Uint8Array => {
    if (data.length !== 3) return answer(said.wrongLength);
    selected = sameBytes(data, application);
    return answer(selected || sameBytes(data, master) ? said.good : said.noSuchApplication);
  };

  return {
    uid,
    atqa: Uint8Array.of(0x03, 0x44),
    sak: 0x20,
    ats: Uint8Array.of(0x06, 0x75, 0x77, 0x81, 0x02, 0x80),
    apdu(bytes) {
      const asked = readCommand(bytes);
      if (asked === undefined) return answer(status.wrongLength);
      if (asked.cla === 0x00) return answer(asked.ins === 0xa4 ? status.notFound : status.unknownCommand);
      if (asked.cla !== 0x90) return answer(status.unknownClass);
      if (asked.p1 !== 0 || asked.p2 !== 0) return answer(said.notAllowed);
      if (asked.ins === command.more) return finish(asked.data);
      challenge = undefined;
      if (asked.ins === command.select) return select(asked.data);
      if (asked.ins === command.authenticate) return begin(asked.data);
      return answer(said.unknownCommand);
    },
    leave() {
      selected = false;
      challenge = undefined;
    },
  };
}
