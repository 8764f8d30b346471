import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";
import {
  base45Text,
  mint,
  numericText,
  payloadOf,
  readToken,
  type Token,
} from "../../../protocol/pickup-code/token.ts";

const seed = bytesOf("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
const trusted = new Map([[7, publicOf("ed25519", seed)]]);
/** Vector E17: from 2026-07-15 00:00 +08 for a day, at station 42. */
const token: Token = {
  kid: 7,
  id: "0102030405060708",
  notBefore: 1_784_044_800,
  quarters: 96,
  scope: { of: "station", number: 42 },
  productClass: 1,
  pid: "a1b2c3d4e5f60718",
};
const numeric =
  "9010005666555703235397596297855047759898546511709976705171950018661143033960690584765693090320418072985676020486036871124545907218532541341544322000586488479116871991297131669797637879191129866197733174232774802789808068111";
const base45 =
  "YZ1:%50X507H0QS00+0.JD3YB620.00DA2/QM6-QS4VI630DVQ5AYGL WH8%QIY00KNERBR.5-TNDXU I1+BV4ZMI86FTFL%CRCQ0AU3PKUQ8P-TWNF3RB D9.$U-*SXX2W+6 9G02SF0";

test("E17: payload, signature and both texts are those of the published token", () => {
  expect(hexOf(payloadOf(token))).toBe("010701020304050607086a565d000060002a11a1b2c3d4e5f60718");
  const bytes = mint(token, seed);
  expect(hexOf(bytes.subarray(27))).toBe(
    "dbf7805015a90f8c3dd460060cb9735bd02f0abb31f3280b37f74eb43130f07bcf65afcfe1ef10a29c43f8ecb37ad25bc5499ef3f9e48015c0369e8049ddd60f",
  );
  expect(numericText(bytes)).toBe(numeric);
  expect(base45Text(bytes)).toBe(base45);
});

test("E17: both texts are read as the token", () => {
  expect(readToken(numeric, trusted)).toEqual({ is: "token", token });
  expect(readToken(base45, trusted)).toEqual({ is: "token", token });
});

test("any wrong digit of a token's decimal text is refused", () => {
  for (let at = 3; at < numeric.length; at++) {
    const other = (Number(numeric[at]) + 1) % 10;
    const reading = readToken(numeric.slice(0, at) + String(other) + numeric.slice(at + 1), trusted);
    expect(reading.is).not.toBe("token");
  }
});

test("any flipped bit of a token is refused", () => {
  const bytes = mint(token, seed);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(readToken(base45Text(flipped), trusted).is).toBe("foreign");
  }
});

test("a token of a key that is not trusted, or under another key's number, is foreign", () => {
  const other = new Uint8Array(32).fill(9);
  expect(readToken(numericText(mint(token, other)), trusted).is).toBe("foreign");
  expect(readToken(numericText(mint({ ...token, kid: 8 }, seed)), trusted).is).toBe("foreign");
  expect(readToken(numeric, new Map()).is).toBe("foreign");
});

test("blanks in a Base45 text belong to it, and blanks around it are not taken away", () => {
  expect(base45).toContain(" ");
  expect(readToken(base45.replaceAll(" ", ""), trusted).is).toBe("garbled");
  expect(readToken(`${base45} `, trusted).is).toBe("garbled");
  expect(readToken(` ${base45}`, trusted).is).toBe("no-token");
});

test("what is no token at all is told from a damaged one", () => {
  for (const text of ["", "4203 2622 6157", "420326226157", "https://example.org/901", "901", numeric.slice(0, -1)])
    expect(readToken(text, trusted).is).toBe("no-token");
  expect(readToken(`901${"9".repeat(220)}`, trusted).is).toBe("garbled");
  expect(readToken(`901${"x".repeat(220)}`, trusted).is).toBe("garbled");
  expect(readToken("YZ1:BB8", trusted).is).toBe("garbled");
});

test("a quantity other than one, a lifetime of nothing and an unknown version are not obeyed", () => {
  const payload = payloadOf(token);
  const edits: readonly (readonly [number, number])[] = [
    [18, 0x12],
    [18, 0x10],
    [15, 0],
    [0, 2],
  ];
  for (const [at, value] of edits) {
    const bytes = Uint8Array.from([...payload, ...new Uint8Array(64)]);
    bytes[at] = value;
    expect(readToken(base45Text(bytes), trusted).is).toBe("foreign");
  }
});

test("a field that does not fit its place is our own mistake", () => {
  const wrong: readonly Partial<Token>[] = [
    { kid: 256 },
    { quarters: 0 },
    { quarters: 65_536 },
    { productClass: 16 },
    { id: "12" },
    { notBefore: -1 },
    { scope: { of: "area", number: 32_768 } },
  ];
  for (const fields of wrong) expect(() => payloadOf({ ...token, ...fields })).toThrow("does not fit");
});

test("whatever is minted is read back, in either text", () => {
  const hex16 = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(hexOf);
  const tokens = fc.record({
    kid: fc.constant(7),
    id: hex16,
    notBefore: fc.nat({ max: 0xffff_ffff }),
    quarters: fc.integer({ min: 1, max: 65_535 }),
    scope: fc.record({ of: fc.constantFrom("station" as const, "area" as const), number: fc.nat({ max: 32_767 }) }),
    productClass: fc.nat({ max: 15 }),
    pid: hex16,
  });
  fc.assert(
    fc.property(tokens, (minted) => {
      const bytes = mint(minted, seed);
      expect(readToken(numericText(bytes), trusted)).toEqual({ is: "token", token: minted });
      expect(readToken(base45Text(bytes), trusted)).toEqual({ is: "token", token: minted });
    }),
    { numRuns: 100 },
  );
});
