import { expect, test } from "vitest";
import { authenticate } from "../../../protocol/cards/desfire.ts";
import { macOf } from "../../../protocol/cards/mac.ts";
import { addressIn, addressOf, recordsIn } from "../../../protocol/cards/ndef.ts";
import { readMirror } from "../../../protocol/cards/ntag424.ts";
import { mirrorIn, tagProof } from "../../../protocol/cards/sdm.ts";
import { addressMessage, scripted, type4Tag } from "./fakes.ts";
import { bytesOf, hexOf } from "./hex.ts";

const zeros = new Uint8Array(16);

test("AES-CMAC gives the MACs of RFC 4493", () => {
  const key = bytesOf("2b7e151628aed2a6abf7158809cf4f3c");
  const message = bytesOf("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411");
  expect(hexOf(macOf(key, new Uint8Array()))).toBe("BB1D6929E95937287FA37D129B756746");
  expect(hexOf(macOf(key, message.subarray(0, 16)))).toBe("070A16B46B4D4144F79BDD9DD04A287C");
  expect(hexOf(macOf(key, message))).toBe("DFA66747DE9AE63030CA32611497C827");
});

test("E38: the published sealed mirror opens to its UID and counter 61, and its MAC is right", () => {
  const mirror = mirrorIn("https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086");
  expect(mirror).toEqual({
    is: "sealed",
    picc: bytesOf("EF963FF7828658A599F3041510671E88"),
    mac: bytesOf("94EED9EE65337086"),
  });
  if (mirror === undefined) return;
  expect(tagProof(mirror, bytesOf("04DE5F1EACC040"), zeros)).toEqual({ is: "proven", counter: 61 });
  // The published session key of that reading.
  expect(hexOf(macOf(zeros, bytesOf("3CC30001008004DE5F1EACC0403D0000")))).toBe("3FB5F6E3A807A03D5E3570ACE393776F");
});

test("the published plain mirror proves its UID and counter 6", () => {
  const mirror = mirrorIn("https://sdm.example/tagpt?uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3");
  expect(mirror && tagProof(mirror, bytesOf("041E3C8A2D6B80"), zeros)).toEqual({ is: "proven", counter: 6 });
});

test("E38 over the air: select, container, file, address, proof", async () => {
  const address = "https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086";
  const tag = type4Tag(addressMessage(address));
  const read = await readMirror(tag.exchange);
  expect(read).toMatchObject({ is: "read" });
  if (read.is !== "read") return;
  expect(tagProof(read.mirror, bytesOf("04DE5F1EACC040"), zeros)).toEqual({ is: "proven", counter: 61 });
  expect(tag.commands).toEqual([
    "00A4040007D276000085010100",
    "00A4000C02E103",
    "00B000000F",
    "00A4000C02E104",
    "00B0000080",
  ]);
});

test("E39 and E40: the card of the published conversation is present, and the session key is the published one", async () => {
  const card = scripted({
    "905A000003015A5900": "9100",
    "90AA0000010000": "B969FDFE56FD91FC9DE6F6F213B8FD1E 91AF",
    "90AF00002036AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E477400":
      "800DB680BC146BD121D6578F2D2E2059 9100",
  });
  const rndA = bytesOf("F44B26F5686F3A391CD38EBD10772281");
  const presence = await authenticate(card.exchange, zeros, rndA);
  expect(presence).toEqual({ is: "present", session: bytesOf("F44B26F5C05DDD7110772281C4D066E8") });
  expect(card.commands).toHaveLength(3);
});

test("E41: an address and a text are read as what they are", () => {
  const address = bytesOf("D1010C5504797A2E6578616D706C652F");
  expect(addressIn(address)).toBe("https://yz.example/");
  const records = recordsIn(bytesOf("D101075402656E41424344"));
  expect(records).toEqual([{ form: 1, type: "T", payload: bytesOf("02656E41424344") }]);
  expect(records?.map(addressOf)).toEqual([undefined]);
});
