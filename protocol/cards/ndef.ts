/** One record of an NDEF message. `form`: its type name format; 1 is a type that the NFC Forum named, such as "U". */
export interface NdefRecord {
  readonly form: number;
  readonly type: string;
  readonly payload: Uint8Array;
}

/** Bits of a record's first byte [NDEF 1.0, 3.2; B11]. */
const firstOfMessage = 0x80;
const lastOfMessage = 0x40;
const chunked = 0x20;
const short = 0x10;
const hasId = 0x08;
const formBits = 0x07;

const wellKnown = 1;
/** More records than a tag of 256 bytes has any use for. */
const mostRecords = 8;

/** What a URI record's first byte stands for [URI RTD 1.0, 3.2.2; B11]. Others are no web addresses. */
const beginnings: readonly string[] = ["", "http://www.", "https://www.", "http://", "https://"];

/** The records of a message; undefined where the bytes are no whole message, or one in chunks, which no tag needs. */
export function recordsIn(message: Uint8Array): readonly NdefRecord[] | undefined {
  const records: NdefRecord[] = [];
  let rest = message;
  while (records.length < mostRecords) {
    const read = recordAt(rest);
    const begins = ((rest[0] ?? 0) & firstOfMessage) !== 0;
    if (read === undefined || begins !== (records.length === 0)) return undefined;
    records.push(read.record);
    const ends = ((rest[0] ?? 0) & lastOfMessage) !== 0;
    rest = rest.subarray(read.length);
    if (ends) return rest.length === 0 ? records : undefined;
  }
  return undefined;
}

function recordAt(bytes: Uint8Array): { readonly record: NdefRecord; readonly length: number } | undefined {
  const head = bytes[0] ?? 0;
  const lengthBytes = head & short ? 1 : 4;
  const idBytes = head & hasId ? 1 : 0;
  const start = 2 + lengthBytes + idBytes;
  if (head & chunked || bytes.length < start) return undefined;
  const typeLength = bytes[1] ?? 0;
  const payloadLength = bytes.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
  const idLength = idBytes === 1 ? (bytes[start - 1] ?? 0) : 0;
  const payloadAt = start + typeLength + idLength;
  const length = payloadAt + payloadLength;
  if (bytes.length < length) return undefined;
  const type = String.fromCharCode(...bytes.subarray(start, start + typeLength));
  return { record: { form: head & formBits, type, payload: bytes.subarray(payloadAt, length) }, length };
}

/** The web address of a URI record; undefined where it is another record, or holds what no address holds. */
export function addressOf({ form, type, payload }: NdefRecord): string | undefined {
  const beginning = beginnings[payload[0] ?? -1];
  const rest = payload.subarray(1);
  if (form !== wellKnown || type !== "U" || beginning === undefined) return undefined;
  return rest.every((byte) => byte > 0x20 && byte < 0x7f) ? beginning + String.fromCharCode(...rest) : undefined;
}

/** The first web address of a message. */
export function addressIn(message: Uint8Array): string | undefined {
  for (const record of recordsIn(message) ?? []) {
    const address = addressOf(record);
    if (address !== undefined) return address;
  }
  return undefined;
}
