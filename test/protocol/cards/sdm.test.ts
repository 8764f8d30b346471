import { expect, test } from "vitest";
import { mirrorIn, tagProof } from "../../../protocol/cards/sdm.ts";
import { seal } from "../../../devices/reader/cards/ntag424.ts";
import { bytesOf, hexOf } from "./hex.ts";

const key = bytesOf("000102030405060708090A0B0C0D0E0F");
const uid = bytesOf("04A1B2C3D4E5F6");
const mac = hexOf(seal(key, uid, 7));
const plain = `https://yz.example/t?u=04A1B2C3D4E5F6&c=000007&m=${mac}`;

const proofOf = (address: string, of = uid, by = key) => {
  const mirror = mirrorIn(address);
  return mirror && tagProof(mirror, of, by);
};
const wrong = { is: "wrong-proof" };

test("a mirror is found by the lengths of its values, whatever the issuer calls them and in whatever order", () => {
  const mirror = { is: "plain", uid, counter: 7, mac: bytesOf(mac) };
  for (const query of [
    `u=04A1B2C3D4E5F6&c=000007&m=${mac}`,
    `cmac=${mac}&ctr=000007&lang=zh&uid=04A1B2C3D4E5F6`,
    `m=04A1B2C3D4E5F6x000007&${mac}`,
    `from=kiosk&id=12345678&04A1B2C3D4E5F6&000007&${mac}#000008`,
  ])
    expect(mirrorIn(`https://yz.example/t?${query}`)).toEqual(mirror);
});

test("what is missing a part, has one twice, or is both plain and sealed is no mirror", () => {
  const sealed = "0".repeat(32);
  for (const query of [
    "",
    `u=04A1B2C3D4E5F6&c=000007`,
    `u=04A1B2C3D4E5F6&m=${mac}`,
    `c=000007&m=${mac}`,
    `m=${mac}`,
    `p=${sealed}`,
    `u=04A1B2C3D4E5F6&u=04A1B2C3D4E5F7&c=000007&m=${mac}`,
    `u=04A1B2C3D4E5F6&c=000007&c=000008&m=${mac}`,
    `u=04A1B2C3D4E5F6&c=000007&m=${mac}&m=${mac}`,
    `p=${sealed}&p=${sealed}&m=${mac}`,
    `p=${sealed}&u=04A1B2C3D4E5F6&c=000007&m=${mac}`,
    `u=04a1b2c3d4e5f6&c=000007&m=${mac}`,
  ])
    expect(mirrorIn(`https://yz.example/t?${query}`)).toBeUndefined();
  expect(mirrorIn(`https://yz.example/t/u=04A1B2C3D4E5F6&c=000007&m=${mac}`)).toBeUndefined();
  expect(mirrorIn(`${plain}&note=${"x".repeat(256)}`)).toBeUndefined();
});

test("a right mirror proves its tag and counter, the whole counter of three bytes", () => {
  expect(proofOf(plain)).toEqual({ is: "proven", counter: 7 });
  for (const counter of [0x000100, 0x010000, 0xfffffe]) {
    const digits = counter.toString(16).toUpperCase().padStart(6, "0");
    const address = `https://yz.example/t?u=04A1B2C3D4E5F6&c=${digits}&m=${hexOf(seal(key, uid, counter))}`;
    expect(proofOf(address)).toEqual({ is: "proven", counter });
  }
});

test("another counter, another tag's UID, another key or another MAC proves nothing", () => {
  expect(proofOf(plain.replace("000007", "000008"))).toEqual(wrong);
  expect(proofOf(plain, bytesOf("04A1B2C3D4E5F7"))).toEqual(wrong);
  expect(proofOf(plain, uid, bytesOf("FF0102030405060708090A0B0C0D0E0F"))).toEqual(wrong);
  expect(proofOf(plain.replace(mac, "0000000000000000"))).toEqual(wrong);
});

test("an address with the right MAC of the tag that is held and the UID of another proves nothing", () => {
  expect(proofOf(plain.replace("04A1B2C3D4E5F6", "04A1B2C3D4E5F7"))).toEqual(wrong);
});
