import { cmac, encipher } from "./aes.ts";
import { answer, readCommand, sameBytes, status, type Command } from "./apdu.ts";
import type { Card, Chance } from "./card.ts";

// NTAG 424 DNA with secure dynamic messaging, as AN12196 and its data sheet NT4H2421Gx tell of it: each time its file is
// read it writes its number, a rising counter and a seal over both into the text. Nobody has to prove anything to it.

export interface Ntag424 {
  /** 7 bytes. */
  readonly uid: Uint8Array;
  /**
   * The link that it shows, with marks where it writes: {uid} {ctr} {cmac} in plain sight, or {picc} {cmac} where number
   * and counter are enciphered.
   */
  readonly url: string;
  /** SDMFileReadKey: seals. */
  readonly fileKey: Uint8Array;
  /** SDMMetaReadKey: enciphers {picc}. */
  readonly metaKey?: Uint8Array;
  /** How often it was read before. */
  readonly counter?: number;
  readonly chance: Chance;
}

/** Name of the application of a Type 4 tag [B37], its two files, and how long the second is as delivered. */
const application = Uint8Array.of(0xd2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01);
const containerFile = 0xe103;
const linkFile = 0xe104;
const linkFileLength = 256;
/** The capability container as delivered: file E104 of 256 bytes is read freely, E105 of 128 bytes by key 2 [NT4H2421Gx]. */
const container = Uint8Array.of(
  0x00,
  0x17,
  0x20,
  0x01,
  0x00,
  0x00,
  0xff,
  0x04,
  0x06,
  0xe1,
  0x04,
  0x01,
  0x00,
  0x00,
  0x00,
  0x05,
  0x06,
  0xe1,
  0x05,
  0x00,
  0x80,
  0x82,
  0x83,
);
/** URI record, prefix "https://" [B37]. */
const https = 0x04;
/** PICCDataTag: both number and counter are there, the number has 7 bytes [AN12196]. */
const piccDataTag = 0xc7;
const zeros = new Uint8Array(16);
/** The counter has three bytes; at its end the file is not read any more. */
const counterEnd = 0xffffff;

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const hex = (bytes: Iterable<number>) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");
const lowFirst = (counter: number) => [counter & 0xff, (counter >> 8) & 0xff, counter >> 16];

/** What the tag seals with after its `counter`th reading, and the eight bytes of a seal that it shows [AN12196]. */
export function seal(fileKey: Uint8Array, uid: Uint8Array, counter: number): Uint8Array {
  const vector = Uint8Array.of(0x3c, 0xc3, 0x00, 0x01, 0x00, 0x80, ...uid, ...lowFirst(counter));
  const whole = cmac(cmac(fileKey, vector), new Uint8Array());
  return whole.filter((_, i) => i % 2 === 1);
}

export function ntag424({ uid, url, fileKey, metaKey, counter: before = 0, chance }: Ntag424): Card {
  let counter = before;
  let chosen: "nothing" | "application" | typeof containerFile | typeof linkFile = "nothing";
  let content: Uint8Array | undefined;

  /** The link as it stands at this reading. */
  const write = (): Uint8Array => {
    counter += 1;
    const picc = metaKey
      ? encipher(metaKey, zeros, Uint8Array.of(piccDataTag, ...uid, ...lowFirst(counter), ...chance(5)))
      : [];
    const link = url
      .replace("{uid}", hex(uid))
      .replace("{ctr}", hex(lowFirst(counter).reverse()))
      .replace("{picc}", hex(picc))
      .replace("{cmac}", hex(seal(fileKey, uid, counter)));
    const payload = [https, ...ascii(link.replace("https://", ""))];
    const message = [0xd1, 0x01, payload.length, 0x55, ...payload];
    const file = new Uint8Array(linkFileLength);
    file.set([message.length >> 8, message.length & 0xff, ...message]);
    return file;
  };

  const select = ({ p1, data }: Command): Uint8Array => {
    content = undefined;
    if (p1 === 0x04) {
      if (!sameBytes(data, application)) return answer(status.notFound);
      chosen = "application";
      return answer(status.good);
    }
    const file = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
    if (p1 !== 0x00 || data.length !== 2) return answer(status.wrongParameters);
    if (chosen === "nothing" || (file !== containerFile && file !== linkFile)) return answer(status.notFound);
    chosen = file;
    return answer(status.good);
  };

  const read = ({ p1, p2, le }: Command): Uint8Array => {
    if (chosen === "nothing" || chosen === "application") return answer(status.noFileSelected);
    if (le === undefined) return answer(status.wrongLength);
    if (chosen === linkFile && content === undefined && counter === counterEnd) return answer(status.notAllowed);
    // Reading on in the same file is the same reading.
    content ??= chosen === containerFile ? container : write();
    const from = ((p1 & 0x7f) << 8) | p2;
    if (from >= content.length) return answer(status.wrongOffset);
    return answer(status.good, content.subarray(from, from + le));
  };

  return {
    uid,
    atqa: Uint8Array.of(0x03, 0x44),
    sak: 0x20,
    ats: Uint8Array.of(0x06, 0x77, 0x77, 0x71, 0x02, 0x80),
    apdu(bytes) {
      const command = readCommand(bytes);
      if (command === undefined) return answer(status.wrongLength);
      if (command.cla !== 0x00) return answer(status.unknownClass);
      if (command.ins === 0xa4) return select(command);
      if (command.ins === 0xb0) return read(command);
      content = undefined;
      return answer(status.unknownCommand);
    },
    leave() {
      chosen = "nothing";
      content = undefined;
    },
  };
}
