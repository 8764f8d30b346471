import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import peer from "../../../devices/reader/wedge.peer.ts";
import driver from "../../../devices/reader/wedge.ts";
import { openOnReports } from "./hid-bench.ts";

const boot = (() => {
  const options = driver.options({ reads: "codes" });
  return (options.ok && peer.descriptor?.(options.value)) || new Uint8Array();
})();
const open = (raw: object = {}) => openOnReports(driver, boot, { reads: "codes", ...raw });

const shift = 0x02;
const report = (modifiers: number, ...keys: readonly number[]) => [
  0,
  modifiers,
  0,
  ...keys,
  ...Array.from({ length: 6 - keys.length }, () => 0),
];
const up = report(0);
const enter = [report(0, 0x28), up];

function keyOf(character: string): readonly [modifiers: number, key: number] {
  const digit = "1234567890".indexOf(character);
  if (digit >= 0) return [0, 0x1e + digit];
  const letter = "abcdefghijklmnopqrstuvwxyz".indexOf(character.toLowerCase());
  return [character === character.toUpperCase() ? shift : 0, 0x04 + letter];
}
const typed = (text: string) =>
  Array.from(text).flatMap((character) => {
    const [modifiers, key] = keyOf(character);
    return [report(modifiers, key), up];
  });
/** The next key goes down before the last one is up, wherever they differ. */
const hurried = (text: string) => {
  const reports: (readonly number[])[] = [];
  let last: readonly [number, number] | undefined;
  for (const character of text) {
    const [modifiers, key] = keyOf(character);
    if (last?.[1] === key || (last && last[0] !== modifiers)) reports.push(up);
    else if (last) reports.push(report(modifiers, last[1], key));
    reports.push(report(modifiers, key));
    last = [modifiers, key];
  }
  return [...reports, up];
};

const word = fc.stringMatching(/^[0-9A-Za-z]{4,60}$/);
/** No digit, no letter, no Shift, no Enter of either kind. */
const foreignKey = fc
  .integer({ min: 0x01, max: 0xe7 })
  .filter((key) => !(key >= 0x04 && key <= 0x28) && !(key >= 0x58 && key <= 0x62) && key !== 0xe1 && key !== 0xe5);

describe("a reader that types", () => {
  test("is understood, however its keys follow each other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(word, fc.boolean()), { maxLength: 4 }), async (words) => {
        const { told, say } = await open();
        for (const [text, quick] of words)
          for (const one of [...(quick ? hurried(text) : typed(text)), ...enter]) say(one);
        expect(told).toEqual(words.map(([text]) => `text ${text}`));
      }),
      { numRuns: 200 },
    );
  });

  test("with any other key anywhere in it an entry is dropped whole, and the next one is not", async () => {
    await fc.assert(
      fc.asyncProperty(word, fc.nat(), foreignKey, async (text, at, key) => {
        const { told, notes, say } = await open();
        const cut = at % (text.length + 1);
        for (const one of typed(text.slice(0, cut))) say(one);
        say(report(0, key));
        say(up);
        for (const one of [...typed(text.slice(cut)), ...enter]) say(one);
        expect(told).toEqual(["unread code"]);
        expect(notes).toEqual(["keyboard-ignored"]);
        for (const one of [...typed("4829163550"), ...enter]) say(one);
        expect(told).toEqual(["unread code", "text 4829163550"]);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["Control", 0x01],
    ["Alt", 0x04],
    ["the Windows key", 0x08],
    ["right Control", 0x10],
  ])("%s held with a letter drops the entry", async (_, modifier) => {
    const { told, say } = await open();
    for (const one of [...typed("4829"), report(modifier, 0x06), up, ...typed("163550"), ...enter]) say(one);
    expect(told).toEqual(["unread code"]);
  });

  test("Shift with a digit is another sign and drops the entry", async () => {
    const { told, say } = await open();
    for (const one of [...typed("4829"), report(shift, 0x1e), up, ...typed("163550"), ...enter]) say(one);
    expect(told).toEqual(["unread code"]);
  });

  test("keys that only somebody's fingers hit are nothing, and neither are Enter and power alone", async () => {
    const { told, clock, say } = await open();
    for (const one of [...typed("1"), ...enter, ...enter, report(0, 0x66), up]) say(one);
    await clock.pass(1000);
    for (const character of "12345678") {
      for (const one of typed(character)) say(one);
      await clock.pass(150);
    }
    for (const one of enter) say(one);
    expect(told).toEqual([]);
  });

  test("a key that is held down, as by a jammed keyboard, fills no log", async () => {
    const { notes, clock, say } = await open();
    for (let i = 0; i < 5000; i++) {
      say(report(0, 0x66));
      say(up);
      await clock.pass(200);
    }
    expect(notes).toHaveLength(4);
  });

  test("an entry longer than any code is dropped", async () => {
    const { told, say } = await open();
    for (const one of [...typed("9".repeat(7090)), ...enter]) say(one);
    expect(told).toEqual(["unread code"]);
  });

  test.each([
    ["em4100", "decimal", false, "3808980205", "em4100 E3086CED"],
    ["em4100", "decimal", true, "3808980205", "em4100 ED6C08E3"],
    ["em4100", "decimal", false, "0000000000", "em4100 00000000"],
    ["em4100", "decimal", false, "4294967295", "em4100 FFFFFFFF"],
    ["em4100", "decimal", false, "4294967296", "unread card"],
    ["em4100", "decimal", false, "E3086CED12", "unread card"],
    ["em4100", "hex", false, "62E3086CED", "em4100 62E3086CED"],
    ["em4100", "hex", false, "62e3086ced", "em4100 62E3086CED"],
    ["em4100", "hex", false, "04DE5F1EACC040", "unread card"],
    ["iso14443a", "hex", false, "04DE5F1EACC040", "iso14443a 04DE5F1EACC040"],
    ["iso14443a", "hex", true, "0BE20EFB", "iso14443a FB0EE20B"],
    ["iso14443a", "hex", false, "FB0EE20", "unread card"],
  ])("%s in %s, backwards %s: %s is %s", async (reads, number, backwards, text, expected) => {
    const { told, say } = await open({ reads, number, backwards });
    for (const one of [...typed(text), ...enter]) say(one);
    expect(told).toEqual([expected]);
  });

  test("what is no keyboard is refused in a sentence", async () => {
    const { opened } = await openOnReports(driver, Uint8Array.of(0x05, 0x8c, 0x75, 8, 0x95, 1, 0x81, 2), {
      reads: "codes",
    });
    expect(opened).toMatchObject({
      ok: false,
      error: { kind: "misconfigured", detail: expect.stringContaining("no keys") },
    });
  });
});
