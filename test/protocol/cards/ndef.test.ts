import { expect, test } from "vitest";
import { addressIn, recordsIn } from "../../../protocol/cards/ndef.ts";
import { bytesOf } from "./hex.ts";

/** "yz.example/" behind the beginning 04, "https://". */
const address = "55 04 797A2E6578616D706C652F";

test("an address is found behind other records, with an id, and with a length of four bytes", () => {
  for (const message of [
    `91010754 02656E41424344 51010C ${address}`,
    `D9010C01 55 69 04797A2E6578616D706C652F`,
    `C1010000000C ${address}`,
  ])
    expect(addressIn(bytesOf(message))).toBe("https://yz.example/");
});

test("what a record's first byte shortens is written out", () => {
  const beginnings = ["", "http://www.", "https://www.", "http://", "https://"];
  beginnings.forEach((beginning, at) => {
    expect(addressIn(bytesOf(`D1010255 0${at} 61`))).toBe(`${beginning}a`);
  });
});

test("a telephone number, a text, and an address with a blank or a foreign letter are no address", () => {
  for (const message of ["D1010255 05 61", "D1010254 04 61", "D2010255 04 61", "D1010355 04 6120", "D1010355 04 61E9"])
    expect(addressIn(bytesOf(message))).toBeUndefined();
});

test("half a message, one with something behind it, in chunks, or with too many records is none", () => {
  for (const message of [
    "",
    "D1",
    "D101",
    `D1010D ${address}`,
    `D1010C ${address} 00`,
    `D101FF ${address}`,
    `C101FFFFFFFF ${address}`,
    `F1010C ${address}`,
    `51010C ${address}`,
    `91010C ${address}`,
    `91010C ${address} D1010C ${address}`,
    `${"91010055".padEnd(8)} ${"11010055".repeat(7)} 51010C ${address}`,
  ])
    expect(recordsIn(bytesOf(message))).toBeUndefined();
});
