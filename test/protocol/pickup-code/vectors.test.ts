import { createHmac, createPrivateKey, hkdfSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { fromBase45, toBase45 } from "../../../protocol/pickup-code/base45.ts";
import { damm, checks } from "../../../protocol/pickup-code/damm.ts";
import {
  bodiesOf,
  codesOf,
  epochKey,
  listKey,
  personKey,
  ready,
  spoken,
  stationKey,
  tagOf,
  yz10,
  yz12,
} from "../../../protocol/pickup-code/derive.ts";
import { bytesOf, hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";

const root = Uint8Array.from({ length: 32 }, (_, at) => at);
const station = stationKey(root, "SD-JN-0042");

test("E1: HMAC-SHA256 is that of RFC 4231", () => {
  const hmac = (key: Uint8Array | string, text: string) => createHmac("sha256", key).update(text).digest("hex");
  expect(hmac(new Uint8Array(20).fill(0x0b), "Hi There")).toBe(
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  );
  expect(hmac("Jefe", "what do ya want for nothing?")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  expect(hmac(new Uint8Array(20).fill(0x0c), "Test With Truncation").slice(0, 32)).toBe(
    "a3b6167473100ee06e0c796c2955552b",
  );
  expect(tagOf(ready(Buffer.from("Jefe")), "what do ya want for nothing?")).toBe("5bdcc146bf60754e");
});

test("E2: HKDF-SHA256 is that of RFC 5869", () => {
  const okm = hkdfSync(
    "sha256",
    new Uint8Array(22).fill(0x0b),
    Buffer.from("000102030405060708090a0b0c", "hex"),
    Buffer.from("f0f1f2f3f4f5f6f7f8f9", "hex"),
    42,
  );
  expect(Buffer.from(okm).toString("hex")).toBe(
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  );
});

test("E11: Damm's check digit of 572 is 4, of 11294 is 6", () => {
  expect(damm("572")).toBe("4");
  expect(damm("11294")).toBe("6");
  expect(checks("5724")).toBe(true);
  expect(checks("112946")).toBe(true);
  expect(checks("5723")).toBe(false);
});

test("E12: Base45 is that of RFC 9285", () => {
  const rows = { AB: "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0" };
  for (const [plain, written] of Object.entries(rows)) {
    expect(toBase45(Buffer.from(plain))).toBe(written);
    expect(Buffer.from(fromBase45(written) ?? []).toString()).toBe(plain);
  }
});

test("E12: what is no Base45 is not read as bytes", () => {
  for (const text of ["A", "BB8A", "GGW", ":::", "::", "bb8", "B~8", "FGW6"]) expect(fromBase45(text)).toBeUndefined();
  expect(fromBase45("FGW")).toEqual(Uint8Array.from([0xff, 0xff]));
});

test("E13: Ed25519 is that of RFC 8032", () => {
  const seed = bytesOf("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  expect(hexOf(publicOf("ed25519", seed))).toBe("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const key = createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]),
    format: "der",
    type: "pkcs8",
  });
  expect(sign(null, new Uint8Array(), key).toString("hex")).toBe(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
});

test("E15: keys and codes are those of the published table", () => {
  expect(hexOf(station)).toBe("f3ce2d48af35bafebfc53473770e1948a1c7fe0d8813d921d334323e6b96b48b");
  const day15 = epochKey(station, "20260715");
  const day16 = epochKey(station, "20260716");
  expect(hexOf(day15)).toBe("81d8f2b9cb7d8eff6c7860f03ed8f8e3564808b465a90fad47def9a7a4e4892d");
  expect(hexOf(day16)).toBe("b4351509a9455c1c2dbafff3a8d592db80c76a6f5ce21760575bffe9b04eb21a");
  expect(codesOf(day15, 5).map(spoken)).toEqual([
    "032 622 6152",
    "884 570 2842",
    "471 306 8328",
    "033 870 3032",
    "796 706 2297",
  ]);
  expect(codesOf(day15, 5, "42").map(spoken)).toEqual([
    "4203 2622 6157",
    "4288 4570 2843",
    "4247 1306 8323",
    "4203 3870 3039",
    "4279 6706 2294",
  ]);
  const next = codesOf(day16, 5, "42").map(spoken);
  expect([next[0], next[1], next[4]]).toEqual(["4245 6565 0763", "4263 9855 5211", "4206 2540 9641"]);
});

test("E15: a swap and a wrong digit fail the check, and a leading zero of a body is kept", () => {
  expect(checks("420326226157")).toBe(true);
  expect(checks("420326226175")).toBe(false);
  expect(checks("420326236157")).toBe(false);
  expect(yz10(32_622_615)).toBe("0326226152");
  expect(yz12("42", 62_540_964)).toBe("420625409641");
  expect(yz10(0)).toHaveLength(10);
});

test("a body that an epoch already has is skipped and its index goes to the next", () => {
  // Found by search: in this batch the 1,151st number is the 341st again.
  const key = epochKey(station, "b158");
  const message = Buffer.from("code\0\0\0\0");
  const raw = Array.from({ length: 1200 }, (_, j) => {
    message.writeUInt32BE(j, 4);
    return Number(createHmac("sha256", key).update(message).digest().readBigUInt64BE() % 1_000_000_000n);
  });
  expect(raw[1150]).toBe(raw[340]);
  const source = bodiesOf(key);
  const taken = Array.from({ length: 1199 }, () => source.next().value);
  expect(taken).toEqual(raw.toSpliced(1150, 1));
});

test("E16: list key, tag, person key and pseudonym are those of the published rows", () => {
  const list = listKey(station, "L2026-07");
  expect(hexOf(list)).toBe("437ea9bcc1727a0c474a0c16934a2966e76ce49b08adfe7c59079c80ce6169e1");
  expect(tagOf(ready(list), "902614857731")).toBe("83d307286e33f71e");
  expect(hexOf(personKey(root))).toBe("240335663f5ad50548a747f661fcf19baaaf56379d62a412fe9429ed7d8f0df2");
  expect(tagOf(ready(personKey(root)), "CN-ID:11010519491231002X")).toBe("d52fa84ea6b4e49e");
});
