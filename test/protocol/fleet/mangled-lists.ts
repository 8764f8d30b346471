import fc from "fast-check";
import { expect } from "vitest";
import { isTakenSigned, readTaken, signTaken, writeTaken } from "../../../protocol/fleet/taken.ts";
import { publicOf } from "../../../protocol/pickup-code/sign.ts";

const release = new Uint8Array(32).fill(21);
const key = publicOf("ed25519", release);
const noon = 29_734_800;
const honest = Buffer.from(
  writeTaken(
    signTaken(
      {
        group: "320583",
        batch: "drivers.20649-12",
        list: "drivers",
        day: 20_649,
        hour: 12,
        part: "",
        rows: [1, 2, 3].map((n) => ({
          pid: n.toString(16).padStart(16, "0"),
          station: n,
          product: n === 2 ? "tea" : "water",
          minute: noon + n,
          count: n,
        })),
        stations: Object.fromEntries([1, 2, 3].map((n) => [n, { zh: `${n}号站`, en: `Station ${n}` }])),
      },
      { issuedAt: "2026-07-15T04:00:00Z", kid: "r1" },
      release,
    ),
  ),
);

/** A true list in which bytes were cut out, put in or changed. */
const mangled = fc
  .record({ at: fc.nat(honest.length), cut: fc.nat(12), put: fc.uint8Array({ maxLength: 12 }) })
  .map(({ at, cut, put }) => Buffer.concat([honest.subarray(0, at), put, honest.subarray(at + cut)]));
/** … or whose rows are others. */
const otherRows = fc.uint8Array({ maxLength: 170 }).map((rows) => {
  const list = JSON.parse(honest.toString()) as object;
  return Buffer.from(JSON.stringify({ ...list, rows: Buffer.from(rows).toString("base64") }));
});
const noise = fc.oneof(
  mangled,
  mangled,
  otherRows,
  fc.uint8Array(),
  fc.json().map((text) => Buffer.from(text)),
);

const document = { ...(JSON.parse(honest.toString()) as object), sig: "" };

/** So many lists that no centre signed: none is believed, and nothing is thrown. */
export function believesNothing(numRuns: number): void {
  fc.assert(
    fc.property(noise, (payload) => {
      if (honest.equals(payload)) return;
      const judged = readTaken(payload);
      const isBelieved = judged.ok && isTakenSigned(judged.value.list, key);
      // Another blank makes no other document, and the last bits of base64 are nobody's.
      expect(isBelieved ? { ...judged.value.list, sig: "" } : document).toEqual(document);
    }),
    { numRuns },
  );
}
