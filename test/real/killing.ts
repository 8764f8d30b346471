import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sequenceOf } from "../../controller/domain/reference.ts";
import { stampedOf } from "../../controller/store/ledger.ts";
import { everyRow, ledgerToRead } from "../../controller/store/reading.ts";
import { dice as seeded } from "../kit/dice.ts";
import type { Kiosk } from "./kiosk.ts";
import { broken, ledgerOf, type Item } from "./promises.ts";
import type { Model } from "./station.ts";
import { Street } from "./street.ts";

export interface Killed {
  readonly broken: readonly string[];
  /** How often the process was killed, and how often of these a vend was under way. */
  readonly kills: number;
  readonly inVend: number;
  /** Motors that were told to turn, and goods that fell. */
  readonly driven: number;
  readonly drops: number;
  /** Motions by their outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Here an entry and a motor could come in the wrong order, so half of all kills strike within it. In milliseconds. */
const firstMoments = 40;
/** Longer than any motor turns. */
const wholeVend = 2400;
const wholeStart = 500;

/** Workers come, and again and again the kiosk's process is killed while one of them is served. */
export async function killing(model: Model, seed: number, inVend: number): Promise<Killed> {
  const street = await Street.lay(model);
  const dice = seeded(seed);
  let kills = 0;
  let struck = 0;
  let code = street.freshCode();

  const kill = async (kiosk: Kiosk, moment: number): Promise<void> => {
    await sleep(moment);
    await kiosk.kill();
    kills += 1;
  };
  /** A worker whose vend was cut off says that the good fell: then the code is used. */
  const says = async (kiosk: Kiosk): Promise<void> => {
    await kiosk.press("taken");
    await kiosk.hear("ledger.taken");
    await kiosk.type(code);
    await kiosk.until("E4");
  };

  try {
    await street.machine.turn("jam", "1");
    while (struck < inVend) {
      const open = openAttempts(street);
      const kiosk = await street.boot();
      if (dice.chance(0.15)) {
        await kill(kiosk, dice.between(0, wholeStart));
        continue;
      }
      const greeted = await kiosk.until(...(open.length > 0 ? ["E11", "E23b"] : ["idle", "E10"]));
      if (open.length > 0) struck += 1;
      await kiosk.hear("device.working");
      if (open.length === 0) await kiosk.until("idle");
      if (greeted === "E11" && dice.chance(0.4)) await says(kiosk);
      if (greeted !== "E11" || kiosk.glass.shows === "E4" || dice.chance(0.4)) code = street.freshCode();
      await kiosk.type(code);
      await kiosk.until("choose");
      void kiosk.press(`choose:${dice.between(1, 3)}`);
      await kill(kiosk, dice.between(0, dice.chance(0.5) ? firstMoments : wholeVend));
    }
    await lastWorker(street);
    const items = await ledgerOf(street);
    const outcomes = Map.groupBy(items, ({ type, data }) => (type === "outcome" ? (data.delivery ?? "") : ""));
    outcomes.delete("");
    return {
      broken: [...broken(street, items), ...wrongGreetings(street, items)],
      kills,
      inVend: struck,
      driven: street.machine.journal().driven.length,
      drops: street.machine.journal().drops.length,
      outcomes: Object.fromEntries([...outcomes].map(([delivery, those]) => [delivery, those.length])),
    };
  } finally {
    await street.end();
  }
}

/** Attempts without an outcome, in the ledger of a kiosk that was killed. */
function openAttempts({ folder: { data } }: Street): readonly number[] {
  if (!existsSync(join(data, "kiosk.db"))) return [];
  const opened = ledgerToRead(data);
  if (!opened.ok) throw new Error(opened.error);
  const entries = [...everyRow(opened.value)].map(stampedOf);
  opened.value.close();
  const settled = new Set(entries.flatMap(({ entry }) => (entry.kind === "outcome" ? [entry.of] : [])));
  return entries.flatMap(({ seq, entry }) => (entry.kind === "attempt" && !settled.has(seq) ? [seq] : []));
}

/** Everything open is settled, and after all that the next worker is served. */
async function lastWorker(street: Street): Promise<void> {
  const kiosk = await street.boot();
  await kiosk.hear("device.working");
  await kiosk.type(street.freshCode());
  await kiosk.until("choose");
  await kiosk.press("choose:2");
  await kiosk.until("done");
  const code = await kiosk.stop();
  if (code !== 0) throw new Error(`the kiosk ended with ${code}:\n${kiosk.said}`);
}

/** "Enter the code again" is said only where the ledger has freed it, and always there. */
function wrongGreetings({ kiosks }: Street, items: readonly Item[]): readonly string[] {
  return kiosks
    .flatMap(({ greetings }) => greetings)
    .flatMap(({ shows, ref }) => {
      const frees = items.find(({ type, data }) => type === "outcome" && data.of === sequenceOf(ref))?.data.frees;
      return frees === (shows === "E11")
        ? []
        : [`${shows} was shown for ${ref}, whose code is ${frees ? "" : "not "}free`];
    });
}
