import { createHmac } from "node:crypto";
import { today } from "../../controller/domain/almanac.ts";
import { emptyBooks, fold, type Books } from "../../controller/domain/books.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import { judge } from "../../controller/domain/verdict.ts";
import { millis, type Millis } from "../../devices/kit/clock.ts";
import { dayLabel, dayOf } from "../../protocol/pickup-code/calendar.ts";
import { codesOf, epochKey, ready, stationKey } from "../../protocol/pickup-code/derive.ts";
import { bundle, opened, own, root, station, summer } from "../store/issuing.ts";
import { atLeast, atMost, ms, times, type Figure } from "./figure.ts";
import { median, percentile } from "./statistics.ts";

const open = 930;
const keepers = 10;
const redemptions = 100_000;
const site = "42";
const rounds = 15;
const verdicts = 50_000;
/** When issuing.ts opens the kiosk: 2026-07-15, 11:00 in UTC+8. */
const now: Millis = millis(Date.parse("2026-07-15T03:00:00Z"));
const day = dayOf(now);

/** Half of today's codes are used, and all of the days before until there are enough. */
function usedBooks(): Books {
  let books = emptyBooks;
  const write = (entry: Entry): void => {
    books = fold(books, { life: 1, seq: books.seq + 1, at: now, trusted: true, entry });
  };
  for (let n = 0; n < redemptions + open / 2; n++) {
    const index = n % open;
    const on = day - Math.floor(n / open);
    if (on === day && index % 2 === 1) continue;
    const credential = { kind: "derived", epoch: dayLabel(on), index } as const;
    write({ kind: "attempt", credential, device: "vend", slot: "1", product: "water", until: on + 1 });
    const of = books.seq;
    write({ kind: "outcome", of, delivery: "delivered", started: true, why: "drop-sensor", frees: false });
  }
  return books;
}

/** Milliseconds of each work, medians of several rounds in which all have their turn: this machine is not alone. */
async function took(...works: readonly (() => unknown)[]): Promise<readonly number[]> {
  const all = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, work] of works.entries()) {
      const began = performance.now();
      await work();
      all[at]?.push(performance.now() - began);
    }
  }
  return all.map(median);
}

const labels = Array.from({ length: 10 }, (_, n) => dayLabel(day - 5 + n));
const keyOf = (label: string): Uint8Array => epochKey(stationKey(root, station.station.id), label);

/** The hashes below an epoch's codes, and nothing else. */
function bareHashes(label: string): void {
  const prepared = ready(keyOf(label));
  const message = Buffer.from("code\0\0\0\0");
  for (let index = 0; index < open; index++) {
    message.writeUInt32BE(index, 4);
    createHmac("sha256", prepared).update(message).digest();
  }
}

export async function verdict(): Promise<Figure> {
  const campaign = own.campaign({ ...summer, count: open - keepers, keeperCount: keepers, lossLimit: 10 });
  const files = { campaigns: { summer: campaign }, keys: { week: await bundle(labels) } };
  const { codebook } = await opened(files);
  await codebook.prepare(day).all;
  const books = usedBooks();
  const date = today(
    { floor: now, counted: { mono: millis(0), utc: now }, ceiling: day + 5 },
    { mono: millis(0), utc: now, trusted: true },
  );
  const host = { opens: 0, closes: 1440 };
  const codes = codesOf(keyOf(dayLabel(day)), open, site);
  const judged = (n: number): string => judge(codebook.find(codes[n % open] ?? ""), books, date, host).is;
  const good = codes.filter((_, n) => judged(n) === "ok").length;
  const used = codes.filter((_, n) => judged(n) === "used").length;
  if (good !== open / 2 || used !== open / 2) throw new Error(`${good} good and ${used} used of ${open} codes`);

  const each: number[] = [];
  for (let n = 0; n < verdicts; n++) {
    const began = performance.now();
    judged(n);
    each.push(performance.now() - began);
  }
  const p99 = percentile(each, 0.99);
  const fresh = await Promise.all(Array.from({ length: rounds }, () => opened(files)));
  const [looked = 0, found = 0, hashed = 0, derived = 0] = await took(
    () => codes.forEach((_, n) => judged(n)),
    () => codes.forEach((code) => codebook.find(code)),
    () => labels.forEach(bareHashes),
    () => fresh.pop()?.codebook.prepare(day).all,
  );
  const share = hashed / derived;
  const bare = hashed / labels.length / open;
  const saved = (bare * open) / (looked / open);
  const lookUp = bare / (found / open);
  return {
    title: "Verdict",
    how: `Code book and judgement together, with ${open} open codes and ${redemptions.toLocaleString("en")} redemptions in the books; ${verdicts.toLocaleString("en")} verdicts, half of them good, half used. Beside it HMAC-SHA256 of the same inputs with the same prepared key.`,
    rows: [
      { what: "99 of 100 within", value: ms(p99), goal: atMost(p99, 1, "1 ms") },
      { what: "a verdict", value: `${((looked / open) * 1000).toFixed(2)} µs` },
      { what: "one bare hash", value: `${(bare * 1000).toFixed(2)} µs` },
      {
        what: "throughput of look-ups, of that of bare hashes",
        value: times(lookUp),
        goal: atLeast(lookUp, 100, "100×"),
      },
      { what: `bare hashes of ${labels.length} days`, value: ms(hashed) },
      { what: `a code book of ${labels.length} days`, value: ms(derived) },
      {
        what: "throughput of deriving, of that of bare hashes",
        value: times(share),
        goal: atLeast(share, 0.5, "0.5×"),
      },
      {
        what: "throughput of verdicts, of that of hashing the open codes for each",
        value: times(saved),
        goal: atLeast(saved, 100, "100×"),
      },
    ],
  };
}
