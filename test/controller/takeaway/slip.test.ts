import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Results } from "../../../controller/domain/cabin/results.ts";
import { printed } from "../../../controller/domain/health/shown.ts";
import type { Language } from "../../../controller/screen/model.ts";
import { slipOf } from "../../../controller/takeaway/slip.ts";
import { withUnit, wordsIn } from "../../../controller/takeaway/told.ts";
import { encoded } from "../../../devices/printer/escpos-encode.ts";
import type { EscposOptions } from "../../../devices/printer/escpos-options.ts";
import { pageOf } from "../../../devices/printer/escpos-page.ts";
import { courier, flags, place } from "./home.ts";
import { anyResults, instruments } from "./results.ts";

const papers = [32, 48] as const;
const languages: readonly Language[] = ["zh-CN", "en"];
const optionsOf = (columns: number): EscposOptions => ({
  columns,
  cut: "none",
  codePage: "gb18030",
  qr: "native",
  tells: "nothing",
});
/** The lines as they stand on paper. */
const onPaper = (results: Results, language: Language, columns: number): readonly string[] =>
  pageOf(slipOf({ results, station: place, language, columns }), optionsOf(columns)).flatMap((line) =>
    line.is === "line" ? [line.text] : [],
  );
const each = languages.flatMap((language) => papers.map((columns) => [language, columns] as const));

describe.each(each)("a slip in %s on %i columns", (language, columns) => {
  const words = wordsIn(language);
  const { cabin } = words;

  test("tells every value with its unit in one line, whatever was measured", () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        const lines = onPaper(results, language, columns);
        for (const told of results.figures) {
          const value = withUnit(told, words).replaceAll("\u00a0", " ").replace("²", "2").replace("µ", "μ");
          expect(
            lines.some((line) => line.includes(value)),
            value,
          ).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("says of a number what is to be known of it, and against which reference it stands", () => {
    const text = onPaper(courier, language, columns).join("").replaceAll(" ", "");
    const said = [
      cabin.mean(2),
      cabin.unrested,
      cabin.overdueFigure,
      cabin.entered,
      cabin.note.fasting,
      cabin.place.above,
    ];
    for (const word of said) expect(text).toContain(word.replaceAll(" ", ""));
    expect(text).toMatch(/3\.9-6\.0/);
  });

  test("says what to do before the numbers, with 120 where it is needed, and tells no number of what was not believed", () => {
    const lines = onPaper({ ...courier, flags }, language, columns);
    const text = lines.join("").replaceAll(" ", "");
    const at = (word: string) => text.indexOf(word.replaceAll(" ", ""));
    for (const flag of flags) {
      expect(at(cabin.flag(flag))).toBeGreaterThan(0);
      for (const step of flag.steps) expect(at(cabin.does(step))).toBeGreaterThan(0);
    }
    expect(at(cabin.ambulance.now)).toBeGreaterThan(0);
    expect(at(cabin.flag(flags[0] ?? expect.unreachable()))).toBeLessThan(at("142"));
    expect(at(`${cabin.figure.ketone}${cabin.doubtful}`)).toBeGreaterThan(at("142"));
  });

  test("says where and when it was, that it is no diagnosis, and where to ask; nothing of whose it is but that it is theirs", () => {
    const lines = onPaper(courier, language, columns);
    const text = lines.join("").replaceAll(" ", "");
    for (const word of [words.name(place.name), cabin.reference, words.ask(place.phone), words.machine(place.machine)])
      expect(text).toContain(word.replaceAll(" ", ""));
    expect(text).toMatch(language === "en" ? /22Nov202612:00/ : /2026-11-2212:00/);
    const named = { ...courier, figures: courier.figures.map((told) => ({ ...told, by: "instrument-3" })) };
    expect(onPaper(named, language, columns)).toEqual(lines);
    for (const { id, name } of instruments) for (const word of [id, name.en]) expect(text).not.toContain(word);
  });

  test("tells no time where no clock can be trusted", () => {
    const { at: _, ...timeless } = courier;
    expect(onPaper(timeless, language, columns).join("")).not.toMatch(/2026|12:00/);
  });

  test("tells the code of the check-up pass where there is one, in groups that stay in one line", () => {
    const passed = { ...courier, pass: { code: "401728395640", ticked: 23, of: 76 } };
    const lines = onPaper(passed, language, columns);
    expect(lines.filter((line) => line.includes("4017 2839 5640"))).toHaveLength(1);
    expect(lines.join("").replaceAll(" ", "")).toContain(cabin.passTicked(23, 76).replaceAll(" ", ""));
  });

  test("has no word that the printer's font lacks", () => {
    const slip = slipOf({ results: { ...courier, flags }, station: place, language, columns });
    const page = pageOf(slip, optionsOf(columns)).filter(({ is }) => is === "line");
    const marks = (text: string) => text.split("?").length - 1;
    const wanted = page
      .map((line) => (line.is === "line" ? marks(line.text) : 0))
      .reduce((sum, count) => sum + count, 0);
    expect(marks(new TextDecoder("gbk").decode(encoded(page, optionsOf(columns))))).toBe(wanted);
  });
});

test("a number beyond what the instrument can tell says so", () => {
  const [first] = courier.figures;
  if (first === undefined) throw new Error("the courier was measured");
  const beyond = { ...first, shown: { ...first.shown, comparator: ">" as const } };
  expect(onPaper({ ...courier, figures: [beyond] }, "zh-CN", 32)).toContainEqual(
    expect.stringContaining(`${printed(beyond.shown)} mmHg`),
  );
});
