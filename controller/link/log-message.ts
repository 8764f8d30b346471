import type { Message } from "./uplink.ts";

/** Lines of one message; brokers may take no more than 64 KiB at once. Bytes. */
const most = 48 * 1024;
/** A line of a log has some hundred characters; a longer one is cut. */
const longest = 4000;

/** Log lines for the centre, in as many messages as they need: `{v, id, at, part, of, lines}`. */
export function logMessages(topic: string, id: string, lines: readonly string[], at: number): readonly Message[] {
  const parts: string[][] = [[]];
  let size = 0;
  for (const line of lines) {
    const cut = line.slice(0, longest);
    const bytes = Buffer.byteLength(JSON.stringify(cut)) + 1;
    if (size + bytes > most) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(cut);
    size += bytes;
  }
  return parts.map((some, part) => ({
    topic,
    payload: Buffer.from(JSON.stringify({ v: 1, id, at, part: part + 1, of: parts.length, lines: some })),
    qos: 1,
    retain: false,
  }));
}
