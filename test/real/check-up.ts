import { expect } from "vitest";
import type { Page } from "playwright-core";
import { readPeople, type SimPerson } from "../../controller/cli/demo-people.ts";
import type { StepId } from "../../controller/domain/cabin/steps.ts";
import { cabinChinese as words } from "../../controller/screen/text-cabin.zh-CN.ts";
import { figures, type Figure } from "../../controller/domain/health/figure.ts";
import { patience } from "./children.ts";

// Somebody in front of the glass of the health cabin: they read what is asked, and press what is on it.

/** What the glass shows: the kind of page, its headline, and its keys. */
interface Glass {
  readonly kind: string;
  readonly title: string;
  readonly keys: readonly string[];
}

/** `steps`: they want no more than these. */
export interface Visitor {
  readonly who: SimPerson;
  readonly steps?: readonly StepId[];
}

export const somebody = (id: string): SimPerson => {
  const person = readPeople().find((one) => one.id === id);
  if (person === undefined) throw new Error(`nobody of people/ is a ${id}`);
  return person;
};

const glassOf = (page: Page): Promise<Glass> =>
  page.evaluate(() => {
    const main = document.querySelector(".main.cabin");
    const keys = Array.from(
      document.querySelectorAll("main [data-press]"),
      (one) => one.getAttribute("data-press") ?? "",
    );
    return {
      kind: main?.className.replace(/^main cabin ?/, "") ?? "none",
      title: document.querySelector("h1")?.textContent?.trim() ?? "",
      keys,
    };
  });

/** Presses a key that is on the glass, and waits until another picture is there. The clock at its edge is no other. */
export async function presses(page: Page, key: string): Promise<void> {
  // In one go: the inner text of a part that was just replaced is another than it was on the glass.
  const picture = () =>
    page.evaluate(() => Array.from(document.querySelectorAll("main > :not(.strip)"), ({ textContent }) => textContent));
  const before = await picture();
  await page.locator(`main [data-press="${key}"]`).first().click();
  await expect.poll(picture, patience).not.toEqual(before);
}

/** Into the cabin, as soon as the kiosk serves anybody. A second press would meet a key of the next page. */
export const sitsDown = (page: Page): Promise<void> =>
  expect
    .poll(
      async () => {
        const { kind, keys } = await glassOf(page);
        if (keys.includes("cabin")) await presses(page, "cabin");
        return kind;
      },
      { ...patience, interval: 500 },
    )
    .toBe("consent");

async function types(page: Page, text: string): Promise<void> {
  for (const letter of text) await presses(page, letter === "." ? "dot" : letter);
  await presses(page, "next");
}

/** What this person does on a page; nothing where they wait. */
function answerOf(
  { kind, title, keys }: Glass,
  { who, steps }: Visitor,
): { press: string } | { type: string } | undefined {
  const { person, meal, has } = who;
  const skips = steps !== undefined && (kind === "prepare" || (kind === "typing" && title !== words.age.title));
  if (skips && !steps.some((step) => words.step[step].name === title)) return { press: "skip" };
  switch (kind) {
    case "consent":
      return { press: "agree" };
    case "question":
      return { press: keys.includes(person.sex) ? person.sex : meal };
    case "typing":
      return { type: String(title === words.age.title ? person.age : valueOf(title, has)) };
    case "symptoms":
      return { press: "next" };
    case "steps":
      return { press: keys.includes("begin") ? "begin" : "results" };
    case "prepare":
      return { press: "ready" };
    case "rest":
      return { press: keys.includes("skip-rest") ? "skip-rest" : "stop" };
    case "told":
      return { press: "next" };
    case "alert":
      return { press: "understood" };
    default:
      return undefined;
  }
}

function valueOf(title: string, has: SimPerson["has"]): number {
  const [item] = Object.keys(has).filter((one) => words.enter(one as keyof typeof has) === title);
  const value = item === undefined ? undefined : has[item as keyof typeof has];
  if (value === undefined) throw new Error(`nobody knows what to type at "${title}"`);
  return value;
}

/** Goes on until a page of this kind is there; `seen` hears of each page on the way. */
export async function goesOn(page: Page, visitor: Visitor, until: string, seen: (glass: Glass) => void): Promise<void> {
  for (;;) {
    await expect.poll(async () => (await glassOf(page)).kind, { timeout: 120_000, interval: 50 }).not.toBe("measuring");
    const glass = await glassOf(page);
    seen(glass);
    if (glass.kind === until) return;
    const answer = answerOf(glass, visitor);
    if (answer === undefined) throw new Error(`"${glass.title}" (${glass.kind}) was not to be expected`);
    await ("type" in answer ? types(page, answer.type) : presses(page, answer.press));
  }
}

/** Every figure on the glass, by its name there, as "number unit". */
const figuresOn = (page: Page): Promise<readonly (readonly [string, string])[]> =>
  page.locator(".figure").evaluateAll((all) =>
    all.map((row) => {
      const text = (part: string): string => row.querySelector(part)?.textContent?.trim() ?? "";
      return [text(".what"), `${text(".number b")} ${text(".number span")}`.trim()] as const;
    }),
  );

/** Leafs through all results. */
export async function readsResults(page: Page): Promise<ReadonlyMap<string, string>> {
  const read: (readonly [string, string])[] = [];
  for (let leaf = 1; ; leaf += 1) {
    read.push(...(await figuresOn(page)));
    const later = `leaf:${leaf + 1}`;
    if (!(await glassOf(page)).keys.includes(later)) return new Map(read);
    await presses(page, later);
  }
}

/** What this person's results may hold, as it would stand on the glass: what they have, and what follows from it. */
export function allOf({ has }: SimPerson): ReadonlyMap<string, string> {
  const { waist = NaN, hip = NaN } = has;
  const all: Readonly<Partial<Record<Figure, number>>> = { ...has, "waist-to-hip": waist / hip };
  return new Map(
    (Object.entries(all) as readonly (readonly [Figure, number])[]).map(([figure, value]) => {
      const { decimals, unit } = figures[figure];
      return [words.figure[figure], `${value.toFixed(decimals)} ${words.unit(unit)}`.trim()];
    }),
  );
}
