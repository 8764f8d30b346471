import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Slip } from "../../../devices/printer/capability.ts";
import { encoded } from "../../../devices/printer/escpos-encode.ts";
import { readOptions, type EscposOptions } from "../../../devices/printer/escpos-options.ts";
import { pageOf, type PageLine } from "../../../devices/printer/escpos-page.ts";

const optionsOf = (over: Partial<EscposOptions> = {}): EscposOptions => {
  const read = readOptions(over);
  if (!read.ok) throw new Error(read.error.join("; "));
  return read.value;
};
const textsOf = (page: readonly PageLine[]): readonly string[] =>
  page.flatMap((line) => (line.is === "line" ? [line.text] : []));
const linesOf = (slip: Slip, over: Partial<EscposOptions> = {}) => textsOf(pageOf(slip, optionsOf(over)));
const said = (text: string, columns: number) => linesOf([{ is: "text", text }], { columns });
const widthOf = (text: string) => Array.from(text, (char): number => (char > "~" ? 2 : 1)).reduce((a, b) => a + b, 0);

/** DLE, ESC, FS and GS begin the commands of a printer. */
const isCommand = (byte: number): boolean => [0x10, 0x1b, 0x1c, 0x1d].includes(byte);

describe("lines of a slip", () => {
  test("break between words and between Chinese characters, each of which takes two columns", () => {
    expect(said("一二三四五六七八九十甲乙丙", 24)).toEqual(["一二三四五六七八九十甲乙", "丙"]);
    expect(said("See a doctor today about this", 24)).toEqual(["See a doctor today about", "this"]);
  });

  test("no full stop stands at the beginning of a line, no opening bracket at its end", () => {
    expect(said("一二三四五六七八九十甲乙。丙", 24)).toEqual(["一二三四五六七八九十甲", "乙。丙"]);
    expect(said("一二三四五六七八九十甲（乙）", 24)).toEqual(["一二三四五六七八九十甲", "（乙）"]);
  });

  test("a value is never parted from its unit", () => {
    expect(said("总胆固醇的参考范围一二 5.18\u00a0mmol/L", 28)).toEqual(["总胆固醇的参考范围一二", "5.18 mmol/L"]);
    expect(
      linesOf([{ is: "pair", left: "高密度脂蛋白胆固醇十一二", right: "1.04\u00a0mmol/L" }], { columns: 32 }),
    ).toEqual(["高密度脂蛋白胆固醇十一二", "                     1.04 mmol/L"]);
  });

  test("a pair stands at both edges of the paper", () => {
    expect(linesOf([{ is: "pair", left: "体温", right: "36.6\u00a0°C" }], { columns: 24 })).toEqual([
      "体温            36.6 °C",
    ]);
  });

  test("units come out on a printer without a Chinese font too, and Chinese as question marks", () => {
    const units: Slip = [{ is: "text", text: "381\u00a0µmol/L 36.6\u00a0°C 22.1\u00a0kg/m² 体" }];
    expect(linesOf(units, { codePage: "ascii", columns: 48 })).toEqual(["381 umol/L 36.6 C 22.1 kg/m2 ?"]);
    expect(linesOf(units, { columns: 48 })).toEqual(["381 μmol/L 36.6 °C 22.1 kg/m2 体"]);
  });

  const anyText = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...Array.from("血压，。 128/82mmHg\u00a0°µ（）\u001b\u0010\n")),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    maxLength: 120,
  });
  const anyLine = fc.oneof(
    fc.record(
      { is: fc.constant("text" as const), text: anyText, size: fc.constantFrom("large" as const) },
      { requiredKeys: ["is", "text"] },
    ),
    fc.record({ is: fc.constant("pair" as const), left: anyText, right: anyText }),
  );
  test("whatever stands on a slip, no line is wider than the paper, and none holds a command", () => {
    fc.assert(
      fc.property(
        fc.array(anyLine),
        fc.integer({ min: 24, max: 64 }),
        fc.constantFrom("gb18030" as const, "ascii" as const),
        (slip, columns, codePage) => {
          const options = optionsOf({ columns, codePage });
          for (const line of pageOf(slip, options)) {
            if (line.is !== "line") continue;
            expect(widthOf(line.text) * (line.large ? 2 : 1)).toBeLessThanOrEqual(columns);
            expect(Array.from(line.text).every((char) => char >= " ")).toBe(true);
          }
          // In the bytes stand only the modes that a slip has.
          const bytes = encoded(pageOf(slip, options), options);
          const commands = new Set(bytes.filter((_, at) => isCommand(bytes[at - 1] ?? 0)));
          for (const command of commands) expect("@RaEd!&").toContain(String.fromCharCode(command));
        },
      ),
    );
  });

  test("a character that printers do not have is two question marks, and no other code page is chosen for it", () => {
    const bytes = encoded(pageOf([{ is: "text", text: "站é😀㐀" }], optionsOf()), optionsOf());
    expect(new TextDecoder("gbk").decode(bytes)).toContain("站??????\n");
    expect(bytes).not.toContain(0x74);
  });
});
