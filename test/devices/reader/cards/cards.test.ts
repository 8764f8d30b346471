import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cmac, decipher } from "../../../../devices/reader/cards/aes.ts";
import { cardByName } from "../../../../devices/reader/cards/by-name.ts";
import type { Card } from "../../../../devices/reader/cards/card.ts";
import { desfire } from "../../../../devices/reader/cards/desfire.ts";
import { ntag424, seal } from "../../../../devices/reader/cards/ntag424.ts";

const from = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();
const say = (card: Card, command: string) => hex(card.apdu?.(from(command)) ?? new Uint8Array());
const zeroKey = new Uint8Array(16);
const noChance = (count: number) => new Uint8Array(count);

test("the cards reckon AES-CMAC as RFC 4493 prints it", () => {
  const key = from("2B7E151628AED2A6ABF7158809CF4F3C");
  const message =
    "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710";
  const of = (length: number) => hex(cmac(key, from(message.slice(0, length * 2))));
  expect([of(0), of(16), of(40), of(64)]).toEqual([
    "BB1D6929E95937287FA37D129B756746",
    "070A16B46B4D4144F79BDD9DD04A287C",
    "DFA66747DE9AE63030CA32611497C827",
    "51F0BEBF7E3B9D92FC49741779363CFE",
  ]);
});

describe("an NTAG 424 DNA", () => {
  const uid = from("04DE5F1EACC040");
  const tap = (card: Card) => {
    say(card, "00A4040007D276000085010100");
    say(card, "00A4000C02E104");
    return Buffer.from(card.apdu?.(from("00B0000000")) ?? []).toString("latin1");
  };

  test("seals as AN12196 prints it [E38]", () => {
    expect(hex(seal(zeroKey, uid, 61))).toBe("94EED9EE65337086");
  });

  test("enciphers what AN12196 deciphers [E38]", () => {
    const chance = () => from("DA5CF60941");
    const url = "https://yz.example/?p={picc}&m={cmac}";
    const card = ntag424({ uid, url, fileKey: zeroKey, metaKey: zeroKey, counter: 60, chance });
    expect(tap(card)).toContain("yz.example/?p=EF963FF7828658A599F3041510671E88&m=94EED9EE65337086");
  });

  test("shows number and counter in plain sight, and the counter rises with each tap", () => {
    const card = cardByName("ntag424:04DE5F1EACC040:00000000000000000000000000000000", noChance);
    expect(tap(card)).toContain("\u0004yz.example/t?u=04DE5F1EACC040&c=000001&m=");
    card.leave();
    expect(tap(card)).toContain("c=000002&m=");
  });

  test("reading on in the same file is one reading, selecting it anew another", () => {
    const card = cardByName("ntag424:04DE5F1EACC040:00000000000000000000000000000000", noChance);
    const once = tap(card);
    expect(Buffer.from(card.apdu?.(from("00B0000010")) ?? []).toString("latin1")).toBe(`${once.slice(0, 16)}\u0090\0`);
    expect(tap(card)).toContain("c=000002&m=");
  });

  test("whose counter has come to its end is not read any more", () => {
    const url = "https://yz.example/?c={ctr}";
    const card = ntag424({ uid, url, fileKey: zeroKey, counter: 0xfffffe, chance: noChance });
    expect(tap(card)).toContain("c=FFFFFF");
    tap(card);
    expect(say(card, "00B0000000")).toBe("6982");
  });

  test("tells where its file is, and gives none before it is asked by name", () => {
    const card = cardByName("ntag424:04DE5F1EACC040:00000000000000000000000000000000", noChance);
    expect([say(card, "00B0000000"), say(card, "00A4000C02E104")]).toEqual(["6985", "6A82"]);
    expect(say(card, "00A4040007D276000085010100")).toBe("9000");
    expect([say(card, "00A4000C02E103"), say(card, "00B000000F")]).toEqual([
      "9000",
      "001720010000FF0406E104010000009000",
    ]);
    expect(say(card, "00A4000C02E199")).toBe("6A82");
    card.leave();
    expect(say(card, "00B000000F")).toBe("6985");
  });
});

