import fc from "fast-check";
import { expect } from "vitest";
import { openCodebook, type Codebook, type DigitalCards } from "../../controller/store/codebook.ts";
import type { Offer } from "../../controller/domain/credential.ts";
import { publicOf } from "../../protocol/pickup-code/sign.ts";
import { base45Text, mint, numericText, type Token } from "../../protocol/pickup-code/token.ts";
import { qr, standing } from "./issuing.ts";

const pid = "a1b2c3d4e5f60718";
export const offer: Offer = {
  id: "drivers",
  products: ["water", "salt-soda"],
  from: 20_600,
  to: 20_700,
  opens: 360,
  closes: 1320,
  dates: [20_649],
  allowances: [{ products: ["water", "salt-soda"], perDay: 2, gap: 60 }],
};
/** Two people are on it. In the ledger they have other names than in their tokens. */
export const drivers: DigitalCards = {
  id: "drivers",
  offer,
  qr: 7,
  byPid: (asked) => (asked === pid ? { list: "drivers", pid: "1111111111111111" } : undefined),
};
export const token: Token = {
  kid: 7,
  id: "0102030405060708",
  notBefore: 1_784_044_800,
  quarters: 8,
  scope: { of: "station", number: 42 },
  productClass: 0,
  pid,
};
export const book = (members: readonly DigitalCards[]): Codebook =>
  openCodebook({
    campaigns: [],
    epochKeys: new Map(),
    lists: [],
    members,
    qrKeys: new Map([7, 8].map((kid) => [kid, publicOf("ed25519", qr)])),
    site: "42",
    number: 42,
    area: 3,
    products: ["water", "salt-soda", "tea"],
    keyDays: 14,
    clock: standing("2026-07-15T03:00:00Z"),
  });
const whole = [numericText(mint(token, qr)), base45Text(mint(token, qr))] as const;
/** Whatever a scanner does to a token's text that drops, doubles, adds or changes characters. */
const mangled = fc
  .record({
    form: fc.constantFrom(...whole),
    at: fc.nat(230),
    cut: fc.nat(3),
    put: fc.oneof(fc.string({ maxLength: 4 }), fc.stringMatching(/^\d{0,4}$/)),
  })
  .map(({ form, at, cut, put }) => form.slice(0, at) + put + form.slice(at + cut))
  .filter((scanned) => !whole.includes(scanned));
const noise = fc.oneof(mangled, fc.string({ maxLength: 300 }), fc.stringMatching(/^901\d{220}$/));

/** So many scanned texts, none of which an issuer signed: no card, and no exception. */
export function scansNothing(numRuns: number): void {
  const kiosk = book([drivers]);
  fc.assert(
    fc.property(noise, (scanned) => {
      expect(kiosk.scan(scanned).is).not.toBe("found");
    }),
    { numRuns },
  );
}
