import { expect, test } from "vitest";
import { openBundle, parseBundle, type BundleHead } from "../../../protocol/pickup-code/bundle.ts";
import { epochKey, stationKey } from "../../../protocol/pickup-code/derive.ts";
import { issuer } from "../../../protocol/pickup-code/issuer.ts";
import { hexOf, isSigned, publicOf, signed } from "../../../protocol/pickup-code/sign.ts";

const root = Uint8Array.from({ length: 32 }, (_, at) => at);
const release = new Uint8Array(32).fill(21);
const kioskKey = new Uint8Array(32).fill(23);
const kiosk = hexOf(publicOf("x25519", kioskKey));
const own = issuer({ root, release, kid: "r1", station: "SD-JN-0042" });
const asked = { epochs: ["20260715"], lists: ["L2026-07"], kiosk, issuedAt: "2026-07-14T04:00:00Z" };

test("what is sealed to a kiosk is opened by it, and by no other", async () => {
  const bundle = await own.keys(asked);
  const opened = await openBundle(bundle, kioskKey);
  expect(opened).toMatchObject({
    ok: true,
    value: {
      epochs: { "20260715": "81d8f2b9cb7d8eff6c7860f03ed8f8e3564808b465a90fad47def9a7a4e4892d" },
      lists: { "L2026-07": "437ea9bcc1727a0c474a0c16934a2966e76ce49b08adfe7c59079c80ce6169e1" },
    },
  });
  expect((await openBundle(bundle, new Uint8Array(32).fill(24))).ok).toBe(false);
  expect(JSON.stringify(bundle)).not.toContain(hexOf(epochKey(stationKey(root, "SD-JN-0042"), "20260715")));
});

test("the open part is bound to the sealed one, even for who can sign", async () => {
  const { sig: _, ...bundle } = await own.keys(asked);
  const changes: readonly Partial<BundleHead>[] = [
    { station: "ZP-001" },
    { issuedAt: "2026-07-15T04:00:00Z" },
    { kid: "r2" },
    { for: hexOf(publicOf("x25519", release)) },
  ];
  for (const change of changes) {
    const forged = signed("keys", { ...bundle, ...change }, release);
    expect(isSigned("keys", forged, publicOf("ed25519", release))).toBe(true);
    expect((await openBundle(forged, kioskKey)).ok).toBe(false);
  }
});

test("two bundles of the same keys have nothing sealed in common", async () => {
  const [one, two] = [await own.keys(asked), await own.keys(asked)];
  expect(one.enc).not.toBe(two.enc);
  expect(one.sealed).not.toBe(two.sealed);
});

test("a damaged bundle is told field by field", async () => {
  const bundle = await own.keys(asked);
  const read = parseBundle(JSON.stringify({ ...bundle, for: "ab", sealed: "?" }));
  expect(read.ok ? [] : read.error.map((sentence) => sentence.split(":")[0])).toEqual(["for", "sealed"]);
});