describe("a DESFire EV1", () => {
  const theirs = from("C05DDD714FD788A6B7B754F3C4D066E8");
  const fresh = (chance = () => theirs) =>
    desfire({ uid: from("04A1B2C3D4E5F6"), application: from("010203"), keys: [zeroKey], chance });

  test("proves itself with the printed bytes to whoever knows its key [E39, E40]", () => {
    const card = fresh();
    expect(say(card, "905A00000301020300")).toBe("9100");
    expect(say(card, "90AA0000010000")).toBe("B969FDFE56FD91FC9DE6F6F213B8FD1E91AF");
    expect(say(card, "90AF00002036AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E477400")).toBe(
      "800DB680BC146BD121D6578F2D2E20599100",
    );
  });

  test("tells a wrong key off, and forgets the challenge", () => {
    const card = fresh();
    say(card, "905A00000301020300");
    say(card, "90AA0000010000");
    const wrong = `90AF000020${"11".repeat(32)}00`;
    expect([say(card, wrong), say(card, wrong)]).toEqual(["91AE", "91CA"]);
  });

  test("knows no application and no key that it does not have", () => {
    const card = fresh();
    expect(say(card, "90AA0000010000")).toBe("9140");
    expect(say(card, "905A00000309090900")).toBe("91A0");
    expect(say(card, "905A00000301020300")).toBe("9100");
    expect(say(card, "90AA0000010500")).toBe("9140");
    expect(say(card, "00A4040007D276000085010100")).toBe("6A82");
  });

  test("an answer that was overheard opens nothing the next time", () => {
    let turn = 0;
    const card = fresh(() => theirs.map((byte) => byte ^ turn++));
    say(card, "905A00000301020300");
    say(card, "90AA0000010000");
    expect(say(card, "90AF00002036AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E477400")).toBe("91AE");
  });
});

test("out of the field, a card forgets what was selected", () => {
  const card = cardByName("desfire:04A1B2C3D4E5F6:010203:00000000000000000000000000000000", noChance);
  say(card, "905A00000301020300");
  card.leave();
  expect(say(card, "90AA0000010000")).toBe("9140");
});

test.each(["", "04", "04A1B2C3D4E5", "zebra:04A1B2C3D4E5F6", "ntag424:04A1B2C3D4E5F6", "desfire:FB0EE20B:010203:00"])(
  "%j is no card, and whoever plays it is told the forms",
  (name) => {
    expect(() => cardByName(name, noChance)).toThrow(/expected a UID/);
  },
);

test("whatever a card is told, it answers with two status bytes and the field's end finds it calm", () => {
  const names = [
    "strange:08010203",
    "ntag424:04DE5F1EACC040:00000000000000000000000000000000:00000000000000000000000000000000",
    "desfire:04A1B2C3D4E5F6:010203:00000000000000000000000000000000",
  ];
  const known = [
    "00A4040007D276000085010100",
    "00A4000C02E104",
    "00B0000000",
    "905A00000301020300",
    "90AA0000010000",
    `90AF000020${"11".repeat(32)}00`,
  ].map(from);
  const command = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...known));
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(command, { maxLength: 12 }), (name, commands) => {
      const card = cardByName(name, noChance);
      for (const one of commands) {
        const answer = card.apdu?.(one) ?? new Uint8Array();
        expect(answer.length).toBeGreaterThanOrEqual(2);
        expect(answer.length).toBeLessThanOrEqual(258);
        expect([0x90, 0x91, 0x67, 0x69, 0x6a, 0x6b, 0x6d, 0x6e]).toContain(answer.at(-2));
      }
      card.leave();
    }),
    { numRuns: 3000 },
  );
});

test("what is deciphered is what was enciphered", () => {
  expect(hex(decipher(zeroKey, zeroKey, from("B969FDFE56FD91FC9DE6F6F213B8FD1E")))).toBe(
    "C05DDD714FD788A6B7B754F3C4D066E8",
  );
});
