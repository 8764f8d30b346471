import { describe, expect, test } from "vitest";
import "../../controller/store/proofs.ts";
import { openCodebook } from "../../controller/store/codebook.ts";
import { recogniser } from "../../controller/store/recognise.ts";
import { putPcsc, putPn532 } from "../devices/reader/card-bench.ts";
import { bytesOf } from "../protocol/cards/hex.ts";
import { listOf, member } from "./lists-of-members.ts";

const hex = "000102030405060708090A0B0C0D0E0F";
const key = bytesOf(hex);
const union = listOf("union", {
  cards: {
    "04A1B2C3D4E5F6": { pid: "a1", scheme: "ntag424", key },
    "04112233445566": { pid: "b2", scheme: "desfire", key },
  },
});
const held = [
  [`ntag424:04A1B2C3D4E5F6:${hex}`, { ...member("union", "a1"), proof: "tag", counter: 1 }],
  [`ntag424:04A1B2C3D4E5F6:${hex}:${hex}`, { ...member("union", "a1"), proof: "tag", counter: 1 }],
  [`desfire:04112233445566:015A59:${hex}`, { ...member("union", "b2"), proof: "present" }],
] as const;

describe("a card proves itself over the wire of its reader, in less than a third of a second", () => {
  for (const [reader, put] of [
    ["PN532", putPn532],
    ["PC/SC", putPcsc],
  ] as const)
    for (const [card, candidate] of held)
      test(`${reader}, ${card}`, async () => {
        const { clock, read } = await put();
        const codebook = openCodebook({
          campaigns: [],
          epochKeys: new Map(),
          lists: [],
          members: [],
          qrKeys: new Map(),
          site: "42",
          number: 42,
          products: [],
          keyDays: 14,
          clock,
        });
        const dice = { bytes: (n: number) => Uint8Array.from({ length: n }, (_, at) => at) };
        const kiosk = recogniser({ codebook: () => codebook, members: () => [union], dice, clock });
        const reading = await read(card);
        const since = clock.mono();
        const finding = await clock.finish(kiosk.recognise(reading));
        expect(finding).toEqual({ is: "found", candidates: [candidate] });
        expect(clock.mono() - since).toBeLessThan(333);
      });
});
