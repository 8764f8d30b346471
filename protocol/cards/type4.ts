import { ask, failed, type Exchange, type Failed } from "./exchange.ts";

// Reading the NDEF file of a Type 4 tag: application, capability container, file [B11].

const selectApplication = Uint8Array.of(0x00, 0xa4, 0x04, 0x00, 0x07, 0xd2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01, 0x00);
const containerFile = 0xe103;
/** Length 2, version 1, longest read 2, longest write 2, and the entry of the NDEF file: 04 06, file 2, size 2, rights 2. */
const containerLength = 15;
const ndefFileEntry = 0x04;
const ndefFileEntryLength = 0x06;
const freeToRead = 0x00;

/** The NDEF file of an NTAG 424 DNA [B11]; the memory of the tag is 256 bytes of it, two of them the length. */
const longestMessage = 254;
/** One read brings a whole address, and fits into one frame of every reader. */
const longestRead = 128;
const done = 0x9000;

const selectFile = (file: number): Uint8Array => Uint8Array.of(0x00, 0xa4, 0x00, 0x0c, 0x02, file >> 8, file & 0xff);
const readBinary = (offset: number, length: number): Uint8Array =>
  Uint8Array.of(0x00, 0xb0, offset >> 8, offset & 0xff, length);
const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

export type MessageRead = { readonly is: "message"; readonly bytes: Uint8Array } | Failed;

/** Reads the NDEF message of the tag. At most 22 exchanges, at most 256 bytes of the file, whatever it answers. */
export async function readMessage(exchange: Exchange): Promise<MessageRead> {
  const selected = await ask(exchange, selectApplication);
  if (selected === undefined) return failed("left");
  if (selected.status !== done) return failed("not-this-kind");
  const container = await fileBytes(exchange, containerFile, containerLength, containerLength);
  if (container.is !== "bytes") return container;
  const file = ndefFile(container.bytes);
  if (file === undefined) return failed("not-this-kind");
  const begun = await fileBytes(exchange, file.id, file.atOnce, file.atOnce);
  if (begun.is !== "bytes") return begun;
  const whole = 2 + word(begun.bytes, 0);
  if (whole > Math.min(file.size, 2 + longestMessage)) return failed("not-this-kind");
  const rest = await bytesFrom(exchange, begun.bytes, whole, file.atOnce);
  return rest.is === "bytes" ? { is: "message", bytes: rest.bytes.subarray(2, whole) } : rest;
}

type BytesRead = { readonly is: "bytes"; readonly bytes: Uint8Array } | Failed;

async function fileBytes(exchange: Exchange, file: number, length: number, atOnce: number): Promise<BytesRead> {
  const selected = await ask(exchange, selectFile(file));
  if (selected === undefined) return failed("left");
  if (selected.status !== done) return failed("refused");
  return bytesFrom(exchange, new Uint8Array(), length, atOnce);
}

/** Reads on in the selected file. A card that gives less or more than it was asked for is not read on. */
async function bytesFrom(exchange: Exchange, begun: Uint8Array, until: number, atOnce: number): Promise<BytesRead> {
  let bytes = begun;
  while (bytes.length < until) {
    const length = Math.min(atOnce, until - bytes.length);
    const answer = await ask(exchange, readBinary(bytes.length, length));
    if (answer === undefined) return failed("left");
    if (answer.status !== done || answer.data.length !== length) return failed("refused");
    bytes = Uint8Array.of(...bytes, ...answer.data);
  }
  return { is: "bytes", bytes };
}

interface NdefFile {
  readonly id: number;
  readonly size: number;
  /** How much may be asked for in one read. */
  readonly atOnce: number;
}

function ndefFile(container: Uint8Array): NdefFile | undefined {
  const tagReads = word(container, 3);
  const size = word(container, 11);
  const known = container[7] === ndefFileEntry && container[8] === ndefFileEntryLength && container[13] === freeToRead;
  if (!known || tagReads < containerLength || size < containerLength) return undefined;
  return { id: word(container, 9), size, atOnce: Math.min(longestRead, tagReads, size) };
}
